import type { SubjectDay, SubjectDays } from "../../../../stages/plausibility/ports.ts";
import { lockSubjects } from "../admissionLock.ts";
import type { Session } from "../../engine/database.ts";
import type { RecordOwner } from "../../records/findRecords.ts";
import type { TenantEntry } from "../../records/tenantEntry.ts";
import { uuidArray } from "../../records/uuids.ts";
import { DAY_ACTS, dayActBytes, decodeDayAct } from "./dayActs.ts";
import { ensureDayRanges } from "../ensureDayRanges.ts";
import { HALF } from "../rowParts.ts";
import type { SubjectDayMemory, Turn } from "./subjectDayMemory.ts";

/**
 * Reads what is stored of these days into them, as far as it is not remembered. Other admissions of the
 * tenant that name subjects wait from here to the transaction's end. Without days it does nothing.
 */
export async function loadSubjectDays(
  tx: Session,
  { tenant, entry }: RecordOwner,
  { days }: SubjectDays,
  memory: SubjectDayMemory,
): Promise<void> {
  if (days.length === 0) return;
  await lockSubjects(tx, tenant);
  // A statement of its own: it sees what was committed while the lock was waited for. What this transaction
  // adds is no change by hand.
  const [row] = await tx.query<{ turn: string | null }>(
    `SELECT (SELECT turn::text FROM subject_turns WHERE tenant = $1) AS turn,
       set_config('microtonne.admits', 'yes', true)`,
    [entry.number],
  );
  const turn = row?.turn ?? null;
  memory.catchUp(turn);
  const unasked = memory.unasked(days);
  if (unasked.length > 0) memory.answer(turn, unasked, await bareDays(tx, unasked));
  await lookUp(tx, entry, memory.recall(turn, days));
}

/** Those of these days for which there is no range yet. */
async function bareDays(tx: Session, days: readonly number[]): Promise<Set<number>> {
  const rows = await tx.query<{ day: number }>(
    `SELECT d AS day FROM (SELECT day_ranges('subject_days') AS ranges OFFSET 0) covered,
       unnest($1::integer[]) AS d WHERE NOT ranges @> d`,
    [days],
  );
  return new Set(rows.map(({ day }) => day));
}

async function lookUp(tx: Session, { number }: TenantEntry, days: readonly SubjectDay[]): Promise<void> {
  if (days.length === 0) return;
  const numbers = days.map(({ day }) => day);
  // One value instead of one row each: handing over rows would cost more than finding them.
  const [stored] = await tx.query<{ found: Uint8Array | null }>(
    `SELECT string_agg(int4send(given.n::integer - 1) || int2send(length(known.act)::int2)
       || known.act, ''::bytea) AS found
     FROM unnest($2::text::uuid[], $3::integer[]) WITH ORDINALITY AS given (subject, day, n)
     CROSS JOIN LATERAL (SELECT d.act FROM subject_days d WHERE d.subject = given.subject
     AND d.day = given.day AND d.day BETWEEN $4 AND $5 AND d.tenant = $1 OFFSET 0) known`,
    [
      number,
      uuidArray(days.map(({ subjectKey }) => hexOfHalf(subjectKey))),
      numbers,
      numbers.reduce((a, b) => Math.min(a, b)),
      numbers.reduce((a, b) => Math.max(a, b)),
    ],
  );
  const found = stored?.found ?? new Uint8Array();
  const view = new DataView(found.buffer, found.byteOffset, found.length);
  for (let at = 0; at < found.length;) {
    const day = days[view.getInt32(at)] as SubjectDay;
    const length = view.getInt16(at + 4);
    const bytes = new DataView(found.buffer, found.byteOffset + at + 6, length);
    const act = decodeDayAct(bytes, day.subjectKey, day.day);
    if (act !== null) day.acts.push(act);
    at += 6 + length;
  }
}

/**
 * Stores what was kept, and makes the turn another one.
 * @param today day around which days get ranges of their own
 */
export async function saveSubjectDays(
  tx: Session,
  { entry }: RecordOwner,
  { days }: SubjectDays,
  today: number,
  memory: SubjectDayMemory,
): Promise<void> {
  const touched = days.filter(({ added }) => added.length > 0);
  if (touched.length === 0) return;
  await ensureDayRanges(tx, "subject_days", new Set(touched.map(({ day }) => day)), today);
  await DAY_ACTS.copy(tx, "subject_days", dayActBytes(entry.number, touched));
  memory.add(await nextTurn(tx, entry, memory.turn), days);
}

/**
 * Makes the turn that was read another one. Null where it is not the one that was read any more: somebody
 * changed rows by hand meanwhile, and his turn stays, which nobody remembers anything of.
 */
async function nextTurn(tx: Session, { number }: TenantEntry, turn: Turn): Promise<Turn> {
  const [left] =
    turn === null
      ? await tx.query<{ turn: string }>(
          `INSERT INTO subject_turns (tenant) VALUES ($1) ON CONFLICT DO NOTHING
           RETURNING turn::text AS turn`,
          [number],
        )
      : await tx.query<{ turn: string }>(
          `UPDATE subject_turns SET turn = gen_random_uuid() WHERE tenant = $1 AND turn = $2::text::uuid
           RETURNING turn::text AS turn`,
          [number, turn],
        );
  return left?.turn ?? null;
}

function hexOfHalf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, HALF).toString("hex");
}
