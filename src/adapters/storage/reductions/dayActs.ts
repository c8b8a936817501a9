import { SECONDS_PER_DAY } from "../../../base/lib/time.ts";
import type { SubjectKey } from "../../../base/types/ids.ts";
import type { DayAct, SubjectDay } from "../../../stages/plausibility/ports.ts";
import { CopyLayout } from "../engine/copyLayout.ts";
import { HALF, NO_END } from "./rowParts.ts";

/**
 * Where parts of an act begin: behind the second half of the subject key int2 class, int2 days from the act's
 * own to the one it is kept under, int4 seconds from that one's midnight UTC to the start, int8 quantity,
 * int4 seconds to the end or `NO_END`.
 */
const CLASS = HALF;
const SHIFT = HALF + 2;
const START = HALF + 4;
const QUANTITY = HALF + 8;
const SECONDS = HALF + 16;
export const ACT_BYTES = HALF + 20;
export const DAY_ACTS = new CopyLayout({ subject: HALF, day: 4, tenant: 4, act: ACT_BYTES });

/** Rows of `subject_days`, for COPY: the acts that were kept under these days. */
export function dayActBytes(tenant: number, days: readonly SubjectDay[]): Uint8Array<ArrayBuffer> {
  const { at } = DAY_ACTS;
  const rows = DAY_ACTS.open(days.reduce((sum, { added }) => sum + added.length, 0));
  for (const { subjectKey, day, added } of days) {
    for (const act of added) {
      rows.next();
      rows.bytes(at.subject, subjectKey, 0, HALF);
      rows.int4(at.day, day, "day");
      rows.int4(at.tenant, tenant, "tenant");
      rows.bytes(at.act, subjectKey, HALF, 2 * HALF);
      rows.int2(at.act + CLASS, act.scenarioClass, "class");
      rows.int2(at.act + SHIFT, day - act.day, "day");
      rows.int4(at.act + START, act.startedAt - day * SECONDS_PER_DAY, "start");
      rows.bigint(at.act + QUANTITY, act.quantity, "quantity");
      rows.int4(at.act + SECONDS, act.endedAt === null ? NO_END : act.endedAt - act.startedAt, "seconds");
    }
  }
  return rows.finish();
}

/** The act at byte `at`, kept under `day`; null where it is another subject's. */
export function decodeDayAct(view: DataView, at: number, subjectKey: SubjectKey, day: number): DayAct | null {
  for (let i = 0; i < HALF; i++) if (view.getUint8(at + i) !== subjectKey[HALF + i]) return null;
  const startedAt = day * SECONDS_PER_DAY + view.getInt32(at + START);
  const seconds = view.getInt32(at + SECONDS);
  return {
    scenarioClass: view.getInt16(at + CLASS),
    day: day - view.getInt16(at + SHIFT),
    startedAt,
    quantity: view.getBigInt64(at + QUANTITY),
    endedAt: seconds === NO_END ? null : startedAt + seconds,
  };
}
