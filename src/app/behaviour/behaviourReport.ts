import { countBehaviour } from "../../adapters/storage/reductions/countBehaviour.ts";
import { InputError } from "../../base/errors/errors.ts";
import { firstDayOf } from "../../base/lib/time/calendar.ts";
import { formatDecimal, MICRO_PLACES } from "../../base/lib/decimal.ts";
import type { Day } from "../../base/types/quantities.ts";
import type { Context } from "../context.ts";

/**
 * What behaviour came to in a calendar year of its regions. It is counted, and nothing of it is ever
 * minted.
 */
export interface BehaviourReport {
  readonly year: number;
  /** By region and class. */
  readonly counts: readonly {
    readonly region: string;
    readonly scenario: string;
    readonly acts: number;
    /** Minimal decimal, in `unit`. */
    readonly quantity: string;
    readonly unit: string;
    /** Decimal string of whole milligrams. */
    readonly milligrams: string;
  }[];
}

/** @throws InputError `behaviour.year` */
export async function behaviourReport(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  year: number,
): Promise<BehaviourReport> {
  if (!Number.isInteger(year) || year < 1970 || year > 9999)
    throw new InputError("behaviour.year", "A year is written as 2025.");
  const counts = await countBehaviour(db, tenant, firstDayOf(year), (firstDayOf(year + 1) - 1) as Day);
  return {
    year,
    counts: counts.map(({ region, scenario, acts, quantity, unit, milligrams }) => ({
      region,
      scenario,
      acts,
      quantity: formatDecimal(quantity, MICRO_PLACES),
      unit,
      milligrams: milligrams.toString(),
    })),
  };
}
