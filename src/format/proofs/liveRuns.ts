/** Leaves from `first` to `last`, both inclusive. */
export interface LeafRun {
  readonly first: number;
  readonly last: number;
}

/**
 * The leaves of spans that are not struck, as runs that ascend and don't adjoin; a leaf that two spans share
 * is there once.
 * @param spans ascending, sharing no more than a leaf with the next one
 */
export function liveRuns(
  spans: readonly LeafRun[],
  strikes: readonly { readonly index: number }[],
): LeafRun[] {
  const struck = strikes.map(({ index }) => index).toSorted((a, b) => a - b);
  const runs: LeafRun[] = [];
  const add = (first: number, last: number): void => {
    const before = runs.at(-1);
    if (first > last) return;
    if (before && first <= before.last + 1) runs[runs.length - 1] = { first: before.first, last };
    else runs.push({ first, last });
  };
  let at = 0;
  for (const { first, last } of spans) {
    let begin = first;
    for (let index = struck[at]; index !== undefined && index <= last; index = struck[++at]) {
      if (index < begin) continue;
      add(begin, index - 1);
      begin = index + 1;
    }
    add(begin, last);
  }
  return runs;
}

/** How many leaves runs have that share none. */
export function leavesIn(runs: readonly LeafRun[]): number {
  return runs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}
