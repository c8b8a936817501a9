import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchId, regionCode } from "../../../../src/base/lib/ids.ts";
import type { BatchId, RegionCode } from "../../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { parseSerialText, serialText } from "../../../../src/format/batch/serial.ts";
import { codeOf, vectors } from "../support/vectors.ts";

interface SerialVector {
  region: RegionCode;
  year: number;
  batchId: BatchId;
  start: string;
  end: string;
  text: string;
}
const { serials, refusedSerials } = vectors("texts") as { serials: SerialVector[]; refusedSerials: string[] };
const mg = (value: bigint | string) => BigInt(value) as Milligrams;
const id = batchId(`0x${"5a".repeat(32)}`);

describe("serial text", () => {
  it("is that of the vectors, both ends inclusive in text and half-open inside", () => {
    for (const { region, year, batchId: of, start, end, text } of serials) {
      expect(serialText({ region, year, batchId: of, start: mg(start), end: mg(end) })).toBe(text);
      expect(parseSerialText(text)).toEqual({
        region,
        year,
        batchIdStart: of.slice(0, 34),
        start: mg(start),
        end: mg(end),
      });
    }
  });

  it("refuses what it would not write", () => {
    for (const text of refusedSerials)
      expect([text, codeOf(() => parseSerialText(text))]).not.toEqual([text, "accepted"]);
    const malformed = `MT-WUHAN-2026-${"5a".repeat(16)}-01-2`;
    expect(() => parseSerialText(malformed)).toThrow(
      expect.objectContaining({
        code: "serial.malformed",
        message: expect.stringContaining("write MT-REGION-YYYY-<32 hex>-<first mg>-<last mg>.") as unknown,
      }),
    );
    expect(
      codeOf(() =>
        serialText({ region: regionCode("WUHAN"), year: 2026, batchId: id, start: mg(5n), end: mg(5n) }),
      ),
    ).toBe("serial.empty");
  });

  it("reads back any range", () => {
    const mass = fc.bigInt(0n, 2n ** 63n - 1n);
    fc.assert(
      fc.property(
        mass,
        mass,
        fc.integer({ min: 1970, max: 9999 }),
        fc.stringMatching(/^[A-Z0-9]{2,8}$/),
        (a, b, year, region) => {
          if (a === b) return;
          const [start, end] = [mg(a < b ? a : b), mg(a < b ? b : a)];
          const text = serialText({ region: regionCode(region), year, batchId: id, start, end });
          expect(parseSerialText(text)).toEqual({ region, year, batchIdStart: id.slice(0, 34), start, end });
        },
      ),
    );
  });
});
