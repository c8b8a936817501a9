import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { canonicalJson, parseCanonicalJson } from "../../../src/format/canonicalJson.ts";
import { codeOf, codesOf, expectedCodes, vectors } from "./support/vectors.ts";

const { canonical, refused } = vectors("canonical-json") as {
  canonical: { name: string; bytes: string }[];
  refused: { name: string; bytes: string; error: string }[];
};

describe("canonical JSON", () => {
  it("reads and writes canonical bytes unchanged", () => {
    for (const { name, bytes } of canonical) {
      expect(utf8(canonicalJson(parseCanonicalJson(fromHex(bytes)))), name).toEqual(fromHex(bytes));
    }
  });

  it("refuses every trap for its own reason", () => {
    expect(codesOf(refused, ({ bytes }) => parseCanonicalJson(fromHex(bytes)))).toEqual(
      expectedCodes(refused),
    );
  });

  it("refuses values that JSON would drop or change in silence", () => {
    const types = [
      undefined,
      { a: undefined },
      [undefined],
      () => 1,
      Symbol("a"),
      1n,
      new Date(0),
      new Map(),
      { toJSON: () => 1 },
    ];
    for (const value of types) expect(codeOf(() => canonicalJson(value))).toBe("json.type");
    for (const value of [Number.NaN, Infinity, 1.5, -1, -0, 2 ** 53])
      expect(codeOf(() => canonicalJson([value]))).toBe("json.number");
  });

  it("says where in the value the fault lies", () => {
    const cases: [unknown, string][] = [
      [{ a: [true, { b: 1.5 }] }, "The number at $.a.1.b is no integer from 0 to 2^53 - 1."],
      [{ a: ["x", "\ud800"] }, "A string at $.a.1 contains a lone surrogate."],
      [{ a: { "e\u0301": 1 } }, "A string at $.a is not in Unicode form NFC."],
      [[[undefined]], "$.0.0 is a undefined that canonical JSON can't hold."],
      [{ a: () => 1 }, "$.a is a function that canonical JSON can't hold."],
    ];
    for (const [value, message] of cases)
      expect(() => canonicalJson(value)).toThrow(message.replaceAll(/\.(\d+)/g, "[$1]"));
    const text = (bytes: Uint8Array) => () => parseCanonicalJson(bytes);
    expect(text(Uint8Array.of(0xff))).toThrow("The bytes are no UTF-8.");
    expect(text(utf8("{"))).toThrow("The text is no JSON.");
    expect(text(utf8("[1, 2]"))).toThrow(/^The JSON is not canonical \(RFC 8785\): key order, spacing/);
  });

  it("holds 32 levels and no more", () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    const named = (levels: number): unknown => (levels === 0 ? 1 : { a: named(levels - 1) });
    for (const make of [nested, named]) {
      expect(codeOf(() => canonicalJson(make(32)))).toBe("accepted");
      expect(codeOf(() => canonicalJson(make(33)))).toBe("json.too-deep");
    }
    expect(canonicalJson([0, 2 ** 53 - 1])).toBe("[0,9007199254740991]");
    expect(canonicalJson(Object.create(null))).toBe("{}");
  });

  it("ends on a value that contains itself", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(codeOf(() => canonicalJson(loop))).toBe("json.too-deep");
  });

  it("gives the same text for any order of keys, and reads its own text back", () => {
    const leaf = fc.oneof(
      fc.string({ unit: "grapheme" }).map((text) => text.normalize("NFC")),
      fc.maxSafeNat(),
      fc.boolean(),
      fc.constant(null),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(
          fc.string().map((key) => key.normalize("NFC")),
          tie("tree"),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(canonicalJson(parseCanonicalJson(utf8(text)))).toBe(text);
      }),
    );
  });

  it("notices any changed byte or gives other bytes back", () => {
    const text = utf8(canonicalJson({ a: "\u00e9", b: [1, null, true], c: { d: "x\n" } }));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = text.slice();
        bytes[at] = (bytes[at] as number) ^ change;
        let value: unknown;
        try {
          value = parseCanonicalJson(bytes);
        } catch {
          return;
        }
        expect(utf8(canonicalJson(value))).toEqual(bytes);
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, one]) => [key, reversed(one)]),
  );
}
