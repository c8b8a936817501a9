import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalisedAssetNumber } from "../../../../src/base/lib/normalisedAssetNumber.ts";

const normalised = (text: string) => normalisedAssetNumber(text, 256);

describe("an asset's number", () => {
  it.each([
    [
      "鄂A12345",
      ["鄂A·12345", "鄂a 12345", "鄂Ａ１２３４５", "鄂A\u201012345", "鄂A-123.45", "\u200b鄂A12345 "],
    ],
    [
      "FLEET1",
      ["FLEET-1", "fleet 1", "Fleet_1", "FLEET/1", "ＦＬＥＥＴ－１", "fleet\u22121", "fleet\u00ad1"],
    ],
    ["CNABCE123", ["CN*ABC*E123", "cn-abc-e123", "CN:ABC:E123", "CN\\ABC#E123"]],
    ["ÉOLE7", ["e\u0301ole 7", "ÉOLE・7", "éole•7"]],
    ["STRASSE7", ["Straße 7"]],
    ["ШАХТА7", ["шахта-7"]],
  ])("is %s however it is spelled", (number, spellings) => {
    for (const spelling of [number, ...spellings]) expect(normalised(spelling)).toBe(number);
  });

  it.each([
    ["nothing", ""],
    ["separators alone", " -–·/ "],
    ["a control character", "A\u00071"],
    ["another sign", "A+1"],
    ["a fraction", "½"],
    ["digits of another script", "A١٢"],
    ["Latin and Cyrillic letters that look alike", "\u0410BC-1"],
    ["Latin and Greek letters that look alike", "\u0391BC-1"],
    ["half a character", "A\ud8001"],
    ["more than it may have", "A".repeat(257)],
  ])("is none of %s", (_what, text) => {
    expect(normalised(text)).toBeNull();
  });

  it("is its own spelling, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        const once = normalised(text);
        expect(once === null ? null : normalisedAssetNumber(once, 4096)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});
