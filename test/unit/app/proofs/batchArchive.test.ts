import { describe, expect, it } from "vitest";
import {
  archiveFrom,
  batchArchive,
  batchManifest,
  hasArchives,
  NO_ARCHIVES,
} from "../../../../src/app/proofs/batchArchive.ts";
import { CheckFailedError, InputError } from "../../../../src/base/errors/errors.ts";
import type { ArchiveSource } from "../../../../src/format/archive/readArchive.ts";
import { sampleArchive } from "../../verify/support/sampleArchive.ts";
import { sampleBatch } from "../../verify/support/sampleBatch.ts";

const [first, second] = [sampleBatch("first", 5), sampleBatch("second", 5)];
const archives = await Promise.all([first, second].map((batch) => sampleArchive(batch)));
const [ofFirst, ofSecond] = archives.map(({ source }) => source) as [ArchiveSource, ArchiveSource];
const failing = (failure: Error): ArchiveSource => ({ read: () => Promise.reject(failure) });
const EMPTY = failing(new InputError("archive.missing", "There is no manifest.json."));

describe("the archive of a batch that another folder made", () => {
  it("is the one whose manifest the batch id stands for, whatever else was named", async () => {
    const asked = () => [EMPTY, ofSecond, ofFirst];
    expect((await batchArchive(null, first.batchId, asked)).manifest).toEqual(first.manifest);
    expect(await batchManifest(null, second.batchId, asked)).toEqual(second.manifest);
    const archive = await archiveFrom(null, asked)(first.batchId);
    expect((await archive.leafAtPosition(0n)).index).toBe(0);
    expect(archive.commitment.total).toBe(first.tree.total);
  });

  it("is missed where none of those named is of it", async () => {
    for (const none of [NO_ARCHIVES, () => [EMPTY, ofSecond]])
      await expect(batchArchive(null, first.batchId, none)).rejects.toMatchObject({
        code: "prove.archive",
        message:
          `Batch ${first.batchId} was made elsewhere, and no archive of it is at hand. Its operator ` +
          "has one.",
      });
  });

  it("that can't be read is said, and not passed over", async () => {
    for (const error of [new InputError("archive.size", "Too large."), new CheckFailedError("x", "Broken.")])
      await expect(batchArchive(null, first.batchId, () => [failing(error), ofFirst])).rejects.toBe(error);
  });

  it("is at hand for a retirement where all of its batches' are", async () => {
    const lines = (...batches: (typeof first)[]) => ({
      lines: batches.map(({ batchId }) => ({ batchId })) as never,
    });
    expect(await hasArchives(null, lines(first, second), () => [ofFirst, ofSecond])).toBe(true);
    expect(await hasArchives(null, lines(first, second), () => [ofFirst])).toBe(false);
    expect(await hasArchives(null, lines(first), () => [ofFirst])).toBe(true);
    expect(await hasArchives(null, lines(), NO_ARCHIVES)).toBe(true);
  });
});
