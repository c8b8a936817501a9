import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/base/errors/errors.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { encodeManifest } from "../../../src/format/batch/manifest.ts";
import type { ArchiveSource } from "../../../src/format/archive/readArchive.ts";
import { ArchiveStream } from "../../../src/format/archive/archiveStream.ts";
import { verifyArchive } from "../../../src/verify/verifyArchive.ts";
import { CHAIN_ID, CONTRACTS, sampleBatch, sampleWord, type SampleBatch } from "./support/sampleBatch.ts";
import { code } from "./support/verifyFile.ts";

type Files = Map<string, Uint8Array>;

async function archiveOf({ manifest, leaves }: SampleBatch): Promise<Files> {
  const files: Files = new Map([["manifest.json", encodeManifest(manifest)]]);
  const stream = new ArchiveStream({ write: (path, bytes) => Promise.resolve(void files.set(path, bytes)) });
  for (const leaf of leaves) await stream.push(leaf);
  await stream.finish();
  return files;
}

function sourceOf(files: Files): ArchiveSource {
  return {
    read(path) {
      const bytes = files.get(path);
      return bytes
        ? Promise.resolve(bytes)
        : Promise.reject(new InputError("archive.missing", `There is no ${path}.`));
    },
  };
}

const batch = sampleBatch("archive", 300);
let files: Files;
beforeAll(async () => {
  files = await archiveOf(batch);
});

describe("an archive", () => {
  it("is recomputed whole; without a trust input the verdict says that nothing was anchored", async () => {
    const seen: number[] = [];
    const verdict = await verifyArchive(sourceOf(files), null, (leaves) => seen.push(leaves));
    expect(verdict).toMatchObject({ ok: true, mode: "none", facts: { kind: "archive", block: null } });
    expect(verdict.facts.batches[0]).toMatchObject({
      batchId: batch.batchId,
      leafCount: 300,
      leaves: 300,
      onChain: null,
    });
    expect(verdict.notChecked[0]).toMatch(/^Nothing was anchored/);
    expect(seen).toEqual([256, 300]);
  });

  it("is the one that the verifier named, by id or by tree, or is refused", async () => {
    const tree = { root: toHex(batch.tree.root), total: batch.tree.total, count: 300 };
    const byId = await verifyArchive(sourceOf(files), {
      mode: "root",
      batches: [{ batchId: batch.batchId }],
    });
    expect(byId.checked.at(-1)).toBe("The batch is the one that you named.");
    const byTree = await verifyArchive(sourceOf(files), { mode: "root", batches: [tree] });
    expect(byTree.notChecked.join(" ")).toContain("it is the archive's word");
    await expect(
      verifyArchive(sourceOf(files), { mode: "root", batches: [{ ...tree, count: 301 }] }),
    ).rejects.toMatchObject({
      code: "verify.root",
    });
  });

  it("holds no block proof, so a block hash can't anchor it", async () => {
    const trust = {
      mode: "block",
      chainId: CHAIN_ID,
      contracts: CONTRACTS,
      blockHash: toHex(sampleWord("b")),
    } as const;
    await expect(verifyArchive(sourceOf(files), trust)).rejects.toMatchObject({
      code: "verify.block-missing",
    });
  });

  it("is refused with any byte of any of its files changed, and with any file missing", async () => {
    const trust = { mode: "root", batches: [{ batchId: batch.batchId }] } as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files.keys()),
        fc.nat(100_000),
        fc.integer({ min: 1, max: 255 }),
        async (path, at, mask) => {
          const changed = new Map(files);
          const bytes = (files.get(path) as Uint8Array).slice();
          bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
          changed.set(path, bytes);
          await expect(verifyArchive(sourceOf(changed), trust)).rejects.toThrow(
            code(/^(?:archive|json|manifest|leaf|tree|verify)\./),
          );
        },
      ),
      { numRuns: 40 },
    );
    for (const path of files.keys()) {
      const changed = new Map(files);
      changed.delete(path);
      await expect(verifyArchive(sourceOf(changed), trust)).rejects.toMatchObject({
        code: "archive.missing",
      });
    }
  });
});
