import { utf8 } from "../../../base/lib/bytes.ts";
import type { ProviderId, SubjectKey, TenantId } from "../../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../base/types/quantities.ts";
import type { CapAccount } from "../../../base/types/reduction.ts";
import { parseCanonicalJson } from "../../../format/canonicalJson.ts";
import { periodCapsOf } from "../../../format/batch/methodologies/periodCapsOf.ts";
import { parseMethodology } from "../../../format/batch/methodology.ts";
import type { OpenCapUse } from "../../../stages/dedupe/ports.ts";
import type { Session } from "../engine/database.ts";
import { lockAdmission, lockCaps } from "./admissionLock.ts";
import { capColumns } from "./capUse.ts";

/** Signed records that arrived in this time, of which nothing may become any more. */
export interface DroppedRecords {
  readonly provider: ProviderId;
  readonly publicKey: Uint8Array;
  readonly from: UnixSeconds;
  /** Exclusive; null for all since. */
  readonly before: UnixSeconds | null;
}

/**
 * Gives back what dropped records used of caps on days and years, for acts that are yet to come: as far as
 * they are open, so in no closing, and in no report of behaviour, which counts them all the same. What caps
 * have cut or refused stays so. Reads all of the tenant's facts once, where it has caps at all.
 */
export async function freeCapUse(
  tx: Session,
  tenant: TenantId,
  { provider, publicKey, from, before }: DroppedRecords,
  openCapUse: OpenCapUse,
): Promise<void> {
  const [any] = await tx.query("SELECT 1 FROM capped_methodologies WHERE tenant = $1 LIMIT 1", [tenant]);
  if (any === undefined) return;
  // No closing takes any of them meanwhile, and no admission counts.
  await lockAdmission(tx, tenant, "shared");
  await lockCaps(tx, tenant);
  const rows = await tx.query<{
    json: string;
    subject_key: Uint8Array | null;
    day: Day;
    milligrams: Milligrams;
  }>(
    `SELECT m.json, f.subject_key, f.day, sum(f.milligrams)::bigint AS milligrams
     FROM reductions f JOIN methodologies m ON m.tenant = f.tenant AND m.methodology = f.methodology
     WHERE f.tenant = $1 AND f.provider = $2 AND f.signing_key = $3 AND f.arrived_at >= $4
       AND ($5::bigint IS NULL OR f.arrived_at < $5) AND f.disposition = 'open' AND m.category <> 'behaviour'
     GROUP BY 1, 2, 3`,
    [tenant, provider, publicKey, from, before],
  );
  const dropped = rows.map(({ json, subject_key: key, day, milligrams }) => {
    const caps = periodCapsOf(parseMethodology(parseCanonicalJson(utf8(json))));
    return { subjectKey: key as SubjectKey | null, day, milligrams, ...(caps && { caps }) };
  });
  const opened = openCapUse(dropped);
  for (const one of dropped) opened.keep(one, one.milligrams);
  await subtract(tx, tenant, opened.accounts, opened.added);
}

async function subtract(
  tx: Session,
  tenant: TenantId,
  accounts: readonly CapAccount[],
  freed: ReadonlyMap<number, bigint>,
): Promise<void> {
  if (freed.size === 0) return;
  const of = Array.from(freed.keys(), (place) => accounts[place] as CapAccount);
  await tx.query(
    `UPDATE cap_use u SET milligrams = u.milligrams - a.milligrams
     FROM unnest($2::text[], $3::integer[], $4::integer[], $5::text::uuid[], $6::text::uuid[], $7::bigint[])
       AS a (methodology, kind, period, hi, lo, milligrams)
     JOIN capped_methodologies m ON m.tenant = $1 AND m.methodology = a.methodology
     WHERE u.capped = m.capped AND u.kind = a.kind AND u.period = a.period
       AND u.subject_hi = a.hi AND u.subject_lo = a.lo`,
    [tenant, ...capColumns(of), [...freed.values()]],
  );
}
