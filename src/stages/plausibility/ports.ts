import type { SubjectKey } from "../../base/types/ids.ts";
import type { ImplausibleDayCode } from "../../base/types/plausibility.ts";
import type { Reduction } from "../../base/types/reduction.ts";

/** What is kept of an act to judge a subject's later ones. */
export interface DayAct {
  readonly scenarioClass: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Millionths of the unit. */
  readonly quantity: bigint;
  /** The local day under which the act counts: that of its start. */
  readonly day: number;
}

/** The rules of a subject's day, applied inside the transaction that admits an act. */
export interface DayRules {
  actOf(reduction: Reduction): DayAct;
  /**
   * The local days under which an act is kept and looked up: that of its start, and further ones that it
   * reaches into. Two acts that exclude each other share one.
   */
  daysOf(act: DayAct): readonly number[];
  /**
   * Why the act can't be true beside the others of its subject, or null: `own` are those kept under its own
   * day, `further` those under its other ones.
   */
  judge(act: DayAct, own: readonly DayAct[], further: readonly DayAct[]): ImplausibleDayCode | null;
}

/** One subject's local day. */
export interface SubjectDay {
  readonly subjectKey: SubjectKey;
  readonly day: number;
  /** Those that are stored, and those kept since. */
  readonly acts: DayAct[];
  /** Those kept since alone. */
  readonly added: readonly DayAct[];
}

/**
 * The days of the subjects of a chunk. Knows the reductions that it was opened for, by identity; acts that
 * name nobody have no day and are not judged.
 */
export interface SubjectDays {
  /** Each once. Storage puts into `acts` what it has before anything is asked. */
  readonly days: readonly SubjectDay[];
  /**
   * Whether the subject has an act of this class and minute, and so, but for what was admitted without being
   * entered here, whether the activity key can be claimed already. True for an act that names nobody.
   */
  mayBeClaimed(reduction: Reduction): boolean;
  /** Why an act can't be true beside those of its subject that are stored or kept, or null. */
  judge(reduction: Reduction): ImplausibleDayCode | null;
  /** Counts an act that is admitted. */
  keep(reduction: Reduction): void;
}

/** The days that these acts touch, still without what is stored of them. */
export type OpenSubjectDays = (rules: DayRules, reductions: readonly Reduction[]) => SubjectDays;
