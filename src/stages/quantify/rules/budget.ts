import { scaleDecimal } from "../../../base/lib/decimal.ts";
import { DAYS_PER_WEEK, SECONDS_PER_MINUTE } from "../../../base/lib/time/units.ts";
import { localDay } from "../../../base/lib/time/zone.ts";
import type { BudgetRule } from "../../../base/types/methodology.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { attributeRefusal, REFUSALS } from "../reasonCodes.ts";
import { attributeReader } from "./attributeReader.ts";
import type { CompiledRule } from "./compiledRule.ts";

/** Milligrams per gram are as many as millionths of a gram per milligram. */
const PER_MILLIGRAM = 1_000n;
/** 1970-01-01 was a Thursday. */
const DAYS_FROM_MONDAY = 3;

/**
 * Budget of a week less its emissions, where enough of its days were measured. A week begins with the first
 * minute of a Monday, so that a subject has one activity key a week, and no second record of it earns. It
 * ends on its Sunday: a record of less would leave the whole week's budget.
 */
export function budget(rule: BudgetRule, timeZone: string): CompiledRule {
  const most = scaleDecimal(rule.gramsPerPeriod, 6);
  const { text, malformed } = attributeReader(rule.coverage);
  const tooLittle = attributeRefusal("rule.coverage", rule.coverage);
  return (record, quantity, day) => {
    const { startedAt, endedAt } = record;
    const before = localDay(timeZone, (startedAt - SECONDS_PER_MINUTE) as UnixSeconds);
    if ((day + DAYS_FROM_MONDAY) % DAYS_PER_WEEK !== 0 || before === day) return REFUSALS.week;
    // Its last second lies on the last day: it may end with the first second of the next week, not later.
    if (endedAt === null || endedAt <= startedAt) return REFUSALS.week;
    const last = localDay(timeZone, (endedAt - 1) as UnixSeconds);
    if (last !== day + DAYS_PER_WEEK - 1) return REFUSALS.week;
    const covered = text(record);
    if (typeof covered !== "string") return covered;
    if (!/^[0-7]$/.test(covered)) return malformed;
    if (Number(covered) < rule.leastCoverage) return tooLittle;
    return quantity >= most ? REFUSALS.budgetSpent : { times: most - quantity, per: PER_MILLIGRAM };
  };
}
