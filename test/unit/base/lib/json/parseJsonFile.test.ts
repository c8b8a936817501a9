import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../../../src/base/lib/bytes.ts";
import { parseJsonFile } from "../../../../../src/base/lib/json/parseJsonFile.ts";

const parse = (text: string) => () => parseJsonFile(utf8(text), "given.json");

describe("a file of JSON", () => {
  it("is JSON with any spacing", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(0, 2), (text, spaces) => {
        const value: unknown = JSON.parse(text);
        expect(parse(JSON.stringify(value, null, spaces))()).toEqual(value);
      }),
    );
  });

  it.each([
    ["a member that is named twice", '{"a": 1, "b": {"c": 2}, "a": 3}', '"a" twice'],
    ["a member that is named twice in two spellings", '{"a": 1, "\\u0061": 3}', '"a" twice'],
    ["a member that is named twice further down", '[{"x": {"y": 1, "y": 1}}]', '"y" twice'],
    ["deep nesting", "[".repeat(100_000), "nested"],
    ["deep objects", `${'{"a":'.repeat(20)}1${"}".repeat(20)}`, "nested"],
    ["no JSON", '{"a": 1,}', "no JSON"],
    ["nothing", "", "no JSON"],
    ["a byte order mark", "\ufeff{}", "no JSON"],
    ["too many bytes", `"${"x".repeat(2 ** 20)}"`, "is too large; such a file has at most 1048576 bytes"],
  ])("is refused with %s, by its name", (_what, text, says) => {
    expect(parse(text)).toThrow(expect.objectContaining({ code: "file.json" }));
    expect(parse(text)).toThrow(says);
    expect(parse(text)).toThrow(/^given\.json /);
  });

  it("may use one name in several objects, and names and texts that look alike", () => {
    expect(parse('[{"a": "a", "b": "a"}, {"a": ["a", "a"]}]')()).toEqual([
      { a: "a", b: "a" },
      { a: ["a", "a"] },
    ]);
  });

  it("is refused where it is no UTF-8", () => {
    expect(() => parseJsonFile(new Uint8Array([0x22, 0xff, 0x22]), "given.json")).toThrow(/UTF-8/);
  });

  it.each([
    ["quotes", `"${'\\"'.repeat(500_000)}`],
    ["backslashes", `"${"\\".repeat(1_000_001)}`],
    ["texts that one never ends", `${'"",'.repeat(300_000)}"`],
  ])("is refused at once where a string of %s does not end", (_what, text) => {
    // A scan that begins anew behind each quote takes minutes.
    const started = process.cpuUsage().user;
    expect(parse(text)).toThrow("a string has no closing quote");
    expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
  });
});
