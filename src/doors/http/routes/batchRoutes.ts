import { Readable } from "node:stream";
import { z } from "zod";
import { describeBatch, describeBatches, type BatchDescription } from "../../../app/batches/describeBatch.ts";
import { batchPackage } from "../../../app/batches/packageBatch.ts";
import { proveAbsence } from "../../../app/proofs/proveAbsence.ts";
import { proveKey } from "../../../app/proofs/proveAct.ts";
import { checkAskedTerms } from "../../../app/batches/checkAskedTerms.ts";
import { beginOperation } from "../../../app/service/operations.ts";
import { StateError } from "../../../base/errors/errors.ts";
import { regionCode as readRegion } from "../../../base/lib/ids.ts";
import { fromHex } from "../../../base/lib/bytes.ts";
import type { ActivityKey } from "../../../base/types/ids.ts";
import { problemFor } from "../pipeline/problems.ts";
import { ok, route, type Answer } from "../pipeline/route.ts";
import { accepted } from "../pipeline/accepted.ts";
import { closeTerms } from "../schemas/closeTerms.ts";
import {
  batchParams,
  idText,
  massText,
  operationSchema,
  regionCode,
  tonnesText,
  word,
} from "../schemas/common.ts";

const document = { documentHash: word };
const audience = z.enum(["public", "participants"]);
const terms = z
  .object({
    category: z.enum(["act", "project", "behaviour"]),
    placeOfActs: regionCode.nullable(),
    hostCountry: z.string().nullable().meta({ description: "ISO 3166-1 alpha-2." }),
    correspondingAdjustment: z.enum(["none", "authorised", "applied"]).nullable(),
    useBy: z.string().nullable().meta({ description: "YYYY-MM-DD, the last day; null: no such day." }),
    title: z
      .object({ kind: z.enum(["consent-scope", "programme", "project-owner"]), ...document })
      .nullable()
      .meta({ description: "By what right the reductions are pooled." }),
    verification: z
      .object({
        statementHash: word,
        level: z.enum(["limited", "reasonable"]),
        opinion: z.enum(["unmodified", "qualified"]),
      })
      .nullable(),
    campaign: z.object({ id: z.string(), ...document }).nullable(),
    audience: z
      .object({ leaves: audience, tiles: audience })
      .nullable()
      .meta({ description: "Who gets which files of the archive." }),
    projects: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        registration: z.string(),
        firstDay: z.string(),
        lastDay: z.string(),
        place: regionCode,
      }),
    ),
  })
  .meta({
    id: "BatchTerms",
    description:
      "What its manifest says beside what is counted. Of a batch of microtonne-batch/1 all but category " +
      "and projects is null: its manifest does not say it.",
  });
const batch = z
  .object({
    batchId: word,
    state: z.enum(["closing", "sealed", "committing", "committed", "minting", "minted"]),
    region: regionCode,
    format: z.string().meta({ description: "Format of its manifest.", example: "microtonne-batch/2" }),
    terms,
    firstDay: z.string().meta({ description: "YYYY-MM-DD, inclusive, in the region's time zone." }),
    lastDay: z.string(),
    leafCount: z.int(),
    totalMilligrams: massText,
    totalTonnes: tonnesText,
    bufferMilligrams: massText,
    mintedMilligrams: massText,
    retiredMilligrams: massText,
    root: word,
    archive: z
      .string()
      .meta({ description: "Where its files begin: `manifest.json`, `leaves/…`, `tiles/…`." }),
  })
  .meta({ id: "Batch" });
const close = z.strictObject({
  region: regionCode,
  vintage: z.int().min(1970).max(9999).meta({ description: "Calendar year of the acts.", example: 2025 }),
  category: z
    .enum(["act", "project"])
    .optional()
    .meta({ description: "What is closed: acts if left out, or months of registered projects." }),
  ...closeTerms,
});
const mint = z.strictObject({
  attestations: z.array(z.string().max(10_000)).max(100).nullable().default(null).meta({
    description: "Texts of attestation files. Null: the verifiers of a local network recompute the batch.",
  }),
});

/** The batch with an address in the place of a folder. */
const shown = (found: BatchDescription): BatchDescription => ({
  ...found,
  archive: `/v1/archives/${found.batchId}`,
});

