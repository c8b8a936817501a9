import type { SubjectKey } from "../../../../base/types/ids.ts";
import type { DayAct, SubjectDay } from "../../../../stages/plausibility/ports.ts";
import { HALF } from "../rowParts.ts";

const FIRST_ACTS = 2 ** 12;
/** About 21 MB. */
const MAX_ACTS = 2 ** 18;
const GROWTH = 4;
/** Of a subject key. */
const SUBJECT_BYTES = 2 * HALF;

/** Acts by number, from 1. */
interface Acts {
  readonly subjects: Uint8Array;
  /** The day under which an act is kept, and its own. */
  readonly days: Int32Array;
  readonly ownDays: Int32Array;
  readonly classes: Int32Array;
  readonly startedAt: Float64Array;
  /** NaN where no end is known. */
  readonly endedAt: Float64Array;
  readonly quantities: BigInt64Array;
  /** The act before it in its chain; 0 ends it. */
  readonly before: Int32Array;
}

/** Acts by subject and day, in flat memory: as objects they would cost more than they save. */
export class DayActStore {
  #acts = emptyActs(0);
  /** By slot the latest act of a chain. */
  #heads = new Int32Array();
  #room = 0;
  #count = 0;

  /** Of memory. */
  get bytes(): number {
    const columns = Object.values(this.#acts) as readonly ArrayBufferView[];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, this.#heads.byteLength);
  }

  /** In the order in which they were added; null where none is. */
  find(subjectKey: SubjectKey, day: number): DayAct[] | null {
    if (this.#count === 0) return null;
    const { days, before } = this.#acts;
    let found: DayAct[] | null = null;
    for (let n = this.#heads[this.#slot(subjectKey, day)] as number; n > 0; n = before[n] as number)
      if (days[n] === day && this.#isOf(subjectKey, n)) (found ??= []).push(this.#act(n));
    return found?.toReversed() ?? null;
  }

  /** Makes room for so many more, if need be by forgetting all. Returns false where that would not do. */
  reserve(count: number): boolean {
    if (count > MAX_ACTS) return false;
    if (this.#count + count > MAX_ACTS) this.clear();
    while (this.#count + count > this.#room) this.#grow();
    return true;
  }

  /** There must be room. */
  add({ subjectKey, day }: SubjectDay, act: DayAct): void {
    const n = ++this.#count;
    const { subjects, days, ownDays, classes, startedAt, endedAt, quantities } = this.#acts;
    subjects.set(subjectKey, n * SUBJECT_BYTES);
    days[n] = day;
    ownDays[n] = act.day;
    classes[n] = act.scenarioClass;
    startedAt[n] = act.startedAt;
    endedAt[n] = act.endedAt ?? Number.NaN;
    quantities[n] = act.quantity;
    this.#link(n, this.#slot(subjectKey, day));
  }

  clear(): void {
    this.#count = 0;
    this.#heads.fill(0);
  }

  #grow(): void {
    this.#room = Math.max(FIRST_ACTS, this.#room * GROWTH);
    const [old, acts] = [this.#acts, emptyActs(this.#room)];
    acts.subjects.set(old.subjects);
    acts.days.set(old.days);
    acts.ownDays.set(old.ownDays);
    acts.classes.set(old.classes);
    acts.startedAt.set(old.startedAt);
    acts.endedAt.set(old.endedAt);
    acts.quantities.set(old.quantities);
    this.#acts = acts;
    this.#heads = new Int32Array(2 * this.#room);
    for (let n = 1; n <= this.#count; n++) {
      const subject = acts.subjects.subarray(n * SUBJECT_BYTES, (n + 1) * SUBJECT_BYTES);
      this.#link(n, this.#slot(subject, acts.days[n] as number));
    }
  }

  #link(n: number, slot: number): void {
    this.#acts.before[n] = this.#heads[slot] as number;
    this.#heads[slot] = n;
  }

  #isOf(subjectKey: Uint8Array, n: number): boolean {
    const { subjects } = this.#acts;
    for (let i = 0; i < SUBJECT_BYTES; i++)
      if (subjects[n * SUBJECT_BYTES + i] !== subjectKey[i]) return false;
    return true;
  }

  #act(n: number): DayAct {
    const { ownDays, classes, startedAt, endedAt, quantities } = this.#acts;
    const end = endedAt[n] as number;
    return {
      scenarioClass: classes[n] as number,
      startedAt: startedAt[n] as number,
      endedAt: Number.isNaN(end) ? null : end,
      quantity: quantities[n] as bigint,
      day: ownDays[n] as number,
    };
  }

  #slot(subject: Uint8Array, day: number): number {
    return subjectDayWord(subject, 0, day) & (this.#heads.length - 1);
  }
}

function emptyActs(room: number): Acts {
  const size = room + 1;
  return {
    subjects: new Uint8Array(size * SUBJECT_BYTES),
    days: new Int32Array(size),
    ownDays: new Int32Array(size),
    classes: new Int32Array(size),
    startedAt: new Float64Array(size),
    endedAt: new Float64Array(size),
    quantities: new BigInt64Array(size),
    before: new Int32Array(size),
  };
}

/** Four bytes of a subject's key, which are as good as random, stirred with the day. */
export function subjectDayWord(subject: Uint8Array, at: number, day: number): number {
  let word = 0;
  for (let i = at; i < at + 4; i++) word = (word << 8) | (subject[i] as number);
  return word ^ Math.imul(day, 0x9e3779b1);
}
