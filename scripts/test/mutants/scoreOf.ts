import type { Fate } from "./readResults.ts";
import { wilsonInterval } from "./wilsonInterval.ts";

/** Per cent of its mutants that the tests of a folder, or of a list, must notice. */
export const MIN_SCORE = 85;

export interface Score {
  readonly killed: number;
  readonly survived: number;
  readonly noCoverage: number;
  readonly timeout: number;
  /** The mutant kept the test files from being loaded; as in Stryker's own score, it counts nowhere. */
  readonly broken: number;
  /** Per cent of killed and timeout among all but `broken`. */
  readonly score: number;
  /** Per cent: where the folder's own score lies with 95 % confidence. */
  readonly interval: { readonly low: number; readonly high: number };
}

export function scoreOf(fates: readonly Fate[]): Score {
  const count = (wanted: Fate) => fates.filter((fate) => fate === wanted).length;
  const [killed, timeout] = [count("Killed"), count("Timeout")];
  const [survived, noCoverage] = [count("Survived"), count("NoCoverage")];
  const noticed = killed + timeout;
  const judged = noticed + survived + noCoverage;
  const { low, high } = wilsonInterval(noticed, judged);
  return {
    killed,
    survived,
    noCoverage,
    timeout,
    broken: fates.length - judged,
    score: (100 * noticed) / Math.max(1, judged),
    interval: { low: 100 * low, high: 100 * high },
  };
}
