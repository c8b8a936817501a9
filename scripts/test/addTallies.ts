/** Outcome of a part of the test run. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Names of what did not run. */
  readonly skipped: readonly string[];
}

export function addTallies(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] };
}
