/**
 * What stands out about the year that a retirement is reported for, as sentences. No rule forbids another
 * year than that of the acts: credits are kept and used later. That a claim of a year uses acts of a later
 * one is hardly meant.
 * @param vintages calendar years of the batches that it takes from
 */
export function yearWarnings(reportingYear: number, vintages: Iterable<number>): string[] {
  return [...new Set(vintages)]
    .filter((vintage) => vintage !== reportingYear)
    .toSorted((a, b) => a - b)
    .map(
      (vintage) =>
        `It would be reported for ${String(reportingYear)}, and takes from the vintage ${String(vintage)}` +
        (vintage > reportingYear ? ": acts that took place after that year." : "."),
    );
}
