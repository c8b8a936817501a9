import type { DayAct } from "../../stages/plausibility/ports.ts";

/** uint16 class, int32 day, int64 start, int64 quantity, uint32 seconds to the end or `NO_END`; big endian. */
const ACT_BYTES = 26;
const NO_END = 0xffff_ffff;

/** Acts one after another, as `subject_days.acts` holds them. */
export function encodeDayActs(acts: readonly DayAct[]): Uint8Array {
  const bytes = new Uint8Array(acts.length * ACT_BYTES);
  const view = new DataView(bytes.buffer);
  acts.forEach(({ scenarioClass, day, startedAt, quantity, endedAt }, i) => {
    const at = i * ACT_BYTES;
    view.setUint16(at, scenarioClass);
    view.setInt32(at + 2, day);
    view.setBigInt64(at + 6, BigInt(startedAt));
    view.setBigInt64(at + 14, quantity);
    view.setUint32(at + 22, endedAt === null ? NO_END : Math.min(endedAt - startedAt, NO_END - 1));
  });
  return bytes;
}

export function decodeDayActs(bytes: Uint8Array): DayAct[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / ACT_BYTES }, (_, i): DayAct => {
    const at = i * ACT_BYTES;
    const startedAt = Number(view.getBigInt64(at + 6));
    const seconds = view.getUint32(at + 22);
    return {
      scenarioClass: view.getUint16(at),
      day: view.getInt32(at + 2),
      startedAt,
      quantity: view.getBigInt64(at + 14),
      endedAt: seconds === NO_END ? null : startedAt + seconds,
    };
  });
}
