import { createReadStream, statfsSync } from "node:fs";
import { open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { JobKind } from "../../adapters/storage/queue/queue.ts";
import {
  completeUpload,
  deleteUpload,
  findUpload,
  finishUpload,
  listUploads,
  openUploads,
  saveUpload,
  uploadsInState,
  type StoredUpload,
  type UploadState,
} from "../../adapters/storage/service/uploads.ts";
import { LimitError, StateError, UnavailableError, UnknownError } from "../../base/errors/errors.ts";
import { noRoom, outOfRoom } from "../../base/errors/outOfRoom.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import { MIB } from "../../base/lib/sizes.ts";
import { SECONDS_PER_HOUR } from "../../base/lib/time/units.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { Context } from "../context.ts";
import { ingestSource } from "../ingest/ingestSource.ts";
import type { IngestReport } from "../ingest/ingestTotals.ts";
import { openSource } from "../sources/openSource.ts";
import { SERVICE_CHUNK_ROWS } from "./ingestBytes.ts";
import { tenantLookups } from "../sources/tenantLookups.ts";
import { problemOf, type Problem } from "./problemOf.ts";
import { rowResults } from "./rowResults.ts";
import type { Service } from "./serviceOf.ts";
import { resolveTenantProfile, type ProfileChoice } from "../profiles/resolveTenantProfile.ts";

/** Of one tenant, at a time. */
const MAX_RECEIVING = 32;

/** The jobs that read them. */
export const UPLOAD_JOBS: JobKind = {
  name: "uploads",
  retryLimit: 1_000,
  retryDelaySeconds: 2,
  retryDelayMaxSeconds: 300,
  expireSeconds: 12 * SECONDS_PER_HOUR,
  oncePerKey: null,
};

/** What is said of a file when its upload begins. */
export interface UploadRequest extends ProfileChoice {
  /** The sender's own name for the file, 1 to 200 characters. */
  readonly fileName: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Text of the `.sig.json` with which the provider signed the file. */
  readonly signature?: string | undefined;
}

/** An upload for people and programs; times ISO 8601, UTC. */
export interface UploadDescription {
  readonly uploadId: string;
  readonly state: UploadState;
  readonly fileName: string;
  readonly profile: string;
  readonly size: number;
  readonly report: IngestReport | null;
  readonly problem: Problem | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** Where files that come in pieces lie until they are read; for their owner's eyes only. */
export function uploadFolder({ config }: Pick<Context, "config">): string {
  return join(config.folder, "uploads");
}

const ID = /^[0-9a-f]{32}$/;
export const fileOf = (context: Pick<Context, "config">, uploadId: string): string =>
  join(uploadFolder(context), uploadId);
const resultsOf = (context: Pick<Context, "config">, uploadId: string): string =>
  `${fileOf(context, uploadId)}.results.ndjson`;

/**
 * Enters an upload that begins. Its profile is looked up now, so that a wrong name is said before the bytes
 * are sent. @throws as `resolveTenantProfile`; UnavailableError `limit.uploads`, `limit.upload-bytes`
 */
export async function beginUpload(
  context: Context,
  uploadId: string,
  { size, ...request }: UploadRequest,
): Promise<void> {
  await resolveTenantProfile(context, request);
  const { db, tenant, clock, config } = context;
  await db.transaction(async (tx) => {
    const { receiving, bytes } = await openUploads(tx, tenant);
    if (receiving >= MAX_RECEIVING)
      throw new LimitError(
        "limit.uploads",
        `${String(MAX_RECEIVING)} of your uploads are not complete. Send what is missing of them, or ` +
          "delete them: " +
          "DELETE /v1/activities/uploads/{upload}",
      );
    if (bytes + size > config.caps.inputBytes)
      throw new LimitError(
        "limit.upload-bytes",
        `Your uploads that are not read yet come to ${String(bytes)} bytes; with this one they would have ` +
          "more than " +
          `${String(config.caps.inputBytes)}. Begin it when some have been read.`,
      );
    await saveUpload(tx, tenant, {
      uploadId,
      request: JSON.stringify(request),
      size,
      createdAt: clock.now(),
    });
  });
}

/** What is left for the database and for all else that writes. */
const RESERVE_BYTES = 128 * MIB;

/** Refuses bytes for which there is no room on the disk. @throws UnavailableError `storage.full` */
export function checkUploadRoom(context: Pick<Context, "config">, bytes: number): void {
  const { bavail, bsize } = statfsSync(uploadFolder(context));
  if (bavail * bsize < bytes + RESERVE_BYTES) throw noRoom();
}

/** All bytes are here: the job that reads them is entered, once. */
export async function uploadReceived(
  { root, queue }: Service,
  tenant: TenantId,
  uploadId: string,
): Promise<void> {
  await root.db.transaction(async (tx) => {
    if (await completeUpload(tx, tenant, uploadId))
      await queue.send(UPLOAD_JOBS.name, { tenant, uploadId }, { group: tenant }, tx);
  });
}

/**
 * Uploads whose last byte came just before a crash are taken up; bytes that one left behind what it had read
 * are removed.
 */
export async function takeUpUploads(service: Service): Promise<void> {
  // The folder is looked at before the table: an upload is entered before its file is made.
  const found = await readdir(uploadFolder(service.root)).catch(() => []);
  const wanted = await Promise.all(
    (["receiving", "queued"] as const).map((state) => uploadsInState(service.root.db, state)),
  );
  const ids = new Set(wanted.flat().map(({ uploadId }) => uploadId));
  for (const name of found) if (ID.test(name) && !ids.has(name)) await removeBytes(service.root, name);
  for (const { tenant, uploadId, size } of await uploadsInState(service.root.db, "receiving")) {
    const file = await open(fileOf(service.root, uploadId)).catch(() => null);
    if (!file) continue;
    const { size: received } = await file.stat();
    await file.close();
    if (received === size) await uploadReceived(service, tenant, uploadId);
  }
}

/**
 * Reads an upload's rows into the store and keeps what became of those that were not accepted. Bears
 * repeating: a run that was cut off goes on.
 * @throws UnavailableError where a part that we depend on is away: the job is tried again
 */
export async function runUpload(service: Service, tenant: TenantId, uploadId: string): Promise<void> {
  const { root } = service;
  const found = await findUpload(root.db, tenant, uploadId);
  if (!found || found.state !== "queued") return;
  const context = await service.contextOf(tenant);
  try {
    const report = await service.ingests.run(tenant, () =>
      service.attempts.run(uploadId, () => ingestUpload(service, context, found)),
    );
    await finishUpload(root.db, tenant, uploadId, { report: JSON.stringify(report) }, root.clock.now());
  } catch (error) {
    const away = outOfRoom(error) ?? error;
    if (away instanceof UnavailableError) throw away;
    const problem = problemOf(error, root.config);
    if (problem.code === "unexpected") root.log.error({ upload: uploadId, err: error }, "an upload broke");
    await finishUpload(root.db, tenant, uploadId, { problem: JSON.stringify(problem) }, root.clock.now());
  }
  await removeBytes(root, uploadId);
}

async function ingestUpload(
  { turns, lookupTables }: Service,
  context: Context,
  { uploadId, request }: StoredUpload,
): Promise<IngestReport> {
  const terms = JSON.parse(request) as Omit<UploadRequest, "size">;
  const profile = await resolveTenantProfile(context, terms);
  const source = await openSource(context.config, fileOf(context, uploadId), { twice: true });
  const draft = `${resultsOf(context, uploadId)}.part`;
  const results = await open(draft, "w", 0o600);
  try {
    const report = await ingestSource(context, {
      source,
      name: terms.fileName,
      profile,
      signature: terms.signature === undefined ? null : utf8(terms.signature),
      ...tenantLookups(context, lookupTables),
      chunkRows: SERVICE_CHUNK_ROWS,
      inTurn: (work) => turns.take(work),
      async onAdmitted(rows) {
        const told = rowResults(rows).filter(
          ({ outcome, notes }) => outcome !== "accepted" || notes !== undefined,
        );
        if (told.length > 0) await results.writeFile(told.map((row) => `${JSON.stringify(row)}\n`).join(""));
      },
    });
    await results.close();
    await rename(draft, resultsOf(context, uploadId));
    return report;
  } finally {
    await results.close().catch(() => undefined);
    await source.close();
  }
}

/** The tenant's uploads, newest first, at most `limit`. */
export async function describeUploads(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  limit: number,
): Promise<UploadDescription[]> {
  return (await listUploads(db, tenant, limit)).map(describe);
}

/** @throws UsageError `upload.unknown` */
export async function describeUpload(
  context: Pick<Context, "db" | "tenant">,
  uploadId: string,
): Promise<UploadDescription> {
  return describe(await known(context, uploadId));
}

/**
 * What became of the rows that were not accepted, or were with a note, as NDJSON of `RowResult`; any other
 * row was accepted.
 * @throws UsageError `upload.unknown`; StateError `upload.unread`
 */
export async function openUploadResults(context: Context, uploadId: string): Promise<NodeJS.ReadableStream> {
  const { state } = await known(context, uploadId);
  if (state !== "done")
    throw new StateError(
      "upload.unread",
      `The upload is ${state}, so its rows have no results. Ask again when it is done.`,
    );
  return createReadStream(resultsOf(context, uploadId));
}

/**
 * Forgets an upload and its results; acts that were accepted stay.
 * @throws UsageError `upload.unknown`; StateError `upload.queued` while it is being read
 */
export async function forgetUpload(context: Context, uploadId: string): Promise<void> {
  const { state } = await known(context, uploadId);
  if (state === "queued")
    throw new StateError("upload.queued", "The upload is being read. Delete it when it is done.");
  await removeBytes(context, uploadId);
  await rm(resultsOf(context, uploadId), { force: true });
  await deleteUpload(context.db, context.tenant, uploadId);
}

export async function removeBytes(context: Pick<Context, "config">, uploadId: string): Promise<void> {
  // The file itself goes last: it is what a service that starts finds the others by.
  for (const path of [
    `${fileOf(context, uploadId)}.json`,
    `${resultsOf(context, uploadId)}.part`,
    fileOf(context, uploadId),
  ])
    await rm(path, { force: true });
}

async function known(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  uploadId: string,
): Promise<StoredUpload> {
  // Ids become file names: only what we gave out may pass.
  const found = ID.test(uploadId) ? await findUpload(db, tenant, uploadId) : null;
  if (!found)
    throw new UnknownError(
      "upload.unknown",
      `There is no upload ${JSON.stringify(uploadId.slice(0, 80))} here.`,
    );
  return found;
}

function describe({
  uploadId,
  state,
  request,
  size,
  report,
  problem,
  createdAt,
  finishedAt,
}: StoredUpload): UploadDescription {
  const { fileName, profile } = JSON.parse(request) as UploadRequest;
  return {
    uploadId,
    state,
    fileName,
    profile,
    size,
    report: report === null ? null : (JSON.parse(report) as IngestReport),
    problem: problem === null ? null : (JSON.parse(problem) as Problem),
    createdAt: utcText(createdAt),
    finishedAt: finishedAt === null ? null : utcText(finishedAt),
  };
}
