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

/** The rules of a subject's day, as storage applies them inside the transaction that admits an act. */
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
