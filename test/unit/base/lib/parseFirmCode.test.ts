import { describe, expect, it } from "vitest";
import { parseFirmCode } from "../../../../src/base/lib/parseFirmCode.ts";

const LEI = "5493001KJTIIGC8Y1R12";
const USCC = "91350100M000100Y43";

describe("a firm's code", () => {
  it("is a LEI or a USCC, however it is written", () => {
    expect(parseFirmCode(`LEI:${LEI}`)).toEqual({ scheme: "LEI", code: LEI });
    expect(parseFirmCode(` uscc:${USCC.toLowerCase()} `)).toEqual({ scheme: "USCC", code: USCC });
  });

  it.each([`LEI:${LEI}`, `USCC:${USCC}`])("with any one digit or letter another is none: %s", (text) => {
    const from = text.indexOf(":") + 1;
    for (let at = from; at < text.length; at += 1) {
      const character = text[at] as string;
      const [one, two] = /\d/.test(character) ? ["7", "8"] : ["K", "L"];
      const other = character === one ? two : one;
      expect(parseFirmCode(text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
    }
  });

  it.each([
    "",
    LEI,
    `GLN:${LEI}`,
    `LEI:${USCC}`,
    `USCC:${LEI}`,
    `LEI:${LEI}0`,
    "USCC:",
    "USCC:9135010OM000100Y43",
  ])("is not %j", (text) => {
    expect(parseFirmCode(text)).toBeNull();
  });
});
