import type { ImplausibleDayCode } from "../../base/types/plausibility.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import type { SubjectKey } from "../../base/types/ids.ts";
import type { DayAct, DayRules, SubjectDay, SubjectDays } from "./ports.ts";

type OpenDay = SubjectDay & { readonly added: DayAct[] };

const NO_DAYS: readonly OpenDay[] = [];

/** An act with the days that it touches, its own first. */
interface PlacedAct {
  readonly act: DayAct;
  readonly own: OpenDay;
  readonly further: readonly OpenDay[];
}

/** The days that these acts touch. `rules` say which, and judge each act beside those kept before it. */
export function openSubjectDays(rules: DayRules, reductions: readonly Reduction[]): SubjectDays {
  const opened = new OpenedDays(rules);
  for (const reduction of reductions) opened.place(reduction);
  return opened;
}

class OpenedDays implements SubjectDays {
  readonly days: OpenDay[] = [];
  readonly #rules: DayRules;
  readonly #byName = new Map<string, OpenDay>();
  readonly #placed = new Map<Reduction, PlacedAct>();

  constructor(rules: DayRules) {
    this.#rules = rules;
  }

  place(reduction: Reduction): void {
    const { subjectKey, claim } = reduction;
    // A project's month is nothing that somebody does on a day.
    if (subjectKey === null || claim?.side === "project") return;
    const subject = Buffer.from(subjectKey.buffer, subjectKey.byteOffset, subjectKey.length).toString(
      "latin1",
    );
    const act = this.#rules.actOf(reduction);
    const days = this.#rules.daysOf(act);
    const [first] = days;
    if (first === undefined) return;
    const own = this.#open(subjectKey, subject, first);
    // Nearly all acts lie within one day.
    const further =
      days.length === 1 ? NO_DAYS : days.slice(1).map((day) => this.#open(subjectKey, subject, day));
    this.#placed.set(reduction, { act, own, further });
  }

  #open(subjectKey: SubjectKey, subject: string, day: number): OpenDay {
    const name = `${subject}${String(day)}`;
    let open = this.#byName.get(name);
    if (!open) {
      open = { subjectKey, day, acts: [], added: [] };
      this.#byName.set(name, open);
      this.days.push(open);
    }
    return open;
  }

  mayBeClaimed(reduction: Reduction): boolean {
    const placed = this.#placed.get(reduction);
    if (!placed) return true;
    const { act, own } = placed;
    return own.acts.some(
      (other) => other.scenarioClass === act.scenarioClass && minuteOf(other) === minuteOf(act),
    );
  }

  judge(reduction: Reduction): ImplausibleDayCode | null {
    const placed = this.#placed.get(reduction);
    if (!placed) return null;
    const { act, own, further } = placed;
    return this.#rules.judge(act, own.acts, further.length === 0 ? [] : further.flatMap(({ acts }) => acts));
  }

  keep(reduction: Reduction): void {
    const placed = this.#placed.get(reduction);
    if (!placed) return;
    for (const day of [placed.own, ...placed.further]) {
      day.acts.push(placed.act);
      day.added.push(placed.act);
    }
  }
}

/** Activity keys are made of the start's minute. */
const minuteOf = ({ startedAt }: DayAct): number => Math.floor(startedAt / 60);
