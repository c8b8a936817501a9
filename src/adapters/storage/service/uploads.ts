import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";

/** `receiving` until all bytes are here, `queued` until they are read. */
export type UploadState = "receiving" | "queued" | "done" | "failed";

/** A file that comes in pieces. `request`, `report` and `problem` are JSON texts. */
export interface StoredUpload {
  readonly tenant: TenantId;
  readonly uploadId: string;
  readonly state: UploadState;
  readonly request: string;
  /** Bytes of the whole file. */
  readonly size: number;
  readonly report: string | null;
  readonly problem: string | null;
  readonly createdAt: UnixSeconds;
  readonly finishedAt: UnixSeconds | null;
}

interface Row {
  readonly tenant: TenantId;
  readonly upload_id: string;
  readonly state: UploadState;
  readonly request: string;
  readonly size: bigint;
  readonly report: string | null;
  readonly problem: string | null;
  readonly created_at: bigint;
  readonly finished_at: bigint | null;
}
const COLUMNS = "tenant, upload_id, state, request, size, report, problem, created_at, finished_at";

export async function saveUpload(
  db: Session,
  tenant: TenantId,
  upload: Pick<StoredUpload, "uploadId" | "request" | "size" | "createdAt">,
): Promise<void> {
  const { uploadId, request, size, createdAt } = upload;
  await db.query(
    "INSERT INTO uploads (tenant, upload_id, request, size, created_at) VALUES ($1, $2, $3, $4, $5)",
    [tenant, uploadId, request, size, createdAt],
  );
}

/**
 * How many of a tenant's uploads are being received, and the bytes of these and of those that wait to be
 * read. Whoever begins one in the same transaction is the only one to do so.
 */
export async function openUploads(
  tx: Session,
  tenant: TenantId,
): Promise<{ readonly receiving: number; readonly bytes: number }> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('microtonne/uploads/' || $1, 0))", [tenant]);
  const [row] = await tx.query<{ receiving: bigint; bytes: bigint }>(
    `SELECT count(*) FILTER (WHERE state = 'receiving') AS receiving, coalesce(sum(size), 0)::bigint AS bytes
     FROM uploads WHERE tenant = $1 AND state IN ('receiving', 'queued')`,
    [tenant],
  );
  return { receiving: Number(row?.receiving ?? 0n), bytes: Number(row?.bytes ?? 0n) };
}

export async function findUpload(
  db: Session,
  tenant: TenantId,
  uploadId: string,
): Promise<StoredUpload | null> {
  const [row] = await db.query<Row>(`SELECT ${COLUMNS} FROM uploads WHERE tenant = $1 AND upload_id = $2`, [
    tenant,
    uploadId,
  ]);
  return row === undefined ? null : uploadOf(row);
}

/** A tenant's uploads, newest first. */
export async function listUploads(db: Session, tenant: TenantId, limit: number): Promise<StoredUpload[]> {
  const rows = await db.query<Row>(
    `SELECT ${COLUMNS} FROM uploads WHERE tenant = $1 ORDER BY sequence DESC LIMIT $2`,
    [tenant, limit],
  );
  return rows.map(uploadOf);
}

/** Uploads of all tenants in one state, for a service that starts. */
export async function uploadsInState(db: Session, state: UploadState): Promise<StoredUpload[]> {
  return (
    await db.query<Row>(`SELECT ${COLUMNS} FROM uploads WHERE state = $1 ORDER BY sequence`, [state])
  ).map(uploadOf);
}

/** Marks an upload as complete. Returns false where it was already. */
export async function completeUpload(db: Session, tenant: TenantId, uploadId: string): Promise<boolean> {
  const rows = await db.query(
    `UPDATE uploads SET state = 'queued' WHERE tenant = $1 AND upload_id = $2 AND state = 'receiving'
     RETURNING 1`,
    [tenant, uploadId],
  );
  return rows.length > 0;
}

/**
 * Ends an upload, once: with what its rows came to, or with the problem that stopped it. The signature of its
 * request is forgotten: the salt in it opens who records are about, and is used once.
 */
export async function finishUpload(
  db: Session,
  tenant: TenantId,
  uploadId: string,
  end: { readonly report: string } | { readonly problem: string },
  at: UnixSeconds,
): Promise<void> {
  const [report, problem] = "report" in end ? [end.report, null] : [null, end.problem];
  await db.query(
    `UPDATE uploads SET state = CASE WHEN $3::text IS NULL THEN 'failed'
     ELSE 'done' END, report = $3, problem = $4, finished_at = $5,
       request = (request::jsonb - 'signature')::text
     WHERE tenant = $1 AND upload_id = $2 AND state = 'queued'`,
    [tenant, uploadId, report, problem, at],
  );
}

/** Deletes an upload. Returns whether there was one. */
export async function deleteUpload(db: Session, tenant: TenantId, uploadId: string): Promise<boolean> {
  return (
    (
      await db.query("DELETE FROM uploads WHERE tenant = $1 AND upload_id = $2 RETURNING 1", [
        tenant,
        uploadId,
      ])
    ).length > 0
  );
}

function uploadOf(row: Row): StoredUpload {
  return {
    tenant: row.tenant,
    uploadId: row.upload_id,
    state: row.state,
    request: row.request,
    size: Number(row.size),
    report: row.report,
    problem: row.problem,
    createdAt: Number(row.created_at) as UnixSeconds,
    finishedAt: row.finished_at === null ? null : (Number(row.finished_at) as UnixSeconds),
  };
}