/** Batches: closed, minted, looked at; the proof of what is in them and what is not. */
export const batchRoutes = [
  route({
    method: "get",
    path: "/v1/batches",
    operationId: "listBatches",
    tag: "Batches",
    summary: "All batches, oldest first",
    role: "read",
    answers: { 200: { description: "The batches.", json: z.object({ batches: z.array(batch) }) } },
    handle: async ({ context }) => ok({ batches: (await describeBatches(context)).map(shown) }),
  }),
  route({
    method: "post",
    path: "/v1/batches",
    operationId: "closeBatch",
    tag: "Batches",
    summary: "Close what is open of a region and vintage into a batch",
    role: "operate",
    body: close,
    idempotent: true,
    answers: { 202: { description: "It is under way; its result is the batch.", json: operationSchema } },
    async handle({ service, context, body, newId }) {
      const { region, vintage, category, ...said } = body;
      const closing = { region: readRegion(region), vintage, ...(category && { category }) };
      await checkAskedTerms(context, { ...closing, terms: said });
      // What older versions entered under one key stays the same request.
      const asked = Object.keys(said).length === 0 ? {} : { terms: said };
      return accepted(
        await beginOperation(service, context.tenant, newId, "close-batch", { ...closing, ...asked }),
      );
    },
  }),
  route({
    method: "get",
    path: "/v1/batches/{batch}",
    operationId: "getBatch",
    tag: "Batches",
    summary: "One batch",
    role: "read",
    params: batchParams,
    answers: { 200: { description: "The batch.", json: batch } },
    handle: async ({ context, params }) => ok(shown(await describeBatch(context, params.batch))),
  }),
  route({
    method: "post",
    path: "/v1/batches/{batch}/mint",
    operationId: "mintBatch",
    tag: "Batches",
    summary: "Bring a batch on chain: quorum, commit, mint",
    description: "One that was cut off goes on from where the chain is.",
    role: "operate",
    params: batchParams,
    body: mint,
    idempotent: true,
    answers: { 202: { description: "It is under way.", json: operationSchema } },
    async handle({ service, context, params, body, newId }) {
      const { batchId } = await describeBatch(context, params.batch);
      return accepted(
        await beginOperation(service, context.tenant, newId, "mint-batch", { batch: batchId, ...body }),
      );
    },
  }),
  route({
    method: "get",
    path: "/v1/batches/{batch}/package",
    operationId: "getBatchPackage",
    tag: "Batches",
    summary: "The confidential package of a batch, for an outside verifier",
    description:
      "What stands behind every leaf: hand it to verifiers only. They answer with `microtonne attest`.",
    role: "operate",
    params: batchParams,
    answers: {
      200: {
        description: "microtonne-package/1: the manifest, then a line a leaf.",
        media: "application/x-ndjson",
      },
    },
    async handle({ service, context, params }) {
      const { lines } = await batchPackage(context, params.batch);
      service.packageStreams.take(context.tenant, 1);
      const stream = Readable.from(lines, { objectMode: false });
      stream.once("close", () => service.packageStreams.give(context.tenant, 1));
      return {
        status: 200,
        stream,
        contentType: "application/x-ndjson",
      };
    },
  }),
  route({
    method: "get",
    path: "/v1/batches/{batch}/proofs/{key}",
    operationId: "getProof",
    tag: "Batches",
    summary: "The proof file of the act under an activity key",
    description: "Where the batch has no leaf of the key, the problem carries the proof of absence.",
    role: "read",
    params: z.strictObject({
      batch: idText("batch"),
      key: word.meta({ description: "The act's activity key; see the record." }),
    }),
    answers: {
      200: {
        description: "A proof file, microtonne-proof/1: check it with `microtonne verify`.",
        media: "application/json",
      },
      404: { description: "The batch is not here, or has no leaf of the key (then with `absence`)." },
    },
    async handle({ context, params, request }): Promise<Answer> {
      const key = fromHex(params.key, 32) as ActivityKey;
      try {
        return {
          status: 200,
          bytes: await proveKey(context, params.batch, key, false),
          contentType: "application/json",
        };
      } catch (error) {
        if (!(error instanceof StateError) || error.code !== "record.not-in-batch") throw error;
        const { batchId, ...absence } = await proveAbsence(context, params.batch, key);
        const requestId = String(request.res?.locals["requestId"]);
        const detail = `The batch ${batchId} has no leaf of this key; absence is the proof.`;
        return {
          status: 404,
          problem: {
            ...problemFor(error, requestId, context.config),
            detail,
            absence,
          },
        };
      }
    },
  }),
];
