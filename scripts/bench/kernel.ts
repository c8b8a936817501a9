/**
 * What the hashing kernel does in a second, beside its own bare permutation and its peers, in turn in one
 * run.
 */
import { Kernel } from "../../src/kernel/kernel.ts";
import { HashWorkers } from "../../src/kernel/workers/hashWorkers.ts";
import { hmacs, pairTrees, permutations, sumRoots } from "./kernelContenders.ts";
import { measure, type Rate } from "./measure.ts";
import { PairsWorkers } from "./pairsWorkers.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Measures the hashing kernel beside its peers; takes two minutes and 1.5 GB.

  npm run -s bench:kernel
  npm run -s bench:kernel -- --leaves 100000 --openzeppelin-leaves 4096 --rounds 3 --json

  --leaves N                leaves of the large trees (1,000,000)
  --openzeppelin-leaves N   leaves of OpenZeppelin's tree, a power of two (65,536)
  --rounds N                rounds of what takes little time (9); trees take 3
  --json                    one object instead of the report
`;
const TREE_ROUNDS = 3;

const { values } = readOptions(HELP, {
  options: {
    leaves: { type: "string", default: "1000000" },
    "openzeppelin-leaves": { type: "string", default: "65536" },
    rounds: { type: "string", default: "9" },
    json: { type: "boolean", default: false },
  },
});
const [leaves, fewer] = [Number(values.leaves), Number(values["openzeppelin-leaves"])];
await bench(Number(values.rounds));

async function bench(rounds: number): Promise<void> {
  const kernel = new Kernel();
  const workers = await HashWorkers.start(2);
  const pairs = new PairsWorkers();
  const plain = pairTrees(kernel, pairs, "merkletreejs", leaves);
  const sorted = pairTrees(kernel, pairs, "OpenZeppelin", fewer);
  const results = {
    "permutations of keccak": await measure(permutations(kernel), rounds),
    "HMAC-SHA-256, 43 bytes": await measure(hmacs(kernel), rounds),
    "leaves to a sum root": await measure(sumRoots(kernel, workers, leaves), TREE_ROUNDS),
    "hashes to a root": await measure(plain, TREE_ROUNDS),
    "hashes to a root, sorted pairs": await measure(sorted, TREE_ROUNDS),
  };
  await workers.close();
  await pairs.close();
  if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
  else for (const [title, rates] of Object.entries(results)) process.stdout.write(table(title, rates));
}

/** The first contender is what the others are held against. */
function table(title: string, rates: readonly Rate[]): string {
  const first = rates[0];
  const rows = rates.map(({ name, count, perCpuSecond: { median, lowest, highest }, perSecond }) => {
    const rateCells = [median, lowest, highest, perSecond.median].map((rate) => (rate / 1e6).toFixed(3));
    const cpuRatio = (median / (first?.perCpuSecond.median ?? 1)).toFixed(2);
    const wallRatio = (perSecond.median / (first?.perSecond.median ?? 1)).toFixed(2);
    const cells = [...rateCells, (count / perSecond.median).toFixed(3), cpuRatio, wallRatio];
    return `  ${name.padEnd(30)}${cells.map((cell) => cell.padStart(10)).join("")}\n`;
  });
  const heads = ["CPU", "lowest", "highest", "wall", "seconds", "ratio CPU", "wall"];
  const header = heads.map((head) => head.padStart(10)).join("");
  return `\n${title}\n  ${"million a second".padEnd(30)}${header}\n${rows.join("")}`;
}
