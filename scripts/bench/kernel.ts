/**
 * What the hashing kernel does in a second, beside its own bare permutation and its peers, in turn in one
 * run.
 */
import { parseArgs } from "node:util";
import { Kernel } from "../../src/kernel/kernel.ts";
import { HashWorkers } from "../../src/kernel/workers/hashWorkers.ts";
import { hmacs, pairTrees, permutations, sumRoots } from "./kernelContenders.ts";
import { measure, type Rate } from "./measure.ts";

const HELP = `Measures the hashing kernel beside its peers; takes two minutes and 1.5 GB.

  npm run -s bench:kernel
  npm run -s bench:kernel -- --leaves 100000 --openzeppelin-leaves 4096 --rounds 3 --json

  --leaves N                leaves of the large trees (1,000,000)
  --openzeppelin-leaves N   leaves of OpenZeppelin's tree, a power of two (16,384)
  --rounds N                rounds of what takes little time (9); trees take 3
  --json                    one object instead of the report
`;
const TREE_ROUNDS = 3;

const { values } = parseArgs({
  options: {
    leaves: { type: "string", default: "1000000" },
    "openzeppelin-leaves": { type: "string", default: "16384" },
    rounds: { type: "string", default: "9" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const [leaves, fewer] = [Number(values.leaves), Number(values["openzeppelin-leaves"])];
if (values.help) process.stdout.write(HELP);
else await bench(Number(values.rounds));

async function bench(rounds: number): Promise<void> {
  const kernel = new Kernel();
  const workers = await HashWorkers.start(2);
  const results = {
    "permutations of keccak": await measure(await permutations(kernel), rounds),
    "HMAC-SHA-256, 43 bytes": await measure(hmacs(kernel), rounds),
    "leaves to a sum root": await measure(sumRoots(kernel, workers, leaves), TREE_ROUNDS),
    "hashes to a root": await measure(pairTrees(kernel, leaves, "merkletreejs"), TREE_ROUNDS),
    "hashes to a root, sorted pairs": await measure(pairTrees(kernel, fewer, "OpenZeppelin"), TREE_ROUNDS),
  };
  await workers.close();
  if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
  else for (const [title, rates] of Object.entries(results)) process.stdout.write(table(title, rates));
}

/** The first contender is what the others are held against. */
function table(title: string, rates: readonly Rate[]): string {
  const first = rates[0]?.perCpuSecond.median ?? Number.NaN;
  const rows = rates.map(({ name, count, perCpuSecond: { median, lowest, highest }, perSecond }) => {
    const cells = [median, lowest, highest, perSecond.median].map(millions);
    const seconds = (count / perSecond.median).toFixed(3).padStart(9);
    return `  ${name.padEnd(28)}${cells.join("")}${seconds}${(median / first).toFixed(2).padStart(9)} x\n`;
  });
  const heads = ["CPU", "lowest", "highest", "wall"].map((head) => head.padStart(9)).join("");
  const header = `  ${"million a second".padEnd(28)}${heads}${"seconds".padStart(9)}${"ratio".padStart(11)}\n`;
  return `\n${title}\n${header}${rows.join("")}`;
}

function millions(perSecond: number): string {
  return (perSecond / 1e6).toFixed(3).padStart(9);
}
