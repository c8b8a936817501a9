import { z } from "zod";
import { describeRetirement, describeRetirements } from "../../../app/retirements/describeRetirement.ts";
import { proveRetirement } from "../../../app/proofs/proveRetirement.ts";
import { beginOperation } from "../../../app/service/operations.ts";
import { CHOSEN_PURPOSES, PURPOSES } from "../../../base/types/retirement.ts";
import { accepted } from "../pipeline/accepted.ts";
import { ok, route } from "../pipeline/route.ts";
import {
  idText,
  massText,
  operationSchema,
  regionCode,
  timeText,
  tonnesText,
  word,
} from "../schemas/common.ts";
import { COUNTRY_CODE, LEGAL_ENTITY_ID } from "../../../base/lib/textPatterns.ts";

const country = z
  .string()
  .regex(COUNTRY_CODE, "must be two capital letters of ISO 3166-1")
  .meta({ example: "CN" });
const retirement = z
  .object({
    retirementId: word,
    state: z.enum(["requested", "final", "failed"]),
    purpose: z.enum(PURPOSES),
    milligrams: massText,
    tonnes: tonnesText,
    serials: z
      .array(z.string())
      .meta({ description: "`MT-…` texts, both ends inclusive; empty before it is final." }),
    reportingYear: z.int(),
    country,
    beneficiary: z.object({ name: z.string(), lei: z.string().nullable() }),
    use: z.string(),
    recognition: z
      .object({
        authority: regionCode,
        rulesHash: word.nullable(),
        claimMilligrams: massText,
        recognisedMilligrams: massText,
      })
      .nullable()
      .meta({ description: "Who recognises it, and how much of it. Null: nobody was asked." }),
    requestedAt: timeText,
    retiredAt: timeText.nullable(),
    failure: z.string().nullable(),
    proven: z.boolean(),
  })
  .meta({ id: "Retirement" });
const order = z.strictObject({
  milligrams: massText.refine((text) => text !== "0", "must be above 0"),
  purpose: z.enum(CHOSEN_PURPOSES),
  beneficiary: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: "For whom. Stays off chain, behind a salted hash." }),
    lei: z.string().regex(LEGAL_ENTITY_ID, "must be an LEI (20) or USCC (18)").nullable().default(null),
  }),
  use: z.string().max(2000).nullable().default(null).meta({ description: "What it is used for, in words." }),
  reportingYear: z
    .int()
    .min(1990)
    .max(9999)
    .nullable()
    .default(null)
    .meta({ description: "Null: the vintage of what is taken; of several vintages the year must be said." }),
  country: country.nullable().default(null).meta({
    description:
      "Of the claim. Null: the host country of what is taken; of several countries it must be said.",
  }),
  batch: z
    .string()
    .max(80)
    .nullable()
    .default(null)
    .meta({ description: "The one batch to take it from. Null: oldest vintage first." }),
  recognition: z
    .strictObject({ authority: regionCode, claimMilligrams: massText })
    .nullable()
    .default(null)
    .meta({
      description:
        "Who is to recognise it, and how much at least. Nothing is taken of what the authority does not " +
        "recognise. Null: nobody is asked.",
    }),
});
const params = z.strictObject({ retirement: idText("retirement") });

/** Retirements: asked for, looked at, proven. */
export const retirementRoutes = [
  route({
    method: "get",
    path: "/v1/retirements",
    operationId: "listRetirements",
    tag: "Retirements",
    summary: "All retirements, in the order in which they were requested",
    role: "read",
    answers: {
      200: { description: "The retirements.", json: z.object({ retirements: z.array(retirement) }) },
    },
    handle: async ({ context }) => ok({ retirements: await describeRetirements(context) }),
  }),
  route({
    method: "post",
    path: "/v1/retirements",
    operationId: "retire",
    tag: "Retirements",
    summary: "Retire credits for a beneficiary",
    description:
      "Send an `Idempotency-Key`: a request that comes again under it retires nothing twice, whatever " +
      "was cut off in between.",
    role: "operate",
    body: order,
    idempotent: true,
    answers: {
      202: { description: "It is under way; its result is the retirement.", json: operationSchema },
    },
    handle: async ({ service, context, body, newId }) =>
      accepted(await beginOperation(service, context.tenant, newId, "retire", body)),
  }),
  route({
    method: "get",
    path: "/v1/retirements/{retirement}",
    operationId: "getRetirement",
    tag: "Retirements",
    summary: "One retirement",
    role: "read",
    params,
    answers: { 200: { description: "The retirement.", json: retirement } },
    handle: async ({ context, params: { retirement: id } }) => ok(await describeRetirement(context, id)),
  }),
  route({
    method: "get",
    path: "/v1/retirements/{retirement}/proof",
    operationId: "getRetirementProof",
    tag: "Retirements",
    summary: "The proof file of a retirement: serial range, leaves, root, block",
    description:
      "A retirement of up to 256 leaves lists them (microtonne-proof/1). Of a larger one the file shows " +
      "the first and the last leaf of each span (microtonne-proof/2), and the tree says what is between.",
    role: "read",
    params,
    query: z.strictObject({
      leaves: z
        .enum(["all"])
        .optional()
        .meta({ description: "`all`: list every leaf, however many there are." }),
    }),
    answers: {
      200: {
        description:
          "A proof file, microtonne-proof/1 or microtonne-proof/2: check it with `microtonne verify`.",
        media: "application/json",
      },
    },
    handle: async ({ context, params: { retirement: id }, query }) => ({
      status: 200,
      bytes: await proveRetirement(context, id, { allLeaves: query.leaves === "all" }),
      contentType: "application/json",
    }),
  }),
];
