import { equalBytes } from "../../../base/lib/bytes.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";

/** An answer as it was sent. */
export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | null;
  readonly body: Uint8Array;
}

/** What a key that is claimed finds. `ours`: run the request; the others: do not. */
export type Claim =
  | { readonly state: "ours" }
  | { readonly state: "answered"; readonly answer: KeptAnswer }
  | { readonly state: "running" }
  | { readonly state: "other-request" };

interface Row {
  readonly request_hash: Uint8Array;
  readonly attempt: Uint8Array;
  readonly status: number | null;
  readonly content_type: string | null;
  readonly location: string | null;
  readonly body: Uint8Array | null;
}

/**
 * Claims a caller's idempotency key for a request. A claim without an answer that is older than
 * `leaseSeconds` was cut off and is taken over: requests are idempotent.
 * @param attempt 16 random bytes that tell this request from others under the key
 */
export async function claimIdempotencyKey(
  db: Session,
  tenant: TenantId,
  claim: {
    idempotencyKey: string;
    requestHash: Uint8Array;
    attempt: Uint8Array;
    now: UnixSeconds;
    leaseSeconds: number;
  },
): Promise<Claim> {
  const { idempotencyKey, requestHash, attempt, now, leaseSeconds } = claim;
  const [row] = await db.query<Row>(
    `INSERT INTO idempotency_keys AS k (tenant, key, request_hash, attempt, started_at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant, key) DO UPDATE SET
       attempt = CASE WHEN k.status IS NULL AND k.started_at < $5 - $6 AND k.request_hash = $3 THEN $4
       ELSE k.attempt END,
       started_at = CASE WHEN k.status IS NULL AND k.started_at < $5 - $6 AND k.request_hash = $3 THEN $5
       ELSE k.started_at END
     RETURNING request_hash, attempt, status, content_type, location, body`,
    [tenant, idempotencyKey, requestHash, attempt, now, leaseSeconds],
  );
  const found = row as Row;
  if (!equalBytes(found.request_hash, requestHash)) return { state: "other-request" };
  if (equalBytes(found.attempt, attempt)) return { state: "ours" };
  const { status, content_type: contentType, location, body } = found;
  if (status === null || contentType === null || body === null) return { state: "running" };
  return { state: "answered", answer: { status, contentType, location, body } };
}

/** Says that the attempt that holds the claim is still at work. */
export async function renewIdempotencyKey(
  db: Session,
  tenant: TenantId,
  idempotencyKey: string,
  attempt: Uint8Array,
  now: UnixSeconds,
): Promise<void> {
  await db.query(
    `UPDATE idempotency_keys SET started_at = greatest(started_at, $4) WHERE tenant = $1 AND key = $2
     AND attempt = $3 AND status IS NULL`,
    [tenant, idempotencyKey, attempt, now],
  );
}

/**
 * Releases every claim without an answer: for a service that starts on a database of its own, where whoever
 * made them is gone.
 */
export async function releaseOrphanedKeys(db: Session): Promise<void> {
  await db.query("DELETE FROM idempotency_keys WHERE status IS NULL");
}

/** Keeps the answer of the attempt that holds the claim. */
export async function keepAnswer(
  db: Session,
  tenant: TenantId,
  idempotencyKey: string,
  attempt: Uint8Array,
  answer: KeptAnswer,
): Promise<void> {
  await db.query(
    `UPDATE idempotency_keys SET status = $4, content_type = $5, location = $6, body = $7 WHERE tenant = $1
     AND key = $2 AND attempt = $3`,
    [tenant, idempotencyKey, attempt, answer.status, answer.contentType, answer.location, answer.body],
  );
}

/**
 * Releases a claim unanswered: the request was refused before it did anything, or broke and may be tried
 * again.
 */
export async function releaseIdempotencyKey(
  db: Session,
  tenant: TenantId,
  idempotencyKey: string,
  attempt: Uint8Array,
): Promise<void> {
  await db.query(
    "DELETE FROM idempotency_keys WHERE tenant = $1 AND key = $2 AND attempt = $3 AND status IS NULL",
    [tenant, idempotencyKey, attempt],
  );
}

/** Deletes keys of all tenants that were claimed before a time. */
export async function pruneIdempotencyKeys(db: Session, before: UnixSeconds): Promise<void> {
  await db.query("DELETE FROM idempotency_keys WHERE started_at < $1", [before]);
}
