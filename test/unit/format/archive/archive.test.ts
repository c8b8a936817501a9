import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { seededLeafBytes, withSize } from "../../../../scripts/generate/vectors/seededLeaves.ts";
import { compareBytes, fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import { InputError } from "../../../../src/base/errors/errors.ts";
import type { BatchId, MethodologyId } from "../../../../src/base/types/ids.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import {
  batchFolder,
  bundlePath,
  tilePath,
  topTileLevel,
} from "../../../../src/format/archive/archiveLayout.ts";
import { proveInclusion, verifyInclusion } from "../../../../src/format/proofs/inclusionProof.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { decodeLeaf, encodeLeaf, LAST_ACTIVITY_KEY } from "../../../../src/format/batch/leaf.ts";
import { batchIdOf, encodeManifest, type Manifest2 } from "../../../../src/format/batch/manifest.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { proveRange } from "../../../../src/format/proofs/rangeProof.ts";
import { Archive, type ArchiveSource } from "../../../../src/format/archive/readArchive.ts";
import { buildSumTree, leafNode } from "../../../../src/format/batch/sumTree.ts";
import { verifyArchive } from "../../../../src/format/archive/verifyArchive.ts";
import { ArchiveStream } from "../../../../src/format/archive/archiveStream.ts";
import { codeOfAsync, vectors } from "../support/vectors.ts";

interface TreeVector {
  name: string;
  count: number;
  equalSize?: string;
  root: string;
  total: string;
  leavesHash: string;
  leaves?: string[];
  files: { path: string; length: number; keccak256: string }[];
}
const trees = vectors("trees") as {
  trees: TreeVector[];
  refused: { name: string; error: string; leaves: string[] }[];
};
const texts = vectors("texts") as {
  folder: { batchId: BatchId; path: string };
  bundles: { bundle: number; path: string }[];
  tiles: { level: number; tile: number; path: string }[];
  topTileLevels: { count: number; level: number }[];
};

/** Files kept in memory; counts what is read. */
function memory(files: Map<string, Uint8Array> = new Map()) {
  const reads: string[] = [];
  return {
    files,
    reads,
    write: (path: string, bytes: Uint8Array) => {
      if (files.has(path)) throw new Error(`${path} is written twice`);
      files.set(path, bytes);
      return Promise.resolve();
    },
    read: (path: string) => {
      reads.push(path);
      const bytes = files.get(path);
      return bytes
        ? Promise.resolve(bytes)
        : Promise.reject(new InputError("archive.missing", `No ${path}.`));
    },
  };
}

async function written(leaves: readonly Uint8Array[]) {
  const store = memory();
  const stream = new ArchiveStream(store);
  for (const leaf of leaves) await stream.push(leaf);
  const commitment = await stream.finish();
  const manifest = {
    root: toHex(commitment.root),
    totalMilligrams: commitment.total,
    leafCount: commitment.count,
  };
  return {
    store,
    commitment,
    archive: new Archive(store, manifest),
    tree: buildSumTree(leaves.map(leafNode)),
    leaves,
  };
}
const keyOf = (leaf: Uint8Array) => leaf.slice(1, 33);

describe("archive layout", () => {
  it("names folders, bundles and tiles as in the vectors", () => {
    expect(batchFolder(texts.folder.batchId)).toBe(texts.folder.path);
    for (const { bundle, path } of texts.bundles) expect(bundlePath(bundle)).toBe(path);
    for (const { level, tile, path } of texts.tiles) expect(tilePath(level, tile)).toBe(path);
    for (const { count, level } of texts.topTileLevels)
      expect([count, topTileLevel(count)]).toEqual([count, level]);
    expect(bundlePath(1_234_067)).toBe("leaves/x001/x234/067");
  });
});

