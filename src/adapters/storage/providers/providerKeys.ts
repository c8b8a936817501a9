import { equalBytes } from "../../../base/lib/bytes.ts";
import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { ProviderKey, RevocationReason } from "../../../base/types/providerKey.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Disposition } from "../../../base/types/reduction.ts";
import type { BatchState } from "../../../stages/pool/ports.ts";
import type { CheckKeyEntry, DecideRevocation, KeyEnd, KeyEntry } from "../../../stages/ingest/ports.ts";
import type { Database, Session } from "../engine/database.ts";

interface KeyRow {
  readonly provider: ProviderId;
  readonly public_key: Uint8Array;
  readonly valid_from: bigint;
  readonly valid_to: bigint | null;
  readonly required: boolean;
  readonly revoked_at: bigint | null;
  readonly revocation: RevocationReason | null;
}
const COLUMNS = "provider, public_key, valid_from, valid_to, required, revoked_at, revocation";

/**
 * Enters a provider's key. Idempotent.
 * @throws StateError as `check`, which is asked of the key as it is then stored
 */
export async function insertProviderKey(
  db: Database,
  tenant: TenantId,
  providerKey: KeyEntry,
  addedAt: UnixSeconds,
  check: CheckKeyEntry,
): Promise<void> {
  const { provider, publicKey, validFrom, validTo, required } = providerKey;
  await db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO provider_keys (tenant, provider, public_key, valid_from, valid_to, required, added_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [tenant, provider, publicKey, validFrom, validTo, required, addedAt],
    );
    const stored = await findProviderKey(tx, tenant, provider, publicKey);
    if (stored !== null) check(providerKey, stored);
  });
}

/** Unsigned acts of one disposition and, where they are in a sealed batch, of one of its states. */
export interface UnsignedActs {
  readonly disposition: Disposition;
  readonly state: BatchState | null;
  readonly acts: number;
}

/**
 * Unsigned acts of a provider that are judged (`recordJudgedAt`: by their end, else by their start) at a time
 * or later. Reads all facts once; which closing they belong to, as the view `reductions` has it, is asked for
 * all acts of a day at a time: no closing leaves out what nobody signed.
 */
export async function unsignedActsSince(
  db: Session,
  tenant: TenantId,
  provider: ProviderId,
  since: UnixSeconds,
): Promise<UnsignedActs[]> {
  const rows = await db.query<{ disposition: Disposition; state: BatchState | null; acts: bigint }>(
    `WITH days AS MATERIALIZED (
       SELECT s.region, s.methodology, f.utc_day + f.day_shift AS day, f.after_closing, f.disposition,
         count(*) AS acts
       FROM facts f JOIN sources s ON s.source = f.source AND s.tenant = $1 AND s.provider = $2
       WHERE f.signing_key = 0 AND f.started_at + greatest(f.seconds, 0) >= $3
       GROUP BY 1, 2, 3, 4, 5)
     SELECT CASE d.disposition WHEN 1 THEN 'redeemed' WHEN 2 THEN 'donated'
         ELSE CASE WHEN c.closing IS NULL THEN 'open' ELSE 'pooled' END END AS disposition,
       b.state, sum(d.acts)::bigint AS acts
     FROM days d
     CROSS JOIN LATERAL (SELECT min(c.closing) AS closing FROM closings c
       WHERE d.disposition = 0 AND c.tenant = $1 AND c.closing > d.after_closing AND c.region = d.region
         AND d.day BETWEEN c.start_day AND c.end_day
         AND c.category = coalesce((SELECT m.category FROM methodologies m
           WHERE m.tenant = $1 AND m.methodology = d.methodology), 'act')
         AND (c.category <> 'project' OR EXISTS (SELECT 1 FROM closing_projects p WHERE p.tenant = $1
           AND p.closing = c.closing AND p.project = $2 AND d.day BETWEEN p.start_day AND p.end_day))
         AND NOT EXISTS (SELECT 1 FROM closing_withdrawals w
           WHERE w.tenant = $1 AND w.closing = c.closing AND w.methodology = d.methodology)) c
     LEFT JOIN batches b ON b.tenant = $1 AND b.closing = c.closing
     GROUP BY 1, 2`,
    [tenant, provider, since],
  );
  return rows.map((row) => ({ ...row, acts: Number(row.acts) }));
}

/** The keys of a provider, or of all, by provider and beginning. */
export async function providerKeys(
  db: Session,
  tenant: TenantId,
  provider: ProviderId | null,
): Promise<ProviderKey[]> {
  const rows = await db.query<KeyRow>(
    `SELECT ${COLUMNS} FROM provider_keys WHERE tenant = $1 AND ($2::text IS NULL OR provider = $2)
     ORDER BY provider, valid_from, public_key`,
    [tenant, provider],
  );
  return rows.map((row) => ({
    provider: row.provider,
    publicKey: row.public_key,
    validFrom: Number(row.valid_from) as UnixSeconds,
    validTo: row.valid_to === null ? null : (Number(row.valid_to) as UnixSeconds),
    required: row.required,
    revocation:
      row.revocation === null ? null : { at: Number(row.revoked_at) as UnixSeconds, reason: row.revocation },
  }));
}

/**
 * Revokes a key, as `decide` says. Returns its end as it now stands.
 * @param onEnd what else belongs into the transaction, told how the key had ended before, or null
 * @throws UsageError, StateError as `decide`
 */
export async function endProviderKey(
  db: Database,
  tenant: TenantId,
  provider: ProviderId,
  publicKey: Uint8Array,
  revocation: NonNullable<ProviderKey["revocation"]>,
  decide: DecideRevocation,
  onEnd?: (tx: Session, end: KeyEnd, before: ProviderKey["revocation"]) => Promise<void>,
): Promise<KeyEnd> {
  return db.transaction(async (tx) => {
    const which = [tenant, provider, publicKey] as const;
    await tx.query(
      "SELECT 1 FROM provider_keys WHERE tenant = $1 AND provider = $2 AND public_key = $3 FOR UPDATE",
      which,
    );
    const key = await findProviderKey(tx, tenant, provider, publicKey);
    const end = decide({ provider }, key, revocation);
    await tx.query(
      `UPDATE provider_keys SET valid_to = $4, revoked_at = $5, revocation = $6 WHERE tenant = $1
       AND provider = $2 AND public_key = $3`,
      [...which, end.validTo, end.revocation?.at ?? null, end.revocation?.reason ?? null],
    );
    await onEnd?.(tx, end, key?.revocation ?? null);
    return end;
  });
}

async function findProviderKey(
  tx: Session,
  tenant: TenantId,
  provider: ProviderId,
  publicKey: Uint8Array,
): Promise<ProviderKey | null> {
  const keys = await providerKeys(tx, tenant, provider);
  return keys.find((key) => equalBytes(key.publicKey, publicKey)) ?? null;
}
