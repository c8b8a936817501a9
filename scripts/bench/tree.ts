/** How fast a batch's tree is built, beside the trees of others and the bare permutation. */
import { sharedKernel } from "../../src/kernel/sharedKernel.ts";
import { HashWorkers } from "../../src/kernel/workers/hashWorkers.ts";
import { barePermutations } from "./barePermutations.ts";
import { ourPairTrees, pairTrees, sumRoots } from "./kernelContenders.ts";
import { measure, type Rate } from "./measure.ts";
import { PairsWorkers } from "./pairsWorkers.ts";
import { runBench, sizeResult, speedOfParts, type SizeResult } from "./sizeResults.ts";

const HELP = `Measures trees over hashes of 32 bytes: ours on two workers, merkletreejs' and OpenZeppelin's,
in turn, all with the same root; and the kernel's bare permutation, of which each inner node takes one. The
sum tree over leaves of 179 bytes is ours alone. A million leaves take some minutes and 2 GB.

  npm run -s bench:tree
  npm run -s bench:tree -- --sizes 100000 --rounds 5 --json
  npm run -s bench:tree -- --sizes 1000000 --openzeppelin-leaves 1048576
`;
/** With more leaves than that OpenZeppelin's tree is built once: a million take minutes and 3 GB. */
const OPENZEPPELIN_LEAVES = 65_536;
/** merkletreejs keeps every node as an object. */
const MAX_MERKLETREEJS_LEAVES = 1_000_000;

await runBench({
  name: "tree",
  unit: "leaves",
  help: HELP,
  sizes: "100000,1000000",
  rounds: "3",
  option: {
    name: "openzeppelin-leaves",
    value: String(OPENZEPPELIN_LEAVES),
    help: `  --openzeppelin-leaves N
                in OpenZeppelin's tree, a power of two and by itself no more than there are (65536); a larger
                one is built as it is asked for, in one round
`,
  },
  async run(size: number, rounds: number, openZeppelinLeaves: number): Promise<SizeResult> {
    const kernel = sharedKernel();
    const [workers, pairs] = [await HashWorkers.start(2), new PairsWorkers()];
    const once = openZeppelinLeaves > OPENZEPPELIN_LEAVES;
    const plainSize = Math.min(size, MAX_MERKLETREEJS_LEAVES);
    // Only over a power of two it has the same shape.
    const sortedSize =
      2 ** Math.floor(Math.log2(once ? openZeppelinLeaves : Math.min(size, openZeppelinLeaves)));
    const [theirs] = pairTrees(kernel, pairs, "merkletreejs", plainSize);
    const [plainAlone, plainTogether] = ourPairTrees(kernel, pairs, size, false);
    const [sortedTheirs, , sortedTogether] = pairTrees(kernel, pairs, "OpenZeppelin", sortedSize);
    if (!theirs || !plainAlone || !plainTogether || !sortedTheirs || !sortedTogether)
      throw new Error("The contenders are others.");
    const rates = await measure(
      [
        barePermutations()[0],
        theirs,
        plainAlone,
        plainTogether,
        { ...sortedTheirs, once },
        sortedTogether,
        ...sumRoots(kernel, workers, size),
      ],
      rounds,
    );
    await Promise.all([workers.close(), pairs.close()]);
    const [bare, theirsRate, aloneRate, togetherRate, sortedRate, sortedOurs, sumAlone, sumTogether] =
      rates as [Rate, Rate, Rate, Rate, Rate, Rate, Rate, Rate];
    return sizeResult(
      size,
      togetherRate,
      [
        { name: "merkletreejs", leaves: plainSize, theirs: theirsRate },
        {
          name: once ? "OpenZeppelin, one round" : "OpenZeppelin",
          leaves: sortedSize,
          theirs: sortedRate,
          ours: sortedOurs,
        },
      ],
      speedOfParts(bare, 1),
      [
        { ...aloneRate, name: "on one thread" },
        { ...sumAlone, name: "sum tree of 179-byte leaves, one thread" },
        { ...sumTogether, name: "sum tree of 179-byte leaves, two workers" },
      ],
    );
  },
});
