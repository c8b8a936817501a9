import type { DayAct } from "../../../stages/plausibility/ports.ts";

/**
 * uint16 class, int32 day, int64 start, int64 quantity, uint32 seconds to the end or `NO_END`; big endian.
 */
export const ACT_BYTES = 26;
const NO_END = 0xffff_ffff;

/** An act as `subject_days.act` holds it. */
export function encodeDayAct({ scenarioClass, day, startedAt, quantity, endedAt }: DayAct): Uint8Array {
  const bytes = new Uint8Array(ACT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, scenarioClass);
  view.setInt32(2, day);
  view.setBigInt64(6, BigInt(startedAt));
  view.setBigInt64(14, quantity);
  view.setUint32(22, endedAt === null ? NO_END : Math.min(endedAt - startedAt, NO_END - 1));
  return bytes;
}

/** The act that begins at byte `at`. */
export function decodeDayAct(view: DataView, at: number): DayAct {
  const startedAt = Number(view.getBigInt64(at + 6));
  const seconds = view.getUint32(at + 22);
  return {
    scenarioClass: view.getUint16(at),
    day: view.getInt32(at + 2),
    startedAt,
    quantity: view.getBigInt64(at + 14),
    endedAt: seconds === NO_END ? null : startedAt + seconds,
  };
}
