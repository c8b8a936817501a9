import { utcDay } from "../../../base/lib/time/calendar.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type { NamedReduction } from "../../../stages/dedupe/ports.ts";
import { recordName } from "../records/findRecords.ts";
import type { RecordTags } from "../records/recordKeys.ts";
import { HALF } from "./rowParts.ts";

/** A reduction with all that it is looked up and stored by. */
export class KeyedReduction implements NamedReduction {
  readonly reduction: Reduction;
  readonly record: string;
  readonly key: string;
  readonly utcDay: number;
  /** Where in `tags` its record's hash is. */
  readonly place: number;
  readonly tags: RecordTags;

  constructor(reduction: Reduction, tags: RecordTags, place: number) {
    const { record, activityKey } = reduction;
    this.reduction = reduction;
    this.record = recordName(record.provider, record.recordId);
    // One character a byte.
    this.key = Buffer.from(activityKey.buffer, activityKey.byteOffset, activityKey.length).toString("latin1");
    this.utcDay = utcDay(record.startedAt);
    this.place = place;
    this.tags = tags;
  }

  /** Of its record (`recordTags`). Few are asked for it, as for what follows. */
  get hash(): string {
    return this.tags.text(this.place);
  }

  /** The same with so many milligrams; itself where none are given. */
  cutTo(milligrams: Milligrams | undefined): KeyedReduction {
    if (milligrams === undefined) return this;
    return new KeyedReduction({ ...this.reduction, milligrams }, this.tags, this.place);
  }

  /** The half of the activity key that is indexed, and the day: what parts are counted under. */
  get half(): string {
    return halfName(this.key, this.utcDay);
  }
}

export function halfName(key: string, day: number): string {
  return key.slice(0, HALF) + String(day);
}
