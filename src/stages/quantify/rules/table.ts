import { dayText } from "../../../base/lib/time/calendar.ts";
import type { TablePeriod, TableRule } from "../../../base/types/methodology.ts";
import type { Day } from "../../../base/types/quantities.ts";
import { attributeRefusal, REFUSALS } from "../reasonCodes.ts";
import { attributeReader } from "./attributeReader.ts";
import type { CompiledRule } from "./compiledRule.ts";
import { factorOf } from "./factorOf.ts";

/** Quantity times the factor of the row for the act's period, or for an attribute's text. */
export function table({ by, rows }: TableRule): CompiledRule {
  const factors = new Map(rows.map(({ value, gramsPerUnit }) => [value, factorOf(gramsPerUnit)]));
  const noRow = typeof by === "string" ? REFUSALS.noRow : attributeRefusal("rule.no-row", by.attribute);
  const valueOf =
    typeof by === "string"
      ? (
          (period) => (_record: unknown, day: Day) =>
            periodOf(period, day)
        )(by)
      : (
          (text) => (record: Parameters<typeof text>[0]) =>
            text(record)
        )(attributeReader(by.attribute).text);
  return (record, quantity, day) => {
    const value = valueOf(record, day);
    if (typeof value !== "string") return value;
    const factor = factors.get(value);
    return factor === undefined ? noRow : { times: quantity * factor.times, per: factor.per };
  };
}

/** E.g. "2025", "2025-Q3", "2025-07". */
function periodOf(period: TablePeriod, day: Day): string {
  const [year = "", month = ""] = dayText(day).split("-");
  if (period === "year") return year;
  return period === "month" ? `${year}-${month}` : `${year}-Q${String(Math.ceil(Number(month) / 3))}`;
}
