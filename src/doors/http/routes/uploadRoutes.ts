import { Readable } from "node:stream";
import { z } from "zod";
import {
  describeUpload,
  describeUploads,
  forgetUpload,
  openUploadResults,
} from "../../../app/service/uploads.ts";
import { ok, route } from "../pipeline/route.ts";
import { withCause } from "../pipeline/withCause.ts";
import { uploadSchema } from "../schemas/common.ts";

const params = z.strictObject({
  upload: z.string().min(1).max(80).meta({ description: "The upload's id: the end of its Location." }),
});

/** Uploads, looked at and forgotten. How their bytes come is in `pipeline/mountUploads.ts`. */
export const uploadRoutes = [
  route({
    method: "get",
    path: "/v1/activities/uploads",
    operationId: "listUploads",
    tag: "Activities",
    summary: "Your uploads, newest first",
    role: "read",
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
    answers: { 200: { description: "The uploads.", json: z.object({ uploads: z.array(uploadSchema) }) } },
    handle: async ({ context, query }) =>
      ok({ uploads: (await describeUploads(context, query.limit)).map((one) => withCause(one)) }),
  }),
  route({
    method: "get",
    path: "/v1/activities/uploads/{upload}",
    operationId: "getUpload",
    tag: "Activities",
    summary: "How far an upload is, and what its rows came to",
    role: "read",
    params,
    answers: { 200: { description: "The upload.", json: uploadSchema } },
    handle: async ({ context, params: { upload } }) => ok(withCause(await describeUpload(context, upload))),
  }),
  route({
    method: "get",
    path: "/v1/activities/uploads/{upload}/results",
    operationId: "getUploadResults",
    tag: "Activities",
    summary: "What became of the rows that were not simply accepted",
    description:
      "NDJSON of `RowResult`: rows that were rejected or are duplicates, and accepted ones with a " +
      "note. Every other row was accepted.",
    role: "read",
    params,
    answers: { 200: { description: "One row a line.", media: "application/x-ndjson" } },
    handle: async ({ context, params: { upload } }) => ({
      status: 200,
      stream: new Readable().wrap(await openUploadResults(context, upload)),
      contentType: "application/x-ndjson",
    }),
  }),
  route({
    method: "delete",
    path: "/v1/activities/uploads/{upload}",
    operationId: "deleteUpload",
    tag: "Activities",
    summary: "Forget an upload and its results; accepted acts stay",
    role: "ingest",
    params,
    answers: { 204: { description: "It is gone." } },
    async handle({ context, params: { upload } }) {
      await forgetUpload(context, upload);
      return { status: 204, empty: true };
    },
  }),
];
