import { utcDay } from "../../../base/lib/calendar.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type { NamedReduction } from "../../../stages/dedupe/ports.ts";
import { recordName } from "../records/findRecords.ts";
import { HALF } from "./rowParts.ts";

/** A reduction with all that it is looked up and stored by. */
export interface KeyedReduction extends NamedReduction {
  /** Of its record (`recordTags`). */
  readonly hash: string;
  readonly utcDay: number;
  /** The half of the activity key that is indexed, and the day: what parts are counted under. */
  readonly half: string;
}

/** Activity keys become texts of one character a byte. */
export function keyedReductions(
  reductions: readonly Reduction[],
  hashes: readonly string[],
): KeyedReduction[] {
  return reductions.map((reduction, i) => {
    const { record, activityKey } = reduction;
    const key = Buffer.from(activityKey.buffer, activityKey.byteOffset, activityKey.length).toString(
      "latin1",
    );
    const day = utcDay(record.startedAt);
    return {
      reduction,
      record: recordName(record.provider, record.recordId),
      key,
      hash: hashes[i] as string,
      utcDay: day,
      half: halfName(key, day),
    };
  });
}

export function halfName(key: string, day: number): string {
  return key.slice(0, HALF) + String(day);
}
