import { SECONDS_PER_DAY } from "../../../../base/lib/time/units.ts";
import type { SubjectKey } from "../../../../base/types/ids.ts";
import type { DayAct, SubjectDay } from "../../../../stages/plausibility/ports.ts";
import { CopyLayout } from "../../engine/copyLayout.ts";
import { HALF, NO_END } from "../rowParts.ts";

/**
 * Where parts of an act begin, behind bytes of the second half of the subject key: int2 class, int2 days from
 * the act's own to the one it is kept under, int4 seconds from that one's midnight UTC to the start, int8
 * quantity, int4 seconds to the end or `NO_END`.
 */
const CLASS = 0;
const SHIFT = 2;
const START = 4;
const QUANTITY = 8;
const SECONDS = 16;
const TOLD_BYTES = 20;
/** Of the second half: a row has 80 bytes with them, 88 with all, as rows of earlier versions have it. */
const REST = 11;
export const DAY_ACTS = new CopyLayout({ subject: HALF, day: 4, tenant: 4, act: REST + TOLD_BYTES });

/** Rows of `subject_days`, for COPY: the acts that were kept under these days. */
export function dayActBytes(tenant: number, days: readonly SubjectDay[]): Uint8Array<ArrayBuffer> {
  const { at } = DAY_ACTS;
  const told = at.act + REST;
  const rows = DAY_ACTS.open(days.reduce((sum, { added }) => sum + added.length, 0));
  for (const { subjectKey, day, added } of days) {
    for (const act of added) {
      rows.next();
      rows.bytes(at.subject, subjectKey, 0, HALF);
      rows.int4(at.day, day, "day");
      rows.int4(at.tenant, tenant, "tenant");
      rows.bytes(at.act, subjectKey, HALF, HALF + REST);
      rows.int2(told + CLASS, act.scenarioClass, "class");
      rows.int2(told + SHIFT, day - act.day, "day");
      rows.int4(told + START, act.startedAt - day * SECONDS_PER_DAY, "start");
      rows.bigint(told + QUANTITY, act.quantity, "quantity");
      rows.int4(told + SECONDS, act.endedAt === null ? NO_END : act.endedAt - act.startedAt, "seconds");
    }
  }
  return rows.finish();
}

/** An act as it is stored, kept under `day`; null where it is another subject's. */
export function decodeDayAct(view: DataView, subjectKey: SubjectKey, day: number): DayAct | null {
  const told = view.byteLength - TOLD_BYTES;
  for (let i = 0; i < told; i++) if (view.getUint8(i) !== subjectKey[HALF + i]) return null;
  const startedAt = day * SECONDS_PER_DAY + view.getInt32(told + START);
  const seconds = view.getInt32(told + SECONDS);
  return {
    scenarioClass: view.getInt16(told + CLASS),
    day: day - view.getInt16(told + SHIFT),
    startedAt,
    quantity: view.getBigInt64(told + QUANTITY),
    endedAt: seconds === NO_END ? null : startedAt + seconds,
  };
}
