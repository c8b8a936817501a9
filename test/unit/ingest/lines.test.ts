import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/base/errors/errors.ts";
import { LineCutter, type TextEncoding } from "../../../src/stages/ingest/lines.ts";

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
    expect(cut(Uint8Array.of(0xb5, 0xd8, 0xcc, 0xfa, 0x0a, 0x81, 0x0a), 1, 9, "gbk")).toEqual(["地铁", "\uFFFD"]);
  });

  it("longer than the cap come out cut to one more than the cap", () => {
    expect(cut(bytes(`${"x".repeat(5000)}\nshort\n${"y".repeat(5000)}`), 7, 10)).toEqual(["x".repeat(11), "short", "y".repeat(11)]);
  });

  it("of UTF-16 are refused", () => {
    expect(() => cut(Uint8Array.of(0xff, 0xfe, 0x61, 0x00), 4)).toThrow(InputError);
    expect(() => cut(Uint8Array.of(0xfe, 0xff, 0x00, 0x61), 4)).toThrow(InputError);
  });
});
