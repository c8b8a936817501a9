import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeGbk } from "../../../../src/demo/generate/encodeGbk.ts";

describe("GBK", () => {
  it("has the known bytes of 武汉", () => {
    expect([...encodeGbk("武汉,1\n")]).toEqual([0xce, 0xe4, 0xba, 0xba, 0x2c, 0x31, 0x0a]);
  });

  it("is decoded to the same text", () => {
    const characters = fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0x4e00, max: 0x9fa5 }));
    fc.assert(
      fc.property(fc.array(characters), (points) => {
        const text = String.fromCodePoint(...points);
        expect(new TextDecoder("gbk", { ignoreBOM: true }).decode(encodeGbk(text))).toBe(text);
      }),
    );
  });

  it.each(["ß", "\u{FFFD}", "🚇"])("refuses %s, which it lacks", (text) => {
    expect(() => encodeGbk(text)).toThrow(RangeError);
  });
});