describe("archive writer", () => {
  it("writes the files of the vectors", async () => {
    for (const vector of trees.trees) {
      const equalSize = vector.equalSize === undefined ? undefined : BigInt(vector.equalSize);
      const leaves =
        vector.leaves?.map((leaf) => fromHex(leaf)) ?? seededLeafBytes(vector.name, vector.count, equalSize);
      const { store, commitment } = await written(leaves);
      expect(
        [...store.files].map(([path, bytes]) => ({
          path,
          length: bytes.length,
          keccak256: toHex(keccak(bytes)),
        })),
      ).toEqual(vector.files);
      expect([toHex(commitment.root), commitment.total.toString(), toHex(commitment.leavesHash)]).toEqual([
        vector.root,
        vector.total,
        vector.leavesHash,
      ]);
    }
  });

  it("comes to the root of the whole tree at every turn of bundle and tile", async () => {
    for (const count of [1, 2, 255, 256, 257, 511, 512, 513]) {
      const { commitment, tree, leaves } = await written(seededLeafBytes("turns", count));
      expect([count, toHex(commitment.root), commitment.total]).toEqual([
        count,
        toHex(tree.root),
        tree.total,
      ]);
      expect(commitment.leavesHash).toEqual(keccak(new Uint8Array(leaves.flatMap((leaf) => [...leaf]))));
    }
  });

  it("refuses an empty batch", async () => {
    expect(await codeOfAsync(() => new ArchiveStream(memory()).finish())).toBe("tree.empty");
  });
});

describe("archive reader", () => {
  it("gives the proofs of the whole tree, from few files", async () => {
    const { archive, store, tree, leaves } = await written(seededLeafBytes("thousand", 1000));
    for (const index of [0, 1, 255, 256, 511, 767, 768, 998, 999]) {
      const proof = await archive.inclusionProof(index);
      expect(proof).toEqual({ index, leaf: leaves[index], steps: proveInclusion(tree, index) });
    }
    const fresh = new Archive(store, {
      root: toHex(tree.root),
      totalMilligrams: tree.total,
      leafCount: 1000,
    });
    store.reads.length = 0;
    await fresh.inclusionProof(300);
    expect(store.reads).toEqual(["leaves/001", "tiles/1/000"]);
    const range = await archive.rangeProof(250, 770);
    expect(range).toEqual({ first: 250, leaves: leaves.slice(250, 771), steps: proveRange(tree, 250, 770) });
  });

  it("finds leaves by key and by milligram", async () => {
    const { archive, tree, leaves } = await written(seededLeafBytes("bundle-and-one", 257));
    let start = 0n;
    for (const [index, leaf] of leaves.entries()) {
      const { milligrams } = decodeLeaf(leaf);
      if (index % 16 === 0 || index > 254) {
        expect((await archive.leafOfActivityKey(keyOf(leaf)))?.index).toBe(index);
        for (const position of [start, start + milligrams - 1n])
          expect(await archive.leafAtPosition(position)).toEqual({ index, leaf, start });
      }
      start += milligrams;
    }
    expect(await archive.leafOfActivityKey(new Uint8Array(32))).toBeNull();
    expect(await archive.leafOfActivityKey(LAST_ACTIVITY_KEY)).toBeNull();
    expect(await codeOfAsync(() => archive.leafAtPosition(tree.total))).toBe("archive.position");
    expect(await codeOfAsync(() => archive.leafAtPosition(-1n))).toBe("archive.position");
    for (const index of [-1, 257, 0.5])
      expect(await codeOfAsync(() => archive.leafAt(index))).toBe("archive.index");
    expect(await codeOfAsync(() => archive.rangeProof(5, 4))).toBe("archive.index");
  });

  it("proves the absence of any absent key and of no other", async () => {
    const { archive, leaves } = await written(seededLeafBytes("properties", 40));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (key) => {
        expect(leaves.some((leaf) => compareBytes(keyOf(leaf), key) === 0)).toBe(false);
        expect(await codeOfAsync(() => archive.absenceProof(key))).toBe("accepted");
      }),
      { numRuns: 50 },
    );
    expect(await codeOfAsync(() => archive.absenceProof(keyOf(leaves[7] as Uint8Array)))).toBe(
      "absence.present",
    );
  });

  it("hands out no proof from damaged files", async () => {
    const { store, tree } = await written(seededLeafBytes("bundle-and-one", 257));
    const manifest = { root: toHex(tree.root), totalMilligrams: tree.total, leafCount: 257 };
    const damaged = (path: string, change: (bytes: Uint8Array) => Uint8Array) =>
      new Archive(
        memory(
          new Map(
            [...store.files].map(([name, bytes]) => [name, name === path ? change(bytes.slice()) : bytes]),
          ),
        ),
        manifest,
      );
    const flip = (at: number) => (bytes: Uint8Array) => bytes.with(at, (bytes[at] as number) ^ 1);
    expect(await codeOfAsync(() => damaged("leaves/000", flip(200)).inclusionProof(0))).toBe("proof.root");
    expect(await codeOfAsync(() => damaged("tiles/1/000", flip(60)).inclusionProof(0))).toBe("proof.root");
    expect(await codeOfAsync(() => damaged("leaves/000", (bytes) => bytes.slice(1)).inclusionProof(0))).toBe(
      "archive.length",
    );
    expect(await codeOfAsync(() => new Archive(memory(), manifest).inclusionProof(0))).toBe(
      "archive.missing",
    );
    // A root node stored lighter than the manifest says: the last milligrams are nowhere.
    const lighter = damaged(
      "tiles/2/000",
      (bytes) => new Uint8Array([...new Uint8Array(7), 1, ...bytes.slice(8)]),
    );
    expect(await codeOfAsync(() => lighter.leafAtPosition(tree.total - 1n))).toBe("archive.sizes");
  });
});

