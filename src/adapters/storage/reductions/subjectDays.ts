import type { SubjectDay, SubjectDays } from "../../../stages/plausibility/ports.ts";
import { lockSubjects } from "./admissionLock.ts";
import type { Session } from "../engine/database.ts";
import type { RecordOwner } from "../records/findRecords.ts";
import { uuidArray } from "../records/uuids.ts";
import { ACT_BYTES, DAY_COLUMNS, dayActBytes, decodeDayAct } from "./dayActs.ts";
import { ensureDayRanges } from "./ensureDayRanges.ts";
import { HALF } from "./rowParts.ts";

/**
 * Reads what is stored of these days into them. Other admissions of the tenant that name subjects wait from
 * here to the transaction's end. Without days it does nothing.
 */
export async function loadSubjectDays(
  tx: Session,
  { tenant, entry }: RecordOwner,
  { days }: SubjectDays,
): Promise<void> {
  if (days.length === 0) return;
  await lockSubjects(tx, tenant);
  const numbers = days.map(({ day }) => day);
  // A statement of its own: it sees what was committed while the lock was waited for. One value instead of
  // one row each: handing over rows would cost more than finding them.
  const [stored] = await tx.query<{ found: Uint8Array | null }>(
    `SELECT string_agg(int4send(given.n::integer - 1) || known.act, ''::bytea) AS found
     FROM unnest($2::text::uuid[], $3::integer[]) WITH ORDINALITY AS given (subject, day, n)
     CROSS JOIN LATERAL (SELECT d.act FROM subject_days d WHERE d.subject = given.subject
     AND d.day = given.day AND d.day BETWEEN $4 AND $5 AND d.tenant = $1 OFFSET 0) known`,
    [
      entry.number,
      uuidArray(days.map(({ subjectKey }) => hexOfHalf(subjectKey))),
      numbers,
      numbers.reduce((a, b) => Math.min(a, b)),
      numbers.reduce((a, b) => Math.max(a, b)),
    ],
  );
  const found = stored?.found ?? new Uint8Array();
  const view = new DataView(found.buffer, found.byteOffset, found.length);
  for (let at = 0; at < found.length; at += 4 + ACT_BYTES) {
    const day = days[view.getInt32(at)] as SubjectDay;
    const act = decodeDayAct(view, at + 4, day.subjectKey, day.day);
    if (act !== null) day.acts.push(act);
  }
}

/**
 * Stores what was kept.
 * @param today day around which days get ranges of their own
 */
export async function saveSubjectDays(
  tx: Session,
  { entry }: RecordOwner,
  { days }: SubjectDays,
  today: number,
): Promise<void> {
  const touched = days.filter(({ added }) => added.length > 0);
  if (touched.length === 0) return;
  await ensureDayRanges(tx, "subject_days", new Set(touched.map(({ day }) => day)), today);
  await tx.copyBytes("subject_days", DAY_COLUMNS, dayActBytes(entry.number, touched));
}

function hexOfHalf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, HALF).toString("hex");
}
