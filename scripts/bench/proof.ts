/** How fast proofs come out of an archive, beside reading its files alone and peers' trees in memory. */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { MerkleTree } from "merkletreejs";
import { bundlePath, tilePath, topTileLevel } from "../../src/format/archive/archiveLayout.ts";
import { Archive, type ArchiveSource } from "../../src/format/archive/readArchive.ts";
import { verifyInclusion } from "../../src/format/proofs/inclusionProof.ts";
import { measure, type Contender, type Rate } from "./measure.ts";
import { runBench, sizeResult } from "./sizeResults.ts";
import { writtenArchive, type WrittenArchive } from "./samples/writtenArchive.ts";

const HELP = `Measures proofs of inclusion out of an archive on the disk, each from files that are read anew:
one bundle and ceil(log256 n) tiles at most, verified before it is handed out. Peers have their whole tree in
memory, and no sums. The limit is reading the same files and nothing else.

  npm run -s bench:proof
  npm run -s bench:proof -- --sizes 1000000 --rounds 9 --json
`;
/** Peers' trees take a while to build; a proof out of one is a walk of log2 n steps. */
const MAX_PEER_LEAVES = 65_536;
const PROOFS = 200;

await runBench({
  name: "proof",
  unit: "proofs",
  help: HELP,
  sizes: "100000,1000000",
  rounds: "5",
  async run(size, rounds) {
    const archive = await writtenArchive(size);
    const theirs = 2 ** Math.floor(Math.log2(Math.min(size, MAX_PEER_LEAVES)));
    try {
      const [ours, byKey, limit, merkletreejs, openZeppelin] = (await measure(
        [...ourProofs(archive, size), ...peerProofs(theirs)],
        rounds,
      )) as [Rate, Rate, Rate, Rate, Rate];
      const peers = [
        { name: "merkletreejs in memory", leaves: theirs, theirs: merkletreejs },
        { name: "OpenZeppelin in memory", leaves: theirs, theirs: openZeppelin },
      ];
      return sizeResult(size, ours, peers, limit, [{ ...byKey, name: "by activity key" }]);
    } finally {
      archive.remove();
    }
  },
});

function ourProofs({ source, manifest, chunks }: WrittenArchive, size: number): Contender[] {
  const indices = Array.from({ length: PROOFS }, (_, i) => Math.floor(((i + 0.5) * size) / PROOFS));
  const keys = new Map<number, Uint8Array>();
  let first = 0;
  for (const chunk of chunks()) {
    for (const index of indices)
      if (index >= first && index < first + chunk.length / 179)
        keys.set(index, chunk.slice(179 * (index - first) + 1, 179 * (index - first) + 33));
    first += chunk.length / 179;
  }
  const prove = async (indexOf: (archive: Archive, index: number) => Promise<number>): Promise<void> => {
    for (const index of indices) {
      // Each proof by an archive of its own: nothing is left of the one before.
      const archive = new Archive(source, manifest);
      const proof = await archive.inclusionProof(await indexOf(archive, index));
      verifyInclusion(archive.commitment, proof);
    }
  };
  const byKey = async (archive: Archive, index: number): Promise<number> => {
    const found = await archive.leafOfActivityKey(keys.get(index) as never);
    if (found?.index !== index) throw new Error("The key leads to another leaf.");
    return found.index;
  };
  return [
    { name: "ours", count: PROOFS, run: () => prove((_, index) => Promise.resolve(index)) },
    { name: "by key", count: PROOFS, run: () => prove(byKey) },
    { name: "files alone", count: PROOFS, run: () => readAlone(source, indices, size) },
  ];
}

async function readAlone(source: ArchiveSource, indices: readonly number[], size: number): Promise<void> {
  for (const index of indices) {
    await source.read(bundlePath(Math.floor(index / 256)));
    for (let level = 1; level < topTileLevel(size); level++)
      await source.read(tilePath(level, Math.floor(index / 256 ** (level + 1))));
  }
}

function peerProofs(count: number): Contender[] {
  const hashes = Array.from({ length: count }, (_, i) =>
    Buffer.from(keccak_256(Uint8Array.of(i, i >> 8, 1))),
  );
  const tree = new MerkleTree(hashes, (data: Uint8Array) => Buffer.from(keccak_256(data)), {
    hashLeaves: false,
  });
  const sorted = SimpleMerkleTree.of(hashes, { sortLeaves: false });
  const indices = Array.from({ length: PROOFS }, (_, i) => Math.floor(((i + 0.5) * count) / PROOFS));
  const all = (prove: (index: number) => unknown) => () => {
    for (const index of indices) prove(index);
  };
  return [
    {
      name: "merkletreejs",
      count: PROOFS,
      run: all((index) => tree.getProof(hashes[index] as Buffer, index)),
    },
    { name: "OpenZeppelin", count: PROOFS, run: all((index) => sorted.getProof(index)) },
  ];
}
