import type { TenantId } from "../../../base/types/ids.ts";
import type { SubjectDay, SubjectDays } from "../../../stages/plausibility/ports.ts";
import { lockSubjects } from "./admissionLock.ts";
import type { CopyRow } from "../engine/copyFormat.ts";
import type { Session } from "../engine/database.ts";
import { ACT_BYTES, decodeDayAct, encodeDayAct } from "./dayActs.ts";

const COLUMNS = { tenant: "text", day_subject: "bytea", act: "bytea" } as const;
/** int4 and the subject key. */
const KEY_BYTES = 36;

/**
 * Reads what is stored of these days into them. Other admissions of the tenant that name subjects wait from
 * here to the transaction's end. Without days it does nothing.
 */
export async function loadSubjectDays(tx: Session, tenant: TenantId, { days }: SubjectDays): Promise<void> {
  if (days.length === 0) return;
  await lockSubjects(tx, tenant);
  // A statement of its own: it sees what was committed while the lock was waited for. One value instead of
  // one row each: handing over rows would cost more than finding them.
  const [stored] = await tx.query<{ found: Uint8Array | null }>(
    `SELECT string_agg(int4send(given.n) || known.act, ''::bytea) AS found
     FROM (SELECT n, substr($2::bytea, ${String(KEY_BYTES)} * n + 1, ${String(KEY_BYTES)}) AS key
     FROM generate_series(0, $3::integer - 1) AS n OFFSET 0) given
     CROSS JOIN LATERAL (SELECT d.act FROM subject_days d WHERE d.tenant = $1
     AND d.day_subject = given.key OFFSET 0) known`,
    [tenant, dayKeys(days), days.length],
  );
  const found = stored?.found ?? new Uint8Array();
  const view = new DataView(found.buffer, found.byteOffset, found.length);
  for (let at = 0; at < found.length; at += 4 + ACT_BYTES)
    days[view.getInt32(at)]?.acts.push(decodeDayAct(view, at + 4));
}

/** Stores what was kept. */
export async function saveSubjectDays(tx: Session, tenant: TenantId, { days }: SubjectDays): Promise<void> {
  const rows = days.flatMap((day): CopyRow[] => {
    if (day.added.length === 0) return [];
    const key = dayKeys([day]);
    return day.added.map((act) => [tenant, key, encodeDayAct(act)]);
  });
  if (rows.length > 0) await tx.copyIn("subject_days", COLUMNS, rows);
}

/** `subject_days.day_subject` of each of these days, one after another. */
function dayKeys(days: readonly SubjectDay[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(KEY_BYTES * days.length);
  for (const [index, { day, subjectKey }] of days.entries()) {
    bytes.writeInt32BE(day, KEY_BYTES * index);
    bytes.set(subjectKey, KEY_BYTES * index + 4);
  }
  return bytes;
}
