import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalisedAssetNumber } from "../../../../src/base/lib/normalisedAssetNumber.ts";

const normalised = (text: string) => normalisedAssetNumber(text, 256);

const INVISIBLE = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) =>
  /\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(code)),
);

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
    ["A777BC", ["а777вс", "А 777 ВС"]],
    ["YZE1234", ["ΥΖΕ-1234", "υζε 1234"]],
    ["M1", ["\u041C-1", "\u039C-1", "M\u30FC1"]],
    ["品川300あ1234", ["品川 300 あ 12-34"]],
    ["서울12가3456", ["서울 12가 3456", "\u1109\u1165\u110b\u116e\u11af12\u1100\u11613456"]],
    ["กข1234", ["กข 1234"]],
    ["سعد123", ["سعد 123"]],
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
    ["Han with a Cyrillic letter that looks like a Latin one", "鄂\u041012345"],
    ["a Lisu letter that looks like a Latin one", "\uA4EE12345"],
    ["a Cherokee letter that looks like a Latin one", "\u13AA12345"],
    ["a Coptic letter that looks like a Latin one", "\u2C9E12"],
    ["an Armenian letter that looks like a Latin one", "\u054F1"],
    ["a Greek letter beside Cyrillic ones", "\u0391\u0412\u04211"],
    ["a small capital", "\u1D001"],
    ["a click that looks like a stroke", "A\u01C01"],
    ["Eth, which looks like a D with a stroke", "\u00D01"],
    ["a part of a Hangul syllable", "\u314712345"],
    ["Katakana that looks like Han", "\u30ED1"],
    ["a mark that its letter does not take up", "M1\u0301"],
    ["a mark alone", "\u0301"],
    ["half a character", "A\ud8001"],
    ["more than it may have", "A".repeat(257)],
  ])("is none of %s", (_what, text) => {
    expect(normalised(text)).toBeNull();
  });

  it("is not told apart from itself by what is not seen", () => {
    const unseen = fc
      .constantFrom(...INVISIBLE)
      .map((code) => String.fromCodePoint(code))
      .chain((sign) => fc.tuple(fc.constant(sign), fc.nat(7)));
    fc.assert(
      fc.property(
        unseen,
        fc.constantFrom("鄂A12345", "M000001", "品川300あ12", "ШАХТА7"),
        ([sign, at], number) => {
          const hidden = number.slice(0, at) + sign + number.slice(at);
          expect([null, number]).toContain(normalised(hidden));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    "M-1\uFE0F",
    "M-1\u{E0100}",
    "M\u034F1",
    "M1\u180B",
    "M1\u17B4",
    "M1\u3164",
    "M1\u115F",
    "M1\uFFA0",
  ])("is none of what hides another sign: %j", (text) => {
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
