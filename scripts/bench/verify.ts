/** How fast a whole archive is verified, beside merkletreejs' tree and the bare permutation. */
import { toHex } from "../../src/base/lib/bytes.ts";
import { verifyArchive } from "../../src/format/archive/verifyArchive.ts";
import { leafSize, LEAF_BYTES } from "../../src/format/batch/leaf.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { barePermutations } from "./barePermutations.ts";
import { measure, type Rate } from "./measure.ts";
import { runBench, sizeResult, speedOfParts } from "./sizeResults.ts";
import { writtenArchive, type WrittenArchive } from "./samples/writtenArchive.ts";
import { theirTree } from "../generate/vectors/merkletreejs.ts";

const HELP = `Measures the check of a whole archive from the disk: every leaf, order, links, sums, tiles, root
and the hash of all leaves; and, beside it, what an auditor does with other people's code: the same leaves
hashed by noble and built into merkletreejs' sum tree, which checks root and total alone. The limit is the
kernel's bare permutation: two of it a leaf, one a node, and one for each 136 bytes of the hash of all leaves.

  npm run -s bench:verify
  npm run -s bench:verify -- --sizes 10000000 --rounds 1
`;
/** merkletreejs keeps every node as an object. */
const MAX_PEER_LEAVES = 100_000;
const PERMUTATIONS_A_LEAF = 2 + 1 + LEAF_BYTES / 136;

await runBench({
  name: "verify",
  unit: "leaves",
  help: HELP,
  sizes: "100000,1000000",
  rounds: "3",
  async run(size, rounds) {
    const archive = await writtenArchive(size);
    const small = size <= MAX_PEER_LEAVES ? archive : await writtenArchive(MAX_PEER_LEAVES);
    const theirs = Math.min(size, MAX_PEER_LEAVES);
    try {
      const [ours, peer, bare] = (await measure(
        [
          { name: "ours", count: size, run: () => verifyArchive(archive.source, archive.batchId) },
          { name: "merkletreejs", count: theirs, run: () => verifyByPeer(small) },
          barePermutations()[0],
        ],
        rounds,
      )) as [Rate, Rate, Rate];
      const limit = speedOfParts(bare, PERMUTATIONS_A_LEAF);
      return sizeResult(size, ours, [{ name: "merkletreejs", leaves: theirs, theirs: peer }], limit);
    } finally {
      archive.remove();
      if (small !== archive) small.remove();
    }
  },
});

/** @throws Error where root or total are not the manifest's */
function verifyByPeer({ manifest, chunks }: WrittenArchive): void {
  const nodes = [...chunks()].flatMap((chunk) =>
    Array.from({ length: chunk.length / LEAF_BYTES }, (_, i) => {
      const leaf = chunk.subarray(LEAF_BYTES * i, LEAF_BYTES * (i + 1));
      return { size: leafSize(leaf), hash: keccak_256(leaf) };
    }),
  );
  const { size, hashed } = theirTree(nodes).root;
  if (toHex(hashed) !== manifest.root || size.valueOf() !== manifest.totalMilligrams)
    throw new Error("merkletreejs comes to another root.");
}
