import { describe, expect, it } from "vitest";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { batchStatementOf } from "../../../../src/format/onchain/batchStatement.ts";
import { committableStatement } from "../../../../src/stages/pool/committableStatement.ts";

const { manifest, batchId } = await sampleBatch();
const statement = batchStatementOf(manifest, batchId, 5 as UnixSeconds);
const old = batchStatementOf({ ...manifest, format: "microtonne-batch/1" }, batchId, 5 as UnixSeconds);

describe("what is committed", () => {
  it("is a batch of the second format, to a registry that takes it", () => {
    expect(committableStatement("microtonne-batch/2", statement)).toBe(statement);
  });

  it("is nothing on a registry of the first kind, which is said with what to do", () => {
    for (const one of [statement, old])
      expect(() => committableStatement("microtonne-batch/1", one)).toThrowError(
        expect.objectContaining({
          code: "batch.old-registry",
          message: expect.stringMatching(/with the version before, or deploy anew/) as string,
        }),
      );
  });

  it("is no batch of the first format, which is named and told what to do with", () => {
    expect(() => committableStatement("microtonne-batch/2", old)).toThrowError(
      expect.objectContaining({
        code: "batch.old-format",
        message: expect.stringMatching(new RegExp(`${batchId}.*fresh data folder`)) as string,
      }),
    );
  });
});
