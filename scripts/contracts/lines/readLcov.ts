/** Lines of a source file that hold code, and how many of them ran. */
export interface LineCoverage {
  readonly file: string;
  readonly lines: number;
  readonly hit: number;
  /** Numbers of the lines that did not run. */
  readonly missed: readonly number[];
}

/** Reads an lcov trace file: one answer for each source file in it, in its order. */
export function readLcov(text: string): LineCoverage[] {
  return text
    .split("end_of_record")
    .slice(0, -1)
    .map((record) => {
      const file = /^SF:(.+)$/m.exec(record)?.[1];
      if (file === undefined) throw new Error("A record of this lcov file names no source file (SF).");
      const counts = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map((match) => ({
        line: Number(match[1]),
        runs: Number(match[2]),
      }));
      const missed = counts.filter(({ runs }) => runs === 0).map(({ line }) => line);
      return { file, lines: counts.length, hit: counts.length - missed.length, missed };
    });
}

/** Percent of all lines that ran. Nothing measured is 0, so that an empty report passes no threshold. */
export function percentOf(files: readonly LineCoverage[]): number {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const hit = files.reduce((sum, file) => sum + file.hit, 0);
  return lines === 0 ? 0 : (hit / lines) * 100;
}
