import { describe, expect, it } from "vitest";
import { leavesBehind } from "../../../../src/app/proofs/leavesBehind.ts";
import { listLeaves } from "../../../../src/app/proofs/listLeaves.ts";
import { withAllLeaves } from "../../../../src/app/proofs/withAllLeaves.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { Archive } from "../../../../src/format/archive/readArchive.ts";
import type { Strike } from "../../../../src/format/batch/strikes.ts";
import {
  decodeProofFile,
  encodeProofFile,
  type ProofFile,
  type ProofPart,
} from "../../../../src/format/proofs/proofFile.ts";
import { sampleArchive } from "../../verify/support/sampleArchive.ts";
import { sampleBatch } from "../../verify/support/sampleBatch.ts";
import { retirementFile, sampleRetirement, spanPart, starts } from "../../verify/support/sampleProof.ts";

const HASH = `0x${"5a".repeat(32)}` as const;
const batch = sampleBatch("all leaves", 40);
const begins = starts(batch);
const { source } = await sampleArchive(batch);
const archiveOf = () => Promise.resolve(new Archive(source, batch.manifest));
const strikes = [5, 39, 12].map((index): Strike => ({
  index,
  start: begins[index] as Milligrams,
  end: begins[index + 1] as Milligrams,
}));
const covered = strikes.reduce((sum, { start, end }) => sum + end - start, 0n) as Milligrams;
const positions = { start: begins[2] as bigint as Milligrams, end: begins[30] as bigint as Milligrams };
const record = sampleRetirement([{ batch, ...positions }]);

describe("a proof by spans with all its leaves", () => {
  it("is the listing that would have been made of the same block", async () => {
    const spanned = spanPart(batch, positions.start, positions.end, strikes, covered);
    const { spans = [], ...rest } = spanned;
    expect(spans.length).toBeGreaterThan(1);
    const archive = new Archive(source, batch.manifest);
    const { runs } = await leavesBehind(archive, { strikes, covered }, positions);
    const listed: ProofPart = { ...rest, ranges: await listLeaves(archive, runs) };
    const wanted = encodeProofFile(retirementFile(record, [listed]));
    expect(await withAllLeaves(archiveOf, encodeProofFile(retirementFile(record, [spanned])))).toEqual(
      wanted,
    );
  });

  it("is of the newer form only where an authority recognises the retirement", async () => {
    const recognition = {
      authority: regionCode("GD"),
      rulesHash: null,
      claim: 1n as Milligrams,
      lines: [{ batchId: batch.batchId, rule: null, discountBps: 0, recognised: 1n as Milligrams }],
    };
    const part = spanPart(batch, positions.start, positions.end, strikes, covered);
    const file = retirementFile(record, [part]);
    const formatOf = async (retirement: NonNullable<ProofFile["retirement"]>) =>
      decodeProofFile(await withAllLeaves(archiveOf, encodeProofFile({ ...file, retirement }))).format;
    const disclosed = { beneficiary: { name: "A fair" }, salt: HASH, use: "" } as const;
    expect(await formatOf({ record, disclosed })).toBe("microtonne-proof/1");
    expect(await formatOf({ record, disclosed: { ...disclosed, recognition } })).toBe("microtonne-proof/2");
    expect(await formatOf({ record })).toBe("microtonne-proof/1");
  });

  it("is itself where it has them already", async () => {
    const listed = { ...spanPart(batch, positions.start, positions.end), spans: undefined, ranges: [] };
    const { spans: _, ...part } = listed;
    const bytes = encodeProofFile(retirementFile(record, [part]));
    expect(await withAllLeaves(archiveOf, bytes)).toBe(bytes);
  });
});
