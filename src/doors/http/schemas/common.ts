import { z } from "zod";
import { DIGITS_19, PROVIDER_ID, REGION_CODE, WORD32 } from "../../../base/lib/textPatterns.ts";

/**
 * Pieces that several routes' schemas share. Masses are decimal strings of whole milligrams, times ISO 8601
 * in UTC.
 */

export const massText = z
  .string()
  .regex(DIGITS_19, "must be a decimal string of whole milligrams")
  .meta({ description: "Whole milligrams CO2e as a decimal string.", example: "2620000000" });
export const tonnesText = z.string().meta({ description: "The same in tonnes, a decimal.", example: "2.62" });
export const timeText = z.string().meta({ description: "ISO 8601, UTC.", example: "2026-11-26T08:00:00Z" });
export const word = z
  .string()
  .regex(WORD32, "must be 0x and 64 lower-case hex digits")
  .meta({ description: "32 bytes as hex." });
export const providerId = z
  .string()
  .regex(PROVIDER_ID, "must match [a-z0-9-]{2,64}")
  .meta({ description: "Global id of a provider.", example: "city-metro" });
export const regionCode = z
  .string()
  .regex(REGION_CODE, "must match [A-Z0-9]{2,8}")
  .meta({ description: "Region whose methodologies count.", example: "WUHAN" });
/** What is asked for by its id or the first digits of it. */
export const idText = (what: string) =>
  z
    .string()
    .min(1)
    .max(80)
    .meta({ description: `Id of the ${what}, or its first digits.`, example: "0x3f2a" });

export const batchParams = z.strictObject({ batch: idText("batch") });

const problemSummary = z
  .object({ code: z.string(), detail: z.string() })
  .meta({ id: "Cause", description: "Why it came to nothing: a dotted code and full sentences." });

export const operationSchema = z
  .object({
    operationId: z.string(),
    kind: z.enum(["close-batch", "mint-batch", "retire"]),
    state: z.enum(["queued", "running", "done", "failed"]),
    result: z.unknown().meta({
      description: "What it came to: a batch, a mint report or a retirement. Null before it is done.",
    }),
    problem: problemSummary.nullable(),
    createdAt: timeText,
    finishedAt: timeText.nullable(),
  })
  .meta({ id: "Operation", description: "Work that outlasts its request." });

export const reportSchema = z
  .object({
    read: z.int().meta({ description: "Rows read: accepted + rejected + duplicates." }),
    accepted: z.int(),
    rejected: z.int(),
    duplicates: z.int(),
    acts: z
      .int()
      .meta({ description: "Acts that the accepted rows came to; fewer than rows where several make one." }),
    milligrams: massText,
    reasons: z.record(z.string(), z.int()).meta({ description: "Rejections and duplicates by reason code." }),
    notes: z.record(z.string(), z.int()).meta({ description: "Notes on accepted acts, by code." }),
  })
  .meta({ id: "IngestReport" });

export const rowResultSchema = z
  .object({
    row: z.int().meta({ description: "Data row, from 1; a header is none." }),
    outcome: z.enum(["accepted", "rejected", "duplicate"]),
    recordId: z.string().optional(),
    milligrams: massText.optional(),
    partOf: z
      .int()
      .optional()
      .meta({ description: "The row that carries the act of which this row is a part." }),
    notes: z.array(z.string()).optional(),
    code: z.string().optional(),
    field: z.string().nullable().optional(),
    sentence: z.string().optional(),
  })
  .meta({ id: "RowResult" });

export const uploadSchema = z
  .object({
    uploadId: z.string(),
    state: z.enum(["receiving", "queued", "done", "failed"]),
    fileName: z.string(),
    profile: z.string(),
    size: z.int(),
    report: reportSchema.nullable(),
    problem: problemSummary.nullable(),
    createdAt: timeText,
    finishedAt: timeText.nullable(),
  })
  .meta({ id: "Upload" });