describe("check of a whole archive", () => {
  it("accepts the sample batch, and every file of it is needed as it is", async () => {
    const batch = await sampleBatch();
    const source = (files: ReadonlyMap<string, Uint8Array>): ArchiveSource => memory(new Map(files));
    const { commitment } = await verifyArchive(source(batch.files), batch.batchId);
    expect([commitment.root, commitment.total, commitment.count]).toEqual([
      batch.tree.root,
      batch.tree.total,
      5,
    ]);
    for (const [path, bytes] of batch.files) {
      for (let at = 0; at < bytes.length; at += 7) {
        const files = new Map(batch.files).set(path, bytes.with(at, (bytes[at] as number) ^ 1));
        expect([path, at, await codeOfAsync(() => verifyArchive(source(files), batch.batchId))]).not.toEqual([
          path,
          at,
          "accepted",
        ]);
      }
      const without = new Map(batch.files);
      without.delete(path);
      expect(await codeOfAsync(() => verifyArchive(source(without), batch.batchId))).toBe("archive.missing");
    }
  });

  it("refuses batches that break a rule although every hash is right", async () => {
    const { manifest, leaves } = await sampleBatch();
    const all = await resealed(leaves, manifest);
    expect(await codeOfAsync(() => verifyArchive(all.store, all.batchId))).toBe("accepted");
    const shorter = shorterValidity(leaves, manifest);
    const field = (index: number, at: number, value: number) =>
      leaves.map((leaf, i) => (i === index ? leaf.with(at, value) : leaf));
    const cases: [name: string, code: string, leaves: readonly Uint8Array[], changes?: Partial<Manifest2>][] =
      [
        ["two leaves swapped", "archive.link", [1, 0, 2, 3, 4].map((i) => leaves[i] as Uint8Array)],
        ["a leaf left out", "archive.link", leaves.toSpliced(2, 1)],
        ["the last leaf left out", "archive.link", leaves.slice(0, 4)],
        ["a leaf twice", "archive.link", leaves.toSpliced(2, 0, leaves[2] as Uint8Array)],
        [
          "day before the vintage, on which the methodology is valid",
          "archive.leaf",
          withDay(leaves, 1, 20_453),
        ],
        ["methodology that the manifest lacks", "archive.leaf", field(1, 70, 0xee)],
        ["provider that the manifest lacks", "archive.leaf", field(1, 178, 9)],
        ["another scenario class than the methodology's", "archive.leaf", field(1, 174, 8)],
        [
          "total",
          "archive.commitment",
          leaves,
          { totalMilligrams: (manifest.totalMilligrams + 1n) as Milligrams },
        ],
        ["root", "archive.commitment", leaves, { root: `0x${"11".repeat(32)}` }],
        ["leavesHash", "archive.commitment", leaves, { leavesHash: `0x${"11".repeat(32)}` }],
        [
          "list of scenario classes",
          "archive.scenario-classes",
          leaves,
          { scenarioClasses: { ...manifest.scenarioClasses, hash: `0x${"11".repeat(32)}` } },
        ],
        ["count", "archive.length", leaves, { leafCount: 4 }],
        [
          "day in the vintage, on which the methodology is not valid",
          "archive.leaf",
          shorter.leaves,
          { methodologies: shorter.methodologies },
        ],
      ];
    for (const [name, code, changed, changes] of cases) {
      const sealed = await resealed(changed, manifest, changes);
      expect([name, await codeOfAsync(() => verifyArchive(sealed.store, sealed.batchId))]).toEqual([
        name,
        code,
      ]);
    }
    expect(await codeOfAsync(() => verifyArchive(all.store, `0x${"11".repeat(32)}` as BatchId))).toBe(
      "archive.batch-id",
    );
  });

  it("refuses the lists of leaves that no batch may have", async () => {
    const { manifest, leaves: samples } = await sampleBatch();
    for (const { name, error, leaves } of trees.refused.filter((one) => one.leaves.length > 0)) {
      // Other faults of these seeded leaves are put right, so that the one in question is left.
      const bytes = leaves.map((leaf) => fitting(fromHex(leaf), samples[0] as Uint8Array));
      const files = new Map<string, Uint8Array>([
        ["leaves/000", new Uint8Array(bytes.flatMap((leaf) => [...leaf]))],
      ]);
      const stated: Manifest2 = { ...manifest, leafCount: bytes.length };
      const manifestBytes = encodeManifest(stated);
      files.set("manifest.json", manifestBytes);
      expect([name, await codeOfAsync(() => verifyArchive(memory(files), batchIdOf(manifestBytes)))]).toEqual(
        [name, error],
      );
    }
  });
});

