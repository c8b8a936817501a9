import { z } from "zod";
import { readArchiveFile } from "../../../app/batches/readArchiveFile.ts";
import { route } from "../pipeline/route.ts";
import { word } from "../schemas/common.ts";

/** A batch's published files, byte for byte. They never change, so whoever holds them may keep them. */
export const archiveRoutes = [
  route({
    method: "get",
    path: "/v1/archives/{batchId}/{path*}",
    operationId: "getArchiveFile",
    tag: "Batches",
    summary: "One file of a batch's archive",
    description:
      "`manifest.json`, `leaves/<N>` and `tiles/<L>/<N>`, with `<N>` in groups of three digits: " +
      "1234067 is `x001/x234/067`.",
    role: "read",
    params: z.strictObject({
      batchId: word,
      path: z
        .string()
        .min(1)
        .max(200)
        .regex(/^[a-z0-9][a-z0-9./]*$/, "must be a path of the batch format"),
    }),
    answers: { 200: { description: "The file's bytes.", media: "application/octet-stream" } },
    async handle({ context, params, request }) {
      const bytes = await readArchiveFile(context, params.batchId, params.path);
      const headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        ETag: `"${params.batchId.slice(2)}/${params.path}"`,
      };
      if (request.get("If-None-Match") === headers.ETag) return { status: 304, headers, empty: true };
      const contentType = params.path.endsWith(".json") ? "application/json" : "application/octet-stream";
      return { status: 200, headers, bytes, contentType };
    },
  }),
];
