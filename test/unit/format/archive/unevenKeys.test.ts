import { expect, it } from "vitest";
import { seededLeafBytes } from "../../../../scripts/generate/vectors/seededLeaves.ts";
import { compareBytes, toHex } from "../../../../src/base/lib/bytes.ts";
import { Archive } from "../../../../src/format/archive/readArchive.ts";
import { ArchiveStream } from "../../../../src/format/archive/archiveStream.ts";

const keyOf = (leaf: Uint8Array | undefined): Uint8Array => (leaf as Uint8Array).slice(1, 33);

it("an archive finds leaves by unevenly spread keys, and what stands before any other key", async () => {
  const samples = seededLeafBytes("hundred-and-one", 101);
  const leaves = Array.from({ length: 3000 }, (_, i) => {
    const key = new Uint8Array(32).fill(i < 2500 ? 0 : 0xee);
    new DataView(key.buffer).setUint32(i % 2 === 0 ? 28 : 24, 2 * i + 1);
    return key;
  })
    .toSorted(compareBytes)
    .map((key, i) => {
      const leaf = (samples[i % 101] as Uint8Array).slice();
      leaf.set(key, 1);
      return leaf;
    });
  const files = new Map<string, Uint8Array>();
  const stream = new ArchiveStream({
    write: (path, bytes) => Promise.resolve(void files.set(path, bytes)),
  });
  for (const leaf of leaves) await stream.push(leaf);
  const { root, total } = await stream.finish();
  const open = (onRead?: () => void): Archive =>
    new Archive(
      {
        read: (path) => {
          onRead?.();
          return Promise.resolve(files.get(path) as Uint8Array);
        },
      },
      { root: toHex(root), totalMilligrams: total, leafCount: 3000 },
    );
  const archive = open();
  for (let i = 0; i < leaves.length; i += 41) {
    const key = keyOf(leaves[i]);
    expect((await archive.leafOfActivityKey(key))?.index).toBe(i);
    const above = key.with(31, (key[31] as number) ^ 1);
    expect(await archive.leafOfActivityKey(above)).toBeNull();
  }
  let reads = 0;
  const fresh = open(() => (reads += 1));
  expect((await fresh.leafOfActivityKey(keyOf(leaves[1234])))?.index).toBe(1234);
  expect(reads).toBeLessThanOrEqual(8);
});