/** A leaf with day, methodology, class and provider of another, which its manifest allows. */
function fitting(leaf: Uint8Array, sample: Uint8Array): Uint8Array {
  const bytes = leaf.slice();
  bytes.set(sample.slice(65, 97), 65);
  bytes.set(sample.slice(169, 179), 169);
  return bytes;
}

function withDay(leaves: readonly Uint8Array[], index: number, day: number): Uint8Array[] {
  const changed = leaves.map((leaf) => leaf.slice());
  new DataView((changed[index] as Uint8Array).buffer).setUint32(169, day);
  return changed;
}

/** The same acts under methodologies that end in the middle of the vintage; leaves name the new ids. */
function shorterValidity(leaves: readonly Uint8Array[], manifest: Manifest2) {
  const methodologies = manifest.methodologies.map((one) => ({ ...one, validTo: "2026-02-01" }));
  const renamed = new Map(
    manifest.methodologies.map((one, i) => [
      methodologyIdOf(one),
      methodologyIdOf(methodologies[i] as Methodology),
    ]),
  );
  const changed = leaves.map((leaf) =>
    encodeLeaf({
      ...decodeLeaf(leaf),
      methodologyId: renamed.get(decodeLeaf(leaf).methodologyId) as MethodologyId,
    }),
  );
  return {
    leaves: changed,
    methodologies: methodologies.toSorted((a, b) => (methodologyIdOf(a) < methodologyIdOf(b) ? -1 : 1)),
  };
}

/** A batch whose hashes are all made anew after a change. */
async function resealed(
  leaves: readonly Uint8Array[],
  manifest: Manifest2,
  changes: Partial<Manifest2> = {},
) {
  const { store, commitment } = await written(leaves);
  const bytes = encodeManifest({
    ...manifest,
    root: toHex(commitment.root),
    leavesHash: toHex(commitment.leavesHash),
    totalMilligrams: commitment.total,
    leafCount: commitment.count,
    subjectlessMilligrams: 0n as Milligrams,
    ...changes,
  });
  store.files.set("manifest.json", bytes);
  return { store, batchId: batchIdOf(bytes) };
}

it("a leaf's own size decides, not the archive's", async () => {
  const leaves = seededLeafBytes("three", 3);
  const { archive } = await written([
    leaves[0] as Uint8Array,
    withSize(leaves[1] as Uint8Array, 42n),
    leaves[2] as Uint8Array,
  ]);
  const { start, end } = verifyInclusion(archive.commitment, await archive.inclusionProof(1));
  expect(end - start).toBe(42n);
});
