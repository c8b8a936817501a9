import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ElementCutter } from "../../../../../src/stages/ingest/rows/elementCutter.ts";
import { codes, readAll, smallProfile, tally } from "../support/helpers.ts";

const MIB = 2 ** 20;

/** The elements that the cutter finds, whatever the size of the pieces. */
function cut(text: string, at = "", size = 7, longest = 65_536): string[] {
  const cutter = new ElementCutter("utf-8", at, longest);
  const bytes = new TextEncoder().encode(text);
  const found: string[] = [];
  for (let i = 0; i < bytes.length; i += size) found.push(...cutter.push(bytes.subarray(i, i + size)));
  return [...found, ...cutter.end()];
}
const json = (at = ""): Record<string, string> => ({
  format: `{ kind: json${at === "" ? "" : `, at: ${at}`} }`,
});

describe("an array of JSON elements", () => {
  it("is cut into the texts that JSON.parse would give back, in any pieces, with any white space", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 4 })),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(0, 2),
        (elements, size, indent) => {
          const text = JSON.stringify(
            { "a/b": [1, { rows: [0] }], rows: "no", data: { rows: elements } },
            null,
            indent,
          );
          expect(cut(text, "/data/rows", size).map((element) => JSON.parse(element) as unknown)).toEqual(
            JSON.parse(JSON.stringify(elements)),
          );
          expect(cut(JSON.stringify(elements, null, indent), "", size)).toHaveLength(elements.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is found behind names that need escapes, and not by names that only look right", () => {
    const text = String.raw`{"x":{"r\u006fws":[9]},"rows":{"rows":[8]},"a/b":{"c~d":{"r\u006fws":[1,2]}}}`;
    expect(cut(text, "/a~1b/c~0d/rows")).toEqual(["1", "2"]);
    expect(cut('{"rows":{},"x":"\\"rows\\":[7]","rows2":[1],"rows":[]}', "/rows")).toEqual([]);
  });

  it("becomes rows, elements in pretty print included", async () => {
    const text = JSON.stringify(
      { meta: { n: 3 }, items: [{ id: "a", start: 1, end: 2, km: 0.1 }, 7, { id: "b", start: 1, end: 2 }] },
      null,
      2,
    );
    const outcomes = await readAll(smallProfile(json("/items")), text);
    expect(
      outcomes.map((outcome) => (outcome.kind === "record" ? outcome.record.quantity : outcome.code)),
    ).toEqual([100_000n, "row.malformed", "field.missing"]);
    expect(outcomes.map(({ row }) => row)).toEqual([1, 2, 3]);
  });

  it("may be GBK, or UTF-8 with a byte order mark, in gzip", async () => {
    const profile = { quantity: "{ constant: 1, as: trip }", scenario: "{ column: km, map: { 地铁: bus } }" };
    const text = '[{"id":"1","start":1,"end":2,"km":"';
    const gbk = Uint8Array.of(
      ...new TextEncoder().encode(text),
      0xb5,
      0xd8,
      0xcc,
      0xfa,
      ...new TextEncoder().encode('"}]'),
    );
    expect(
      await codes(smallProfile({ ...profile, format: "{ kind: json, encoding: gbk }" }), gzipSync(gbk)),
    ).toEqual(["ok"]);
    expect(
      await codes(smallProfile({ ...profile, ...json() }), `\uFEFF${text}地铁"}]`, { pieceSize: 1 }),
    ).toEqual(["ok"]);
  });

  it.each([
    ["that is cut short", '{"items":[{"id":1},', "ends too early"],
    ["that is cut short inside an element", '{"items":[{"id":"', "ends too early"],
    ["that lies elsewhere", '{"rows":[1]}', "no such array"],
    ["that is no array", '{"items":{"a":[1]}}', "no such array"],
    ["that stands there twice", '{"items":[1],"items":[2]}', "two such arrays"],
    ["with text behind its end", '{"items":[1]} x', "text behind its end"],
    ["with another text behind its end", '{"items":[1]}{"items":[2]}', "text behind its end"],
    ["without anything", "", "ends too early"],
    ["with brackets that were never opened", "]", "never opened"],
  ])("%s is refused as a file", async (_what, text, problem) => {
    await expect(readAll(smallProfile(json("/items")), text)).rejects.toMatchObject({
      code: "input.json",
      message: expect.stringContaining(problem) as string,
    });
  });

  it("keeps its rows where an element is none: empty, unbalanced or with a stray bracket", async () => {
    const good = '{"id":"1","start":1,"end":2,"km":1}';
    expect(await codes(smallProfile(json()), `[${good},,{"id":]},}, ${good}]`)).toEqual([
      "ok",
      "row.empty",
      "row.malformed",
      "row.malformed",
      "ok",
    ]);
  });
});

describe("hostile JSON", () => {
  it("with an element of 100 MB has one refused row, in flat memory", async () => {
    async function* text(): AsyncGenerator<Uint8Array> {
      const encoder = new TextEncoder();
      yield encoder.encode('[{"id":"1","start":1,"end":2,"km":1},{"x":"');
      for (let i = 0; i < 100; i++) yield encoder.encode("y".repeat(MIB));
      yield encoder.encode('"},{"id":"2","start":1,"end":2,"km":1}]');
    }
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const outcomes = await readAll(smallProfile(json()), text());
    expect(outcomes.map((outcome) => (outcome.kind === "record" ? "ok" : outcome.code))).toEqual([
      "ok",
      "row.too-long",
      "ok",
    ]);
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(
      64 * MIB,
    );
  });

  it("a million levels deep is one refused row inside the array, and no row outside of it", async () => {
    const deep = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
    const caps = { rowCharacters: 4 * MIB };
    const good = '{"id":"1","start":1,"end":2,"km":1}';
    expect(
      await codes(smallProfile(json("/rows")), `{"x":${deep},"rows":[${good},{"id":${deep}}]}`, { caps }),
    ).toEqual(["ok", "row.too-deep"]);
  });

  it("with a megabyte of white space between elements keeps none of it", async () => {
    const good = '{"id":"1","start":1,"end":2,"km":1}';
    expect(
      tally(await codes(smallProfile(json()), `[${good}${" ".repeat(MIB)},${" ".repeat(MIB)}${good}]`)),
    ).toEqual({ ok: 2 });
  });

  it("that is damaged or cut in gzip keeps what came before", async () => {
    const text = JSON.stringify(
      Array.from({ length: 5000 }, (_, i) => ({ id: String((i * 7919) % 5003), start: 1, end: 2, km: 1 })),
    );
    const packed = gzipSync(text);
    await expect(
      readAll(smallProfile(json()), packed.subarray(0, packed.length - 100)),
    ).rejects.toMatchObject({ code: "input.gzip" });
  });

  it("of any bytes ends in outcomes or in one clear error", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...Array.from('[]{}",:\\ 1a\n')), maxLength: 60 }),
        async (text) => {
          const outcome = await readAll(smallProfile(json()), text).then(
            () => "rows",
            (error: unknown) => (error as { code?: string }).code,
          );
          expect(outcome).toMatch(/^(rows|input\.json)$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
