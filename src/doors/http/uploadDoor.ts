import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import type { Express, Request, Response } from "express";
import { z } from "zod";
import type { Caller } from "../../app/access/authenticate.ts";
import { beginUpload, describeUpload, uploadFolder, uploadReceived } from "../../app/service/uploads.ts";
import { HttpError } from "./httpError.ts";
import { admitCaller, requestIdOf, type Doorway } from "./mount.ts";
import { problemFor, statusOf } from "./problems.ts";

export const UPLOADS_PATH = "/v1/activities/uploads";

/** What `Upload-Metadata` says of the file. */
export const uploadMetadata = z.strictObject({
  filename: z.string().min(1).max(200),
  profile: z.string().min(1).max(64),
  provider: z
    .string()
    .regex(/^[a-z0-9-]{2,64}$/, "must match [a-z0-9-]{2,64}")
    .optional(),
  region: z
    .string()
    .regex(/^[A-Z0-9]{2,8}$/, "must match [A-Z0-9]{2,8}")
    .optional(),
  /** Text of the provider's `.sig.json`. */
  signature: z.string().min(1).max(16_384).optional(),
});

interface Visit {
  readonly caller: Caller;
  readonly requestId: string;
  /** Of an upload that begins. */
  readonly newId: string;
}

/**
 * Files in pieces, by the open protocol tus 1.0 (https://tus.io/protocols/resumable-upload), of which many clients are to be had: POST begins, PATCH
 * sends from `Upload-Offset` on, HEAD says how far it is. What belongs to another tenant is not there.
 */
export function mountUploads(app: Express, doorway: Doorway): void {
  const { service } = doorway;
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
      if (size === null) throw new HttpError(400, "upload.length", "Say how long the file is: Upload-Length.");
      const metadata = uploadMetadata.safeParse(upload.metadata ?? {});
      if (!metadata.success) {
        const fields = metadata.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
        throw new HttpError(
          400,
          "upload.metadata",
          `Upload-Metadata needs filename and profile, and may have provider, region and signature. ${fields}.`,
        );
      }
      const { filename, ...choice } = metadata.data;
      await beginUpload(await service.contextOf(caller.tenant), newId, { ...choice, fileName: filename, size });
      return {};
    },
    async onUploadFinish(_request, upload) {
      await uploadReceived(service, visit().caller.tenant, upload.id);
      return {};
    },
    onResponseError(_request, error) {
      if (!(error instanceof Error)) return undefined;
      // The protocol's own refusals come as plain objects; ours leave as problems like everywhere else.
      return { status_code: statusOf(error), body: JSON.stringify(problemFor(error, visit().requestId)) };
    },
  });
  const handle = async (request: Request, response: Response): Promise<void> => {
    const caller = await admitCaller({ role: "ingest" }, request, response, doorway);
    if (!caller) return;
    const { upload } = request.params as { upload?: string };
    if (upload !== undefined) await describeUpload(await service.contextOf(caller.tenant), upload);
    const newId = randomUUID().replaceAll("-", "");
    await visits.run({ caller, requestId: requestIdOf(response), newId }, () => tus.handle(request, response));
  };
  app.post(UPLOADS_PATH, handle);
  app.options(UPLOADS_PATH, (request, response) => tus.handle(request, response));
  app.head(`${UPLOADS_PATH}/:upload`, handle);
  app.patch(`${UPLOADS_PATH}/:upload`, handle);
}
