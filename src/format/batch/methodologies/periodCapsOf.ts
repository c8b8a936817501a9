import { scaleDecimal } from "../../../base/lib/decimal.ts";
import { MAX_MILLIGRAMS, MILLIGRAM_PLACES_OF_A_GRAM } from "../../../base/lib/mass.ts";
import type { Methodology } from "../../../base/types/methodology.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { PeriodCaps } from "../../../base/types/reduction.ts";

const known = new WeakMap<Methodology, PeriodCaps | null>();

/**
 * The caps of a methodology version on days and years, one object a version; null where it has none. What no
 * leaf can hold caps as the most that one can.
 */
export function periodCapsOf(methodology: Methodology): PeriodCaps | null {
  let found = known.get(methodology);
  if (found === undefined) known.set(methodology, (found = read(methodology)));
  return found;
}

function read(methodology: Methodology): PeriodCaps | null {
  if (methodology.schema === "microtonne-methodology/1") return null;
  const { caps, region, code } = methodology;
  const subjectDay = capOf(caps.gramsPerSubjectDay);
  const subjectYear = capOf(caps.gramsPerSubjectYear);
  const programmeYear = capOf(caps.gramsPerProgrammeYear);
  if (subjectDay === null && subjectYear === null && programmeYear === null) return null;
  // A code has no space in it.
  return { methodology: `${region} ${code}`, subjectDay, subjectYear, programmeYear };
}

function capOf(grams: string | null): Milligrams | null {
  if (grams === null) return null;
  const milligrams = scaleDecimal(grams, MILLIGRAM_PLACES_OF_A_GRAM);
  return (milligrams < MAX_MILLIGRAMS ? milligrams : MAX_MILLIGRAMS) as Milligrams;
}
