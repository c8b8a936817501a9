import { CAP_KINDS, type CapAccount } from "../../../base/types/reduction.ts";
import type { CapUse } from "../../../stages/dedupe/ports.ts";
import type { Session } from "../engine/database.ts";
import type { RecordOwner } from "../records/findRecords.ts";
import { uuidArray } from "../records/uuids.ts";
import { lockCaps } from "./admissionLock.ts";
import { HALF } from "./rowParts.ts";

/**
 * Reads what is used of these accounts into them: one look-up for each. Other admissions that count against
 * caps wait from here to the transaction's end. Without accounts it does nothing.
 */
export async function loadCapUse(
  tx: Session,
  { tenant }: Pick<RecordOwner, "tenant">,
  opened: CapUse,
): Promise<void> {
  const { accounts } = opened;
  if (accounts.length === 0) return;
  await lockCaps(tx, tenant);
  // A statement of its own: it sees what was committed while the lock was waited for.
  const rows = await tx.query<{ of: number; milligrams: bigint }>(
    `SELECT (given.n - 1)::int4 AS of, u.milligrams
     FROM unnest($2::text[], $3::integer[], $4::integer[], $5::text::uuid[], $6::text::uuid[])
       WITH ORDINALITY AS given (methodology, kind, period, hi, lo, n)
     JOIN capped_methodologies m ON m.tenant = $1 AND m.methodology = given.methodology
     CROSS JOIN LATERAL (SELECT * FROM cap_use c WHERE c.subject_hi = given.hi AND c.period = given.period
       AND c.capped = m.capped AND c.kind = given.kind AND c.subject_lo = given.lo OFFSET 0) u`,
    [tenant, ...capColumns(accounts)],
  );
  for (const { of, milligrams } of rows) opened.enter(of, milligrams);
}

/** Adds what was kept to what is used. */
export async function saveCapUse(
  tx: Session,
  { tenant, entry }: RecordOwner,
  { accounts, added }: CapUse,
): Promise<void> {
  if (added.size === 0) return;
  const of = Array.from(added.keys(), (place) => accounts[place] as CapAccount);
  await tx.query(
    `INSERT INTO capped_methodologies (tenant, methodology)
     SELECT DISTINCT $1, m FROM unnest($2::text[]) AS m ON CONFLICT DO NOTHING`,
    [tenant, [...new Set(of.map(({ methodology }) => methodology))]],
  );
  await tx.query(
    `INSERT INTO cap_use (tenant, capped, kind, period, subject_hi, subject_lo, milligrams)
     SELECT $8, m.capped, a.kind, a.period, a.hi, a.lo, a.milligrams
     FROM unnest($2::text[], $3::integer[], $4::integer[], $5::text::uuid[], $6::text::uuid[], $7::bigint[])
       AS a (methodology, kind, period, hi, lo, milligrams)
     JOIN capped_methodologies m ON m.tenant = $1 AND m.methodology = a.methodology
     ON CONFLICT (subject_hi, period, capped, kind, subject_lo)
     DO UPDATE SET milligrams = cap_use.milligrams + excluded.milligrams`,
    [tenant, ...capColumns(of), [...added.values()], entry.number],
  );
}

/** Accounts as five columns: methodology, kind, period and both halves of the subject. */
export function capColumns(accounts: readonly CapAccount[]) {
  const half = (from: number, { subjectKey: key }: CapAccount): string =>
    key === null
      ? "0".repeat(2 * HALF)
      : Buffer.from(key.buffer, key.byteOffset + from, HALF).toString("hex");
  return [
    accounts.map(({ methodology }) => methodology),
    accounts.map(({ kind }) => CAP_KINDS.indexOf(kind)),
    accounts.map(({ period }) => period),
    uuidArray(accounts.map((account) => half(0, account))),
    uuidArray(accounts.map((account) => half(HALF, account))),
  ] as const;
}
