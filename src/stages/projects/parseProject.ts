import { z } from "zod";
import { ascends } from "../../base/lib/ascends.ts";
import { parseDay } from "../../base/lib/time/calendar.ts";
import { isMinimalDecimal } from "../../base/lib/decimal.ts";
import { ASSET_KIND, PLAIN_LINE, SCENARIO_NAME } from "../../base/lib/textPatterns.ts";
import type { Day } from "../../base/types/quantities.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { decodeWith, providerField, regionField, word32 } from "../../format/schema.ts";
import type { ProjectContent } from "./ports.ts";

/** Households and other installations are told by their number, never by their addresses. */
const MAX_INSTALLATIONS = 10_000_000;
/** Digits of a capacity with its point: whoever reads it computes with it. */
const MAX_CAPACITY = 30;
const MAX_NOTICE_DAYS = 365;
const MAX_EXCLUDED = 1000;

const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(PLAIN_LINE, "must be one line without control characters")
    .refine((text) => text !== "" && text.trim() === text && text.normalize("NFC") === text, {
      message: "must be a text in NFC without space at its ends",
    });
const day = z.string().refine((text) => parseDay(text) !== null, "must be a calendar day YYYY-MM-DD");
const scenario = z.string().regex(SCENARIO_NAME, "must be a scenario class: [a-z][a-z0-9-]{1,63}");

/** Closed schema of a project's file, `microtonne-project/1`; docs/projects.md documents each member. */
const projectSchema = z.strictObject({
  schema: z.literal("microtonne-project/1"),
  id: providerField,
  name: line(200),
  region: regionField,
  scenario,
  creditingPeriod: z
    .strictObject({ firstDay: day, lastDay: day })
    .refine(({ firstDay, lastDay }) => firstDay <= lastDay, "must not end before it begins"),
  capacity: z.strictObject({
    value: z
      .string()
      .max(MAX_CAPACITY)
      .refine((text) => isMinimalDecimal(text) && text !== "0", "must be a plain decimal above 0, e.g. 0.8"),
    unit: z.enum(["kW", "MW", "vehicles", "berths", "t"]),
  }),
  place: regionField,
  installations: z.strictObject({
    kind: z.string().regex(ASSET_KIND, "must match [a-z][a-z0-9-]{1,31}"),
    count: z.int().min(1).max(MAX_INSTALLATIONS),
  }),
  baselineHash: word32,
  ownerHash: word32,
  notUnderEts: z.strictObject({ statementHash: word32 }),
  excludes: z.array(scenario).max(MAX_EXCLUDED).refine(ascends, "must ascend, each once"),
  noticeDays: z.int().min(1).max(MAX_NOTICE_DAYS),
});

/** What a project's file says, checked against its schema. @throws InputError `project.schema` */
export function parseProject(value: unknown): ProjectContent {
  const file = decodeWith(projectSchema, value, "project.schema", "project's file");
  const { id, name, region, creditingPeriod, place, baselineHash, ownerHash, excludes, noticeDays } = file;
  return {
    id,
    name,
    region,
    scenario: file.scenario,
    creditingPeriod: {
      startDay: parseDay(creditingPeriod.firstDay) as Day,
      endDay: parseDay(creditingPeriod.lastDay) as Day,
    },
    place,
    capacity: file.capacity,
    baselineHash,
    ownerHash,
    installationKind: file.installations.kind,
    installationCount: file.installations.count,
    excludes,
    noticeDays,
    json: canonicalJson(file),
  };
}
