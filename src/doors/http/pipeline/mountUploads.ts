import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import type { Express, Request, Response } from "express";
import { z } from "zod";
import type { Caller } from "../../../app/apiKeys/authenticator.ts";
import { KEEP_UPLOADS_SECONDS } from "../../../app/service/removeAbandoned.ts";
import {
  beginUpload,
  checkUploadRoom,
  describeUpload,
  uploadFolder,
  uploadReceived,
} from "../../../app/service/uploads.ts";
import { MicrotonneError, UnavailableError, UnknownError } from "../../../base/errors/errors.ts";
import { HttpError, TusError } from "./httpError.ts";
import { admitCaller } from "./admitCaller.ts";
import type { RouteDeps } from "./routeDeps.ts";
import { PROVIDER_ID, REGION_CODE } from "../../../base/lib/textPatterns.ts";

const TUS_VERSION = "1.0.0";
const UPLOADS_PATH = "/v1/activities/uploads";

/** What tus-js-client, Uppy, FilePond and their like say besides, of their own accord: it is passed over. */
const USUAL: ReadonlySet<string> = new Set([
  "name",
  "type",
  "filetype",
  "relativePath",
  "contentType",
  "mimeType",
  "lastModified",
  "caption",
]);

/** What `Upload-Metadata` says of the file. */
const uploadMetadata = z.strictObject({
  filename: z.string().min(1).max(200),
  profile: z
    .string()
    .min(1)
    .max(64)
    .refine((text) => !text.includes("\0"), "has a NUL character"),
  provider: z.string().regex(PROVIDER_ID, "must match [a-z0-9-]{2,64}").optional(),
  region: z.string().regex(REGION_CODE, "must match [A-Z0-9]{2,8}").optional(),
  /** Text of the provider's `.sig.json`. */
  signature: z.string().min(1).max(16_384).optional(),
});

interface Visit {
  readonly caller: Caller;
  /** Of an upload that begins. */
  readonly newId: string;
  /** What was thrown inside; the protocol's own refusals are plain objects. */
  refusal: unknown;
}

/**
 * Files in pieces, by the open protocol tus 1.0 (https://tus.io/protocols/resumable-upload), of which many
 * clients are to be had: POST begins, PATCH sends from `Upload-Offset` on, HEAD says how far it is. What
 * belongs to another tenant is not there.
 */
export function mountUploads(app: Express, deps: RouteDeps): void {
  const { service } = deps;
  const visits = new AsyncLocalStorage<Visit>();
  const visit = (): Visit => {
    const found = visits.getStore();
    if (!found) throw new Error("An upload came without a caller.");
    return found;
  };
  const directory = uploadFolder(service.root);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const tus = new Server({
    path: UPLOADS_PATH,
    datastore: new FileStore({ directory }),
    relativeLocation: true,
    maxSize: service.root.config.caps.inputBytes,
    disableTerminationForFinishedUploads: true,
    namingFunction: () => visit().newId,
    async onUploadCreate(_request, upload) {
      const { caller, newId } = visit();
      const size = upload.size ?? null;
      if (size === null) throw new HttpError("upload.length", "Say how long the file is: Upload-Length.");
      const metadata = uploadMetadata.safeParse(knownMembers(upload.metadata ?? {}));
      if (!metadata.success) {
        const fields = metadata.error.issues
          .map(({ path, message }) => `${path.join(".")}: ${message}`)
          .join("; ");
        throw new HttpError(
          "upload.metadata",
          "Upload-Metadata needs filename (or name) and profile, and may have provider, region " +
            "and signature. " +
            `${fields}.`,
        );
      }
      const { filename, ...choice } = metadata.data;
      await beginUpload(await service.contextOf(caller.tenant), newId, {
        ...choice,
        fileName: filename,
        size,
      });
      return {};
    },
    async onUploadFinish(_request, upload) {
      await uploadReceived(service, visit().caller.tenant, upload.id);
      return {};
    },
    onResponseError(_request, error) {
      visit().refusal = error;
      return undefined;
    },
  });
  const handle = async (request: Request, response: Response): Promise<void> => {
    const caller = await admitCaller({ role: "ingest" }, request, response, deps);
    if (!caller) return;
    if (request.get("Upload-Concat") !== undefined)
      throw new HttpError(
        "upload.concat",
        "Uploads are not put together here (Upload-Concat). Send the file as one upload, piece behind piece.",
        { "Tus-Resumable": TUS_VERSION },
      );
    const { upload } = request.params as { upload?: string };
    const known =
      upload === undefined ? null : await describeUpload(await service.contextOf(caller.tenant), upload);
    if (known && known.state !== "receiving") {
      answerWhole(request, response, known.size);
      return;
    }
    const here: Visit = { caller, newId: randomUUID().replaceAll("-", ""), refusal: null };
    if (request.method !== "HEAD") checkUploadRoom(service.root, Number(request.get("Content-Length") ?? 0));
    const answer = await visits.run(here, () => tus.handleWeb(webRequest(request)));
    if (answer.status >= 400) throw refusalOf(answer.status, await answer.text(), here.refusal);
    response
      .status(answer.status)
      .set(Object.fromEntries(answer.headers))
      .set("Upload-Expires", new Date(Date.now() + KEEP_UPLOADS_SECONDS * 1000).toUTCString())
      .end(await answer.text());
  };
  app.post(UPLOADS_PATH, handle);
  app.options(UPLOADS_PATH, (request, response) => tus.handle(request, response));
  app.head(`${UPLOADS_PATH}/:upload`, handle);
  app.patch(`${UPLOADS_PATH}/:upload`, handle);
}

/** Members that say something to us: without those that clients add, and without empty ones. */
function knownMembers(metadata: Readonly<Record<string, string | null>>): Record<string, string> {
  const said = Object.entries(metadata).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const members = Object.fromEntries(said.filter(([name]) => !USUAL.has(name)));
  const name = metadata["name"];
  return name && members["filename"] === undefined ? { ...members, filename: name } : members;
}

/**
 * All bytes of the upload came; they may have been read and removed since, which a client that lost the last
 * reply must not take for a loss.
 */
function answerWhole(request: Request, response: Response, size: number): void {
  if (request.method !== "HEAD")
    throw new HttpError(
      "upload.complete",
      "All bytes of this upload have come. See GET for what its rows came to.",
    );
  response
    .set({ "Tus-Resumable": TUS_VERSION, "Upload-Offset": String(size), "Upload-Length": String(size) })
    .end();
}

/** The request in the form of the web, whose answer we can look at before it is sent. */
function webRequest(request: Request): globalThis.Request {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  const body = request.method === "HEAD" ? null : (Readable.toWeb(request) as ReadableStream<Uint8Array>);
  return new globalThis.Request(new URL(request.originalUrl, "http://uploads"), {
    method: request.method,
    headers,
    body,
    duplex: "half",
  });
}

/** Ours as they are, the protocol's own in our form. */
function refusalOf(status: number, text: string, cause: unknown): unknown {
  if (cause instanceof MicrotonneError) return cause;
  if (status >= 500)
    return cause instanceof Error
      ? cause
      : new UnavailableError("upload.write", "The bytes could not be stored. Send them again.");
  if (status === 404 || status === 410)
    return new UnknownError("upload.unknown", "There is no such upload here.");
  return new TusError(status, `This is not as tus 1.0 has it: ${text.trim()}.`, {
    "Tus-Resumable": TUS_VERSION,
  });
}
