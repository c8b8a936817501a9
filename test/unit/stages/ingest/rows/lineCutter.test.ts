import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineCutter } from "../../../../../src/stages/ingest/rows/lineCutter.ts";
import type { TextEncoding } from "../../../../../src/stages/ingest/schema/formatSchema.ts";

function cut(bytes: Uint8Array, size: number, longest = 1000, encoding: TextEncoding = "utf-8"): string[] {
  const cutter = new LineCutter(encoding, longest);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += size) lines.push(...cutter.push(bytes.subarray(at, at + size)));
  return [...lines, ...cutter.end()];
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("lines of a stream", () => {
  it("end with LF, CRLF or CR, mixed; the last end opens no line", () => {
    expect(cut(bytes("a\nb\r\nc\rd\r\r\ne\n"), 100)).toEqual(["a", "b", "c", "d", "", "e"]);
    expect(cut(bytes("a\r"), 1)).toEqual(["a"]);
    expect(cut(bytes("a\r\n\r\nb"), 1)).toEqual(["a", "", "b"]);
    expect(cut(bytes(""), 1)).toEqual([]);
    expect(cut(bytes("\n"), 1)).toEqual([""]);
  });

  it("are the same however the stream is cut", () => {
    const text = fc
      .array(fc.constantFrom("a", "ü", "碳", "😀", "\r", "\n", "\r\n", "\uFEFF"), { maxLength: 60 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (content, size) => {
        const whole = content.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
        if (whole.at(-1) === "") whole.pop();
        expect(cut(bytes(content), size)).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  it("drop a byte order mark at the start and keep bad bytes as U+FFFD", () => {
    expect(cut(bytes("\uFEFFa\n"), 1)).toEqual(["a"]);
    expect(cut(Uint8Array.of(0x61, 0xc3, 0x0a, 0x62), 1)).toEqual(["a\uFFFD", "b"]);
  });

  it("are read as GBK where the profile says so", () => {
    expect(cut(Uint8Array.of(0xb5, 0xd8, 0xcc, 0xfa, 0x0a, 0x81, 0x0a), 1, 9, "gbk")).toEqual([
      "地铁",
      "\uFFFD",
    ]);
  });

  it("longer than the cap come out cut to one more than the cap", () => {
    expect(cut(bytes(`${"x".repeat(5000)}\nshort\n${"y".repeat(5000)}`), 7, 10)).toEqual([
      "x".repeat(11),
      "short",
      "y".repeat(11),
    ]);
  });

  it("of UTF-16 are read where a mark or the profile says so, whatever else the profile says", () => {
    const little = Uint8Array.of(0xff, 0xfe, 0x61, 0x00, 0x53, 0x78, 0x0d, 0x00, 0x0a, 0x00, 0x62, 0x00);
    const big = Uint8Array.of(0xfe, 0xff, 0x00, 0x61, 0x78, 0x53, 0x00, 0x0a, 0x00, 0x62);
    for (const size of [1, 2, 3, 100]) {
      expect(cut(little, size)).toEqual(["a\u7853", "b"]);
      expect(cut(big, size, 9, "gbk")).toEqual(["a\u7853", "b"]);
      expect(cut(little.subarray(2), size, 9, "utf-16le")).toEqual(["a\u7853", "b"]);
      expect(cut(big.subarray(2), size, 9, "utf-16be")).toEqual(["a\u7853", "b"]);
    }
    expect(cut(Uint8Array.of(0xff, 0xfe, 0x61), 1)).toEqual(["\uFFFD"]);
  });

  it.each([
    ["windows-1252", [0x44, 0xe9, 0x62, 0x75, 0x74, 0x80], "Début€"],
    ["windows-1250", [0xb3, 0xf3, 0x64, 0x9f], "łódź"],
    ["windows-1251", [0xec, 0xe5, 0xf2, 0xf0, 0xee], "метро"],
    ["big5", [0xb1, 0xb6, 0xb9, 0x42], "捷運"],
    ["shift_jis", [0x89, 0x77, 0x83, 0x5c], "駅ソ"],
    ["euc-kr", [0xc0, 0xfc, 0xb1, 0xe2], "전기"],
    ["gb18030", [0x81, 0x30, 0x81, 0x30], "\u0080"],
  ] as const)("of %s are read, cut anywhere", (encoding, spelled, text) => {
    for (const size of [1, 2, 9])
      expect(cut(Uint8Array.of(...spelled, 0x0a, 0x61), size, 9, encoding)).toEqual([text, "a"]);
  });
});
