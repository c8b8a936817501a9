import { cpus, loadavg } from "node:os";
import { readOptions } from "../setup/readOptions.ts";
import type { Rate } from "./measure.ts";

/** What a measurement came to at one size. All are rates a second, by the clock on the wall. */
export interface SizeResult extends Comparison {
  readonly leaves: number;
  /** The same a second of processor time, of all threads. */
  readonly cpu: Comparison;
  /** Of ours, a second of processor time: the lowest and the highest of all rounds. */
  readonly spread: readonly [number, number];
  /** At which size each peer was measured. */
  readonly peerLeaves: Readonly<Record<string, number>>;
  /** Other rates of ours. */
  readonly also: Readonly<Record<string, number>>;
  /** What is no rate, by a name that says its unit. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** A peer's rate, and ours on the same task where it is another one. */
export interface Peer {
  readonly name: string;
  /** Where it was measured at another size than ours. */
  readonly leaves: number;
  readonly theirs: Rate;
  readonly ours?: Rate;
}

export interface Comparison {
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  /** Ours by a peer's. */
  readonly ratios: Readonly<Record<string, number>>;
  /** What could not be faster. */
  readonly limit: number;
  /** Ours by the limit. */
  readonly ofLimit: number;
}

type Speed = Pick<Rate, "perSecond" | "perCpuSecond">;

/** What a bench prints with --json. */
export interface BenchReport {
  readonly bench: string;
  /** "leaves a second". */
  readonly unit: string;
  /** What sizes count, where it is not leaves. */
  readonly sizesIn?: string;
  readonly rounds: number;
  readonly machine: { readonly processor: string; readonly threads: number; readonly node: string };
  /** Of the machine in the last minute. */
  readonly load: { readonly before: number; readonly after: number };
  readonly sizes: readonly SizeResult[];
}

/** One bench's command. */
export interface Bench {
  readonly name: string;
  /** What is counted a second: "leaves", "proofs". */
  readonly unit: string;
  /** What sizes count, where it is not leaves. */
  readonly sizesIn?: string;
  readonly help: string;
  readonly sizes: string;
  readonly rounds: string;
  /** One more option, a whole number. */
  readonly option?: { readonly name: string; readonly value: string; readonly help: string };
  /** Another measurement by its option, which the help describes. */
  readonly instead?: Readonly<Record<string, Bench["run"]>>;
  readonly run: (size: number, rounds: number, option: number) => Promise<SizeResult>;
}

/** `limit` may be a rate that was measured, or one that follows from another. */
export function sizeResult(
  leaves: number,
  ours: Rate,
  peers: readonly Peer[],
  limit: Speed,
  also: readonly Rate[] = [],
): SizeResult {
  const compare = (rateOf: (speed: Speed) => number): Comparison => ({
    ours: rateOf(ours),
    peers: Object.fromEntries(peers.map(({ name, theirs }) => [name, rateOf(theirs)])),
    ratios: Object.fromEntries(
      peers.map(({ name, theirs, ours: same = ours }) => [name, rateOf(same) / rateOf(theirs)]),
    ),
    limit: rateOf(limit),
    ofLimit: rateOf(ours) / rateOf(limit),
  });
  const { lowest, highest } = ours.perCpuSecond;
  return {
    leaves,
    ...compare(({ perSecond }) => perSecond.median),
    cpu: compare(({ perCpuSecond }) => perCpuSecond.median),
    spread: [lowest, highest],
    peerLeaves: Object.fromEntries(peers.map(({ name, leaves: measured }) => [name, measured])),
    also: Object.fromEntries(also.map(({ name, perSecond }) => [name, perSecond.median])),
  };
}

/** A rate of things each of which takes `parts` of what the other rate counts. */
export function speedOfParts({ perSecond, perCpuSecond }: Speed, parts: number): Speed {
  const { median, lowest, highest } = perCpuSecond;
  return {
    perSecond: { median: perSecond.median / parts },
    perCpuSecond: { median: median / parts, lowest: lowest / parts, highest: highest / parts },
  };
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9][0-9]{0,9}$/.test(text)) return Number(text);
  process.stderr.write(`--${option} needs whole numbers from 1 on, not ${JSON.stringify(text)}.\n`);
  process.exit(2);
}

