import { describe, expect, it } from "vitest";
import { seededLeafBytes } from "../../../../scripts/generate/vectors/seededLeaves.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { ArchiveStream } from "../../../../src/format/archive/archiveStream.ts";
import { Archive } from "../../../../src/format/archive/readArchive.ts";

/** An archive in memory of so many leaves, and the files that are read of it. */
async function archiveOf(count: number) {
  const leaves = seededLeafBytes("archive", count);
  const files = new Map<string, Uint8Array>();
  const stream = new ArchiveStream({
    write: (path, bytes) => Promise.resolve(void files.set(path, bytes)),
  });
  for (const leaf of leaves) await stream.push(leaf);
  const { root, total } = await stream.finish();
  const reads: string[] = [];
  const read = (path: string) => {
    reads.push(path);
    return Promise.resolve(files.get(path) as Uint8Array);
  };
  const archive = new Archive({ read }, { root: toHex(root), totalMilligrams: total, leafCount: count });
  return { archive, leaves, total, reads };
}

describe("an archive", () => {
  it("refuses what the batch has not, saying what it has", async () => {
    const { archive, total, leaves } = await archiveOf(257);
    const spans: [number, number, string][] = [
      [-1, 3, "The batch has no leaf -1, only 257."],
      [0, 257, "The batch has no leaf 257, only 257."],
      [0.5, 3, "The batch has no leaf 0.5, only 257."],
      [4, 3, "A range from leaf 4 to leaf 3 is empty."],
    ];
    for (const [first, last, message] of spans) {
      const refusal = expect.objectContaining({ code: "archive.index", message }) as Error;
      await expect(archive.rangeProof(first, last)).rejects.toThrow(refusal);
      await expect(archive.spanProof(first, last)).rejects.toThrow(refusal);
      await expect(archive.leavesBetween(first, last).next()).rejects.toThrow(refusal);
    }
    await expect(archive.leafAtPosition(total)).rejects.toThrow(
      `The batch has no milligram ${total.toString()}, only ${total.toString()}.`,
    );
    const ends = async (first: number, last: number) => {
      const proof = await archive.spanProof(first, last);
      return [proof.first.index, proof.last?.index];
    };
    expect(await ends(256, 256)).toEqual([256, undefined]);
    expect(await ends(0, 256)).toEqual([0, 256]);
    const pieces: number[] = [];
    for await (const bytes of archive.leavesBetween(3, 256)) pieces.push(bytes.length / 179);
    expect(pieces).toEqual([253, 1]);
    expect(await archive.leafAt(256)).toEqual(leaves[256]);
  });

  it("reads a file again only when 64 others came between", async () => {
    const { archive, reads } = await archiveOf(256 * 66);
    for (let bundle = 0; bundle < 64; bundle++) await archive.leafAt(256 * bundle);
    await archive.leafAt(0);
    expect(reads).toHaveLength(64);
    await archive.leafAt(256 * 64);
    await archive.leafAt(256);
    expect(reads).toHaveLength(65);
    await archive.leafAt(0);
    expect(reads.slice(64)).toEqual(["leaves/064", "leaves/000"]);
  });
});
