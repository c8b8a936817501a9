import { PHASES, type Phase, type PhaseResult } from "./phases.ts";
import { PROBES, type Probe } from "./probes.ts";

/** Medians over the rounds of one probe in one phase; milliseconds. */
export interface Line {
  readonly probe: Probe;
  readonly phase: Phase;
  readonly p50: number;
  readonly p97_5: number;
  readonly p99: number;
  /** The longest of all rounds. */
  readonly max: number;
  /** Median over the rounds of p99 here by p99 alone in the same round. */
  readonly timesAlone: number;
  readonly answered: number;
  readonly errors: number;
}

export type Round = Readonly<Record<Phase, PhaseResult>>;

export function linesOf(rounds: readonly Round[]): Line[] {
  return PROBES.flatMap((probe) =>
    PHASES.map((phase): Line => {
      const waits = rounds.map((round) => round[phase].waits[probe]);
      return {
        probe,
        phase,
        p50: median(waits.map(({ p50 }) => p50)),
        p97_5: median(waits.map(({ p97_5 }) => p97_5)),
        p99: median(waits.map(({ p99 }) => p99)),
        max: Math.max(...waits.map(({ max }) => max)),
        // The clock of the load generator counts whole milliseconds.
        timesAlone: median(
          rounds.map((round, index) => (waits[index]?.p99 ?? 0) / Math.max(1, round.alone.waits[probe].p99)),
        ),
        answered: waits.reduce((sum, { answered }) => sum + answered, 0),
        errors: waits.reduce((sum, { errors }) => sum + errors, 0),
      };
    }),
  );
}

/** What the flood was let do, over all rounds. */
export function floodOf(
  rounds: readonly Round[],
  rowsPerBody: number,
): { rowsPerSecond: number; statuses: Record<string, number> } {
  const statuses: Record<string, number> = {};
  let seconds = 0;
  for (const { flood } of rounds.map((round) => round.flood)) {
    seconds += flood?.seconds ?? 0;
    for (const [status, count] of Object.entries(flood?.statuses ?? {}))
      statuses[status] = (statuses[status] ?? 0) + count;
  }
  return { rowsPerSecond: Math.round(((statuses["200"] ?? 0) * rowsPerBody) / seconds), statuses };
}

export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.probe,
    line.phase,
    ...[line.p50, line.p97_5, line.p99, line.max].map((one) => String(Math.round(one))),
    line.timesAlone.toFixed(1),
    String(line.answered),
    String(line.errors),
  ]);
  const all = [
    ["B's", "while A", "p50", "p97.5", "p99", "max ms", "p99 ÷ alone", "answered", "errors"],
    ...rows,
  ];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