/** Reads the command line, measures size by size, and writes a report or, with --json, one object. */
export async function runBench(bench: Bench): Promise<void> {
  const { name: own, value: ownDefault, help: ownHelp } = bench.option ?? { name: "", value: "1", help: "" };
  const help = `${bench.help}
  --sizes N,N   ${bench.sizesIn ?? "leaves"} (${bench.sizes})
  --rounds N    how often each is measured, all in turn, after a warm-up (${bench.rounds})
${ownHelp}  --json        one object instead of the report
`;
  const others = Object.entries(bench.instead ?? {});
  const { values } = readOptions(help, {
    options: {
      ...Object.fromEntries(others.map(([name]) => [name, { type: "boolean" } as const])),
      sizes: { type: "string", default: bench.sizes },
      rounds: { type: "string", default: bench.rounds },
      json: { type: "boolean", default: false },
      ...(bench.option && { [own]: { type: "string" as const, default: ownDefault } }),
    },
  });
  const given: Readonly<Record<string, unknown>> = values;
  const ownValue = given[own];
  const option = wholeNumber(own, typeof ownValue === "string" ? ownValue : ownDefault);
  const machine = { processor: cpus()[0]?.model ?? "unknown", threads: cpus().length, node: process.version };
  const loadBefore = loadavg()[0] ?? 0;
  const sizes: SizeResult[] = [];
  const rounds = wholeNumber("rounds", values.rounds);
  const [name, run] = others.find(([other]) => given[other] === true) ?? [null, bench.run];
  const told = name === null ? bench : { ...bench, name: `${bench.name}, ${name}` };
  for (const size of values.sizes.split(",").map((text) => wholeNumber("sizes", text))) {
    const result = await run(size, rounds, option);
    sizes.push(result);
    if (!values.json) process.stdout.write(textOf(told, result));
  }
  const load = { before: loadBefore, after: loadavg()[0] ?? 0 };
  const report: BenchReport = {
    bench: told.name,
    unit: `${bench.unit} a second`,
    ...(bench.sizesIn === undefined ? {} : { sizesIn: bench.sizesIn }),
    rounds,
    machine,
    load,
    sizes,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else
    process.stdout.write(
      `\n${machine.processor}, ${String(machine.threads)} threads, ` +
        `load ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after\n`,
    );
}

function textOf(
  { name, unit, sizesIn = "leaves" }: Bench,
  { leaves, cpu, spread, also, peerLeaves, figures = {}, ...wall }: SizeResult,
): string {
  const rows = [
    ["ours", wall.ours, cpu.ours, 1, 1],
    ...Object.keys(wall.peers).map((peer) => [
      peerLeaves[peer] === leaves ? peer : `${peer}, ${countText(peerLeaves[peer] ?? leaves)} ${sizesIn}`,
      wall.peers[peer],
      cpu.peers[peer],
      wall.ratios[peer],
      cpu.ratios[peer],
    ]),
    ["limit", wall.limit, cpu.limit, wall.ofLimit, cpu.ofLimit],
  ] as const;
  const line = (cells: readonly string[]): string =>
    `  ${(cells[0] as string).padEnd(34)}${cells
      .slice(1)
      .map((cell) => cell.padStart(16))
      .join("")}\n`;
  const head = line([`${unit} a second`, "wall", "of CPU time", "ours by it, wall", "CPU"]);
  const body = rows.map(([label, ...cells]) =>
    line([String(label), ...cells.map((cell) => figureText(Number(cell)))]),
  );
  const [lowest, highest] = spread.map(figureText);
  return (
    `\n${name}, ${countText(leaves)} ${sizesIn}\n${head}${body.join("")}` +
    Object.entries({ ...also, ...figures })
      .map(([label, rate]) => line([label, figureText(rate)]))
      .join("") +
    `  ours of CPU time from ${String(lowest)} to ${String(highest)}\n`
  );
}

function figureText(figure: number): string {
  if (figure >= 100) return countText(Math.round(figure));
  return figure.toPrecision(3);
}

function countText(count: number): string {
  return count.toLocaleString("en-US");
}
