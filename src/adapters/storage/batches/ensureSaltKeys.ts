import type { ProviderId, SubjectKey, TenantId } from "../../../base/types/ids.ts";
import type { SaltHolder } from "../../../stages/dedupe/ports.ts";
import type { Database } from "../engine/database.ts";
import { closingFacts } from "./closingFacts.ts";
import { HOLDER } from "./pooledRows.ts";
import { knownClosing } from "./knownClosing.ts";

/** Making this many takes some ten milliseconds. */
const KEYS_PER_BATCH = 5_000;
/** As SQL's `salt_holder` begins: a subject's key follows, or a provider's id. */
const SUBJECT = 0x01;
/**
 * Holders of one statement come in ascending order, so that two closers of one closing never wait for each
 * other in a circle; the second one's keys give way to what the first one stored.
 */
const INSERT = `WITH made AS (
    INSERT INTO subject_salt_keys (tenant, holder, since_closing, sealed_key)
    SELECT $1, decode(m.holder, 'hex'), $2, decode(m.stored, 'hex')
    FROM unnest($3::text[], $4::text[]) AS m (holder, stored)
    ON CONFLICT DO NOTHING RETURNING 1)
  SELECT count(*) AS made FROM made`;

/**
 * Gives every subject of a closing (and every provider with acts that name nobody) a salt key where it has
 * none or its last one was erased before this closing. Returns how many were made. Idempotent;
 * resumes where it was cut; two at once come to one key a holder.
 * @param newSaltKeys makes what is stored for these holders
 * @throws StateError `closing.unknown`
 */
export async function ensureSaltKeys(
  db: Database,
  tenant: TenantId,
  closingId: Uint8Array,
  newSaltKeys: (holders: readonly SaltHolder[]) => Promise<readonly Uint8Array[]>,
): Promise<number> {
  const closing = await knownClosing(db, tenant, closingId);
  const { facts, parameters } = await closingFacts(db, tenant, closing);
  const missing = `SELECT h.holder FROM (SELECT DISTINCT ${HOLDER} AS holder FROM ${facts}) h
    WHERE coalesce(
      (SELECT k.sealed_key IS NULL AND k.since_closing < $2 FROM subject_salt_keys k
       WHERE k.tenant = $1 AND k.holder = h.holder AND k.since_closing <= $2 ORDER BY k.since_closing DESC
       LIMIT 1), true)
    ORDER BY h.holder`;
  let made = 0;
  for await (const rows of db.stream<{ holder: Uint8Array }>(missing, parameters, KEYS_PER_BATCH)) {
    const stored = await newSaltKeys(rows.map(({ holder }) => holderOf(holder)));
    const [inserted] = await db.query<{ made: bigint }>(INSERT, [
      tenant,
      closing.number,
      rows.map(({ holder }) => hexOf(holder)),
      stored.map((row) => hexOf(row)),
    ]);
    made += Number(inserted?.made ?? 0n);
  }
  return made;
}

function holderOf(holder: Uint8Array): SaltHolder {
  const rest = holder.slice(1);
  return holder[0] === SUBJECT
    ? { subjectKey: rest as SubjectKey }
    : { subjectKey: null, provider: new TextDecoder().decode(rest) as ProviderId };
}

/** Arrays of bytes would go through the drivers one by one. */
function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
