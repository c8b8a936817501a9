import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/app/context.ts";
import { recognisedHoldings, recognitionForRecord } from "../../../../src/app/retirements/recognise.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import type { ArchiveSource } from "../../../../src/format/archive/readArchive.ts";
import { parseRecognition, recognitionHash } from "../../../../src/stages/recognition/matrixSchema.ts";
import { sampleArchive } from "../../verify/support/sampleArchive.ts";
import { sampleBatch } from "../../verify/support/sampleBatch.ts";

const [first, second] = [sampleBatch("first", 5), sampleBatch("second", 5)];
const archives = await Promise.all([first, second].map((batch) => sampleArchive(batch)));
const [ofFirst, ofSecond] = archives.map(({ source }) => source) as [ArchiveSource, ArchiveSource];

describe("holdings that an authority is asked to recognise", () => {
  const RULE = {
    id: "singapore",
    issuers: ["SGP"],
    methodologies: null,
    vintages: { first: 2017, last: 2017 },
    purposes: null,
    validFrom: "2025-01-01",
    validTo: "2025-12-31",
    discountBps: 2500,
    source: "Order 7.",
  };
  const matrixOf = (...rules: object[]) =>
    parseRecognition({
      schema: "microtonne-recognition/1",
      authority: "NIEBLA",
      version: 4,
      validFrom: "2025-01-01T00:00Z",
      rules,
    });
  const MATRIX = matrixOf(RULE);
  const NIEBLA = regionCode("NIEBLA");
  const ask = (matrix: typeof MATRIX | null, authority = NIEBLA, day = "2025-12-31T23:59:59Z") =>
    recognisedHoldings(
      // Of a folder that made none of these batches.
      {
        clock: { now: () => (Date.parse(day) / 1000) as UnixSeconds },
        db: { query: () => Promise.resolve([]) },
      } as unknown as Context,
      [first, second].map(({ batchId }) => ({ batchId, startDay: 0 as Day, milligrams: 9n as Milligrams })),
      { authority, matrix, purpose: "corporate-neutrality", claim: 0n as Milligrams },
      () => [ofFirst, ofSecond],
    );

  it("are those that a rule is for, on the day in UTC, or of its own region", async () => {
    const found = await ask(MATRIX);
    expect([...found]).toEqual(
      [first, second].map(({ batchId }) => [batchId, { rule: "singapore", discountBps: 2500 }]),
    );
    const own = await ask(null, regionCode("SGP"));
    expect([...own.values()]).toEqual([first, second].map(() => ({ rule: null, discountBps: 0 })));
  });

  it("that it recognises none of are refused with regions, purpose, day and rules", async () => {
    const advice = "Retire credits that it recognises, or leave out who recognises them.";
    await expect(ask(MATRIX, NIEBLA, "2026-01-01T00:00:00Z")).rejects.toMatchObject({
      code: "recognition.not-recognised",
      message:
        "NIEBLA does not recognise credits of SGP for corporate-neutrality " +
        "on 2026-01-01: none of the 1 rules of its " +
        `version 4 (${recognitionHash(MATRIX)}) does. ${advice}`,
    });
    await expect(ask(null)).rejects.toThrow(
      `on 2025-12-31: no rules of recognition of NIEBLA are known here. ${advice}`,
    );
    await expect(ask(matrixOf())).rejects.toThrow("none of the 0 rules of its version 4");
  });

  it("go into the record with what is recognised, and the rules' hash where one was needed", () => {
    const amounts = [
      { batchId: first.batchId, milligrams: 1001n as Milligrams },
      { batchId: second.batchId, milligrams: 10n as Milligrams },
    ];
    const own = { rule: null, discountBps: 0 };
    const recorded = (by: object, matrix: typeof MATRIX | null, claim = 0n) =>
      recognitionForRecord(
        amounts,
        new Map([
          [first.batchId, by as typeof own],
          [second.batchId, own],
        ]),
        { authority: NIEBLA, matrix, purpose: "corporate-neutrality", claim: claim as Milligrams },
      );
    expect(recorded({ rule: "singapore", discountBps: 2500 }, MATRIX, 760n)).toEqual({
      authority: "NIEBLA",
      rulesHash: recognitionHash(MATRIX),
      claim: 760n,
      lines: [
        { batchId: first.batchId, rule: "singapore", discountBps: 2500, recognised: 750n },
        { batchId: second.batchId, rule: null, discountBps: 0, recognised: 10n },
      ],
    });
    expect(recorded(own, MATRIX).rulesHash).toBeNull();
    expect(recorded(own, null, 1011n).lines.map(({ recognised }) => recognised)).toEqual([1001n, 10n]);
    expect(() => recorded({ rule: "singapore", discountBps: 2500 }, MATRIX, 761n)).toThrow(
      expect.objectContaining({ code: "recognition.below-claim" }),
    );
  });
});
