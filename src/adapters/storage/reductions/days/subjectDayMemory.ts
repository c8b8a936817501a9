import type { SubjectDay } from "../../../../stages/plausibility/ports.ts";
import { DayActStore, subjectDayWord } from "./dayActStore.ts";
import { KeyFilter } from "../keyFilter.ts";

/** What a Map takes for an entry of two small values, at the most. */
const DAY_BYTES = 64;

/** A tenant's row in `subject_turns`; null where there is none yet. */
export type Turn = string | null;

/**
 * What is stored of a tenant's subject days, as far as this process read or wrote it. It holds for one turn:
 * the database says under the tenant's lock which one it is, and where it is another than the one that was
 * left behind, somebody else wrote, and all is forgotten. What a transaction adds is kept apart until the
 * turn that it made is seen: only then is it committed.
 */
export class SubjectDayMemory {
  /** Undefined: nothing is known. */
  #turn: Turn | undefined = undefined;
  #added: { readonly turn: Turn; readonly days: readonly SubjectDay[] } | null = null;
  /** Days that were asked about: whether all subjects that have acts on them are in `#subjects`. */
  readonly #whole = new Map<number, boolean>();
  #subjects = new KeyFilter();
  /** Where a subject's day is in here, it is so with all of its acts. */
  readonly #acts = new DayActStore();

  /** Of memory. */
  get bytes(): number {
    return this.#acts.bytes + this.#subjects.bytes + this.#whole.size * DAY_BYTES;
  }

  /** The one that was caught up with; null before any as well. */
  get turn(): Turn {
    return this.#turn ?? null;
  }

  /** To be told the turn that is stored, under the lock. */
  catchUp(turn: Turn): void {
    if (this.#added !== null && turn === this.#added.turn) this.#enter(this.#added.days);
    else if (turn !== this.#turn) this.#forget();
    this.#turn = turn;
    this.#added = null;
  }

  /** Those of these days of which it is not known whether anything was stored before this process came. */
  unasked(days: readonly SubjectDay[]): number[] {
    return [...new Set(days.map(({ day }) => day))].filter((day) => !this.#whole.has(day));
  }

  /** Enters for days that were asked about at a turn whether they are bare: nothing is stored of them. */
  answer(turn: Turn, days: readonly number[], bare: ReadonlySet<number>): void {
    if (turn !== this.#turn) return;
    for (const day of days) this.#whole.set(day, bare.has(day));
  }

  /** Puts acts that are remembered into their days. Returns the days that must be looked up. */
  recall(turn: Turn, days: readonly SubjectDay[]): readonly SubjectDay[] {
    if (turn !== this.#turn) return days;
    return days.filter((day) => {
      const acts = this.#acts.find(day.subjectKey, day.day);
      if (acts !== null) day.acts.push(...acts);
      return acts === null && (this.#whole.get(day.day) !== true || this.#hasSubject(day));
    });
  }

  /**
   * Takes what a transaction added, whose turn will be this one if it is committed; null: somebody else's is,
   * so all will be forgotten.
   */
  add(turn: Turn, days: readonly SubjectDay[]): void {
    if (turn !== null) this.#added = { turn, days };
  }

  #hasSubject({ subjectKey, day }: SubjectDay): boolean {
    return this.#subjects.has(subjectDayWord(subjectKey, 0, day), subjectDayWord(subjectKey, 4, day));
  }

  #enter(days: readonly SubjectDay[]): void {
    if (this.#subjects.isFull) {
      this.#subjects = new KeyFilter();
      for (const day of this.#whole.keys()) this.#whole.set(day, false);
    }
    for (const one of days) {
      const { subjectKey, day, acts, added } = one;
      if (acts.length === 0) continue;
      this.#enterActs(one);
      if (added.length > 0 && this.#whole.get(day) === true && !this.#hasSubject(one))
        this.#subjects.add(subjectDayWord(subjectKey, 0, day), subjectDayWord(subjectKey, 4, day));
    }
  }

  #enterActs(one: SubjectDay): void {
    const { subjectKey, day, acts, added } = one;
    if (!this.#acts.reserve(acts.length)) return this.#acts.clear();
    const hasFormer = acts.length > added.length && this.#acts.find(subjectKey, day) !== null;
    for (const act of hasFormer ? added : acts) this.#acts.add(one, act);
  }

  #forget(): void {
    this.#whole.clear();
    this.#subjects = new KeyFilter();
    this.#acts.clear();
  }
}
