import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const WARM_SECONDS = 0.5;
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** One way of doing something `count` times. */
export interface Contender {
  readonly name: string;
  readonly count: number;
  readonly run: () => unknown;
  /** It takes minutes: measured in one round, without a warm-up. */
  readonly once?: boolean;
}

/** What a contender did in a second: of processor time (of all threads), and of the clock on the wall. */
export interface Rate {
  readonly name: string;
  readonly count: number;
  readonly perCpuSecond: { readonly median: number; readonly lowest: number; readonly highest: number };
  readonly perSecond: { readonly median: number };
}

/** Seconds. */
export interface Sample {
  readonly cpu: number;
  readonly wall: number;
}

/**
 * All contenders in turn, round by round, so that what slows the machine slows all. Before that each one
 * warms up, once or for half a second.
 */
export async function measure(contenders: readonly Contender[], rounds: number): Promise<Rate[]> {
  const samples = contenders.map((): Sample[] => []);
  for (const { run, once } of contenders) {
    if (once === true) continue;
    for (let spent = 0; spent < WARM_SECONDS;) spent += (await timed(run)).wall;
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, { run, once }] of contenders.entries())
      if (once !== true || round === 0) samples[i]?.push(await timed(run));
  }
  return contenders.map(({ name, count }, i) => rateOf(name, count, samples[i] ?? []));
}

/**
 * What happens within a longer piece of work, `rounds` times without a warm-up: `work` is given what times
 * it, and the timed part says how much it did.
 */
export async function measureWithin(
  name: string,
  rounds: number,
  work: (time: (part: () => Promise<number>) => Promise<void>) => Promise<void>,
): Promise<Rate> {
  const samples: Sample[] = [];
  let count = 0;
  for (let round = 0; round < rounds; round++) {
    await work(async (part) => {
      samples.push(await timed(async () => (count = await part())));
    });
  }
  return rateOf(name, count, samples);
}

/** What `count` of them a sample came to. */
export function rateOf(name: string, count: number, samples: readonly Sample[]): Rate {
  const cpu = samples.map((sample) => count / sample.cpu).toSorted((a, b) => a - b);
  const wall = samples.map((sample) => count / sample.wall).toSorted((a, b) => a - b);
  const [lowest, highest] = [cpu.at(0) ?? Number.NaN, cpu.at(-1) ?? Number.NaN];
  return {
    name,
    count,
    perCpuSecond: { median: median(cpu), lowest, highest },
    perSecond: { median: median(wall) },
  };
}

async function timed(run: () => unknown): Promise<Sample> {
  // Threads that collect what the one before left behind would slow this one.
  collectGarbage();
  const before = process.cpuUsage();
  const start = process.hrtime.bigint();
  await run();
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, wall };
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
