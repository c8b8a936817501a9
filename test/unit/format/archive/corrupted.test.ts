import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../../../src/base/errors/errors.ts";
import { compareBytes, concatBytes, toHex } from "../../../../src/base/lib/bytes.ts";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { verifyArchive } from "../../../../src/format/archive/verifyArchive.ts";
import { ArchiveStream } from "../../../../src/format/archive/archiveStream.ts";
import { LAST_ACTIVITY_KEY } from "../../../../src/format/batch/leaf.ts";
import { batchIdOf, encodeManifest } from "../../../../src/format/batch/manifest.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { ReferenceStream } from "../support/reference/referenceStream.ts";
import { referenceVerify } from "../support/reference/referenceVerify.ts";

type Files = Map<string, Uint8Array>;
interface SmallArchive {
  readonly files: Files;
  readonly batchId: BatchId;
}

/** Archives on both sides of the turns of bundle and group. */
const COUNTS = [1, 2, 257, 512, 4096, 4097 + 256];
const archives = new Map<number, SmallArchive>();
beforeAll(async () => {
  for (const count of COUNTS) archives.set(count, await archiveOf(count));
});

describe("an archive with something wrong", () => {
  it(
    "is refused by the code and sentence of the check that goes leaf by leaf",
    { timeout: 600_000 },
    async () => {
      const fault = fc.record({
        file: fc.nat(),
        at: fc.nat(),
        to: fc.nat(255),
        kind: fc.constantFrom("byte", "byte", "byte", "short", "gone"),
      });
      const damaged = fc.record({
        count: fc.constantFrom(...COUNTS),
        faults: fc.array(fault, { minLength: 0, maxLength: 3 }),
      });
      await fc.assert(
        fc.asyncProperty(damaged, async ({ count, faults }) => {
          const { files, batchId } = archives.get(count) as SmallArchive;
          const changed = new Map(files);
          for (const { file, at, to, kind } of faults) {
            const [path, bytes] = [...files][file % files.size] as [string, Uint8Array];
            const place = at % bytes.length;
            if (kind === "gone") changed.delete(path);
            else changed.set(path, kind === "short" ? bytes.slice(0, place) : bytes.with(place, to));
          }
          expect(await verdictOf(verifyArchive, changed, batchId)).toEqual(
            await verdictOf(referenceVerify, changed, batchId),
          );
        }),
        { numRuns: 60 },
      );
    },
  );

  it("is refused so for every byte of a leaf, with sizes at their limits too", async () => {
    const { files, batchId } = archives.get(257) as SmallArchive;
    const bytes = files.get("leaves/000") as Uint8Array;
    for (let at = 179 * 7; at < 179 * 8; at++) {
      for (const value of [0, 0x40, 0xff]) {
        const changed = new Map(files).set("leaves/000", bytes.with(at, value));
        const verdict = await verdictOf(verifyArchive, changed, batchId);
        expect(verdict).toEqual(await verdictOf(referenceVerify, changed, batchId));
      }
    }
  });

  it("in a tile names the tile, though every leaf is right", async () => {
    const { files, batchId } = archives.get(512) as SmallArchive;
    const [path, bytes] = [...files].find(([name]) => name.startsWith("tile")) as [string, Uint8Array];
    const changed = new Map(files).set(path, bytes.with(0, (bytes[0] as number) ^ 1));
    expect(await verdictOf(verifyArchive, changed, batchId)).toEqual({
      code: "archive.tile",
      message: `${path} does not hold the nodes that follow from the leaves.`,
    });
  });
});

describe("an archive", () => {
  it("is written with the files of the writer that goes leaf by leaf, whatever the pieces", async () => {
    const leaves = await leavesOf(4097 + 256);
    const [theirs, ours] = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>()];
    const reference = new ReferenceStream(sinkOf(theirs));
    for (const leaf of leaves) await reference.push(leaf);
    const expected = await reference.finish();
    const stream = new ArchiveStream(sinkOf(ours));
    for (const [from, to] of [
      [0, 1],
      [1, 300],
      [300, 4353],
    ])
      await stream.push(concatBytes(...leaves.slice(from, to)));
    expect(await stream.finish()).toEqual(expected);
    expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted());
    for (const [path, bytes] of ours) expect(compareBytes(bytes, theirs.get(path) as Uint8Array)).toBe(0);
  });
});

function sinkOf(files: Files) {
  return { write: (path: string, bytes: Uint8Array) => Promise.resolve(void files.set(path, bytes)) };
}

async function verdictOf(check: typeof verifyArchive, files: Files, batchId: BatchId): Promise<unknown> {
  const read = (path: string): Promise<Uint8Array> => {
    const bytes = files.get(path);
    if (bytes) return Promise.resolve(bytes);
    return Promise.reject(new InputError("archive.missing", `There is no ${path}.`));
  };
  try {
    const { commitment } = await check({ read }, batchId);
    return { accepted: toHex(commitment.root), leavesHash: toHex(commitment.leavesHash) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code, message };
  }
}

/** Leaves of the sample's day, methodology, class and provider, under keys of their own. */
async function leavesOf(count: number): Promise<Uint8Array[]> {
  const { leaves } = await sampleBatch();
  const keys = Array.from({ length: count }, (_, i) => keccak(Uint8Array.of(i, i >> 8, 7))).toSorted(
    compareBytes,
  );
  return keys.map((key, i) => {
    const leaf = (leaves[i % leaves.length] as Uint8Array).slice();
    leaf.set(key, 1);
    leaf.set(keys[i + 1] ?? LAST_ACTIVITY_KEY, 33);
    return leaf;
  });
}

async function archiveOf(count: number): Promise<SmallArchive> {
  const files: Files = new Map();
  const stream = new ArchiveStream(sinkOf(files));
  for (const leaf of await leavesOf(count)) await stream.push(leaf);
  const commitment = await stream.finish();
  const bytes = encodeManifest({
    ...(await sampleBatch()).manifest,
    root: toHex(commitment.root),
    leavesHash: toHex(commitment.leavesHash),
    totalMilligrams: commitment.total,
    leafCount: count,
    subjectlessMilligrams: 0n as Milligrams,
  });
  files.set("manifest.json", bytes);
  return { files, batchId: batchIdOf(bytes) };
}
