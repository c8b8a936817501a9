import type { Request } from "express";
import { z } from "zod";
import { describeRecord } from "../../../app/ingest/describeRecord.ts";
import { ingestBytes } from "../../../app/service/ingestBytes.ts";
import { providerId as asProvider } from "../../../base/lib/ids.ts";
import { FILE_TYPES } from "../schemas/fileTypes.ts";
import { HttpError } from "../pipeline/httpError.ts";
import { ok, route } from "../pipeline/route.ts";
import { massText, providerId, regionCode, reportSchema, rowResultSchema, word } from "../schemas/common.ts";

const choice = z.strictObject({
  profile: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: "One of your own profiles, else a shipped one.", example: "canonical-ndjson" }),
  provider: providerId.optional().meta({ description: "Who reports, for profiles that leave it open." }),
  region: regionCode.optional(),
  name: z
    .string()
    .min(1)
    .max(200)
    .default("request")
    .meta({ description: "Your own name for what you send." }),
});
const outcome = reportSchema.extend({ rows: z.array(rowResultSchema) }).meta({ id: "IngestOutcome" });
const record = z
  .object({
    provider: providerId,
    recordId: z.string(),
    disposition: z.enum(["open", "pooled", "redeemed", "donated"]),
    milligrams: massText,
    methodologyId: word,
    activityKey: word.meta({ description: "The key of its leaf: what proofs are asked for by." }),
    batchId: word.nullable(),
  })
  .meta({ id: "Record" });

/** The provider's signature over the body. @throws HttpError 400 `request.signature` */
function signatureOf(request: Request): Uint8Array | null {
  const text = request.get("Microtonne-Signature");
  if (text === undefined) return null;
  // A request's head has at most 16 KiB.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new HttpError("request.signature", "Microtonne-Signature is the provider's .sig.json, as base64.");
  }
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** Activity records come in: what fits into one request is answered row by row at once. */
export const activityRoutes = [
  route({
    method: "post",
    path: "/v1/activities",
    operationId: "postActivities",
    tag: "Activities",
    summary: "Send activity records, and learn of each row what became of it",
    description:
      "The body is a provider's file as it is (NDJSON, CSV, a JSON array, XLSX; plain, or a gzip file " +
      "as application/gzip), read by a profile. Every row ends as accepted, rejected with a reason or " +
      "duplicate. Sending the same rows again adds nothing. What is larger than one request may be " +
      "goes as an upload. Where the provider signed the file, its .sig.json goes along in the header " +
      "`Microtonne-Signature`, as base64.",
    role: "ingest",
    query: choice,
    files: { types: FILE_TYPES, description: "A provider's file." },
    idempotent: true,
    answers: { 200: { description: "All rows, in the order of the file.", json: outcome } },
    handle: async ({ service, context, query, bytes, request, signal }) =>
      ok(await ingestBytes(service, context, { ...query, bytes, signature: signatureOf(request), signal })),
  }),
  route({
    method: "get",
    path: "/v1/activities/records/{provider}/{recordId}",
    operationId: "getRecord",
    tag: "Activities",
    summary: "Where one record stands",
    role: "read",
    params: z.strictObject({ provider: providerId, recordId: z.string().min(1).max(128) }),
    answers: { 200: { description: "The record.", json: record } },
    handle: async ({ context, params }) =>
      ok(await describeRecord(context, asProvider(params.provider), params.recordId)),
  }),
];
