import { describe, expect, it } from "vitest";
import { NdjsonRows } from "../../../../../src/stages/ingest/rows/ndjsonRows.ts";

const CAPS = { rowCharacters: 200, jsonDepth: 4 };
/** Fields, or the code, of each row. */
const seen = (members: readonly string[], lines: readonly string[], each: string | null = null) => {
  const reader = new NdjsonRows(members, each, CAPS);
  const rows = reader.push(lines);
  expect(reader.end()).toEqual([]);
  return rows.map(({ fields, code }) => fields ?? code);
};

describe("rows of JSON", () => {
  it("are their members, by name or pointer, as the texts that they are written as", () => {
    expect(
      seen(
        ["a", "/b/c", "/b/d~1e/~0f", "/l/1", "none", "/b/none"],
        ['{"a":"x","b":{"c":true,"d/e":{"~f":"y"}},"l":[1,"z"]}', '{"a":null}'],
      ),
    ).toEqual([
      ["x", "true", "y", "z", "", ""],
      ["", "", "", "", "", ""],
    ]);
    // Whole numbers keep all digits; a fraction of more digits than a float has was one.
    expect(seen(["a", "b"], ['{"a":12345678901234567890,"b":1e3}', '{"a":4.5999999999999996}'])).toEqual([
      ["12345678901234567890", "1e3"],
      ["4.6", ""],
    ]);
    expect(seen(["a"], ['{"a":false}', '{"a":-0}', '{"a":""}'])).toEqual([["false"], ["-0"], [""]]);
    // What an object has by birth is no member of it.
    expect(seen(["constructor", "/toString"], ["{}"])).toEqual([["", ""]]);
  });

  it("may be arrays where all members are pointers", () => {
    expect(seen(["/0", "/1/x"], ['["a",{"x":"b"}]'])).toEqual([["a", "b"]]);
    expect(seen(["/0", "x"], ['["a"]'])).toEqual(["row.malformed"]);
  });

  it("are refused by what is wrong with them", () => {
    const long = `{"a":"${"x".repeat(193)}"}`;
    expect(long).toHaveLength(CAPS.rowCharacters + 1);
    expect(
      seen(
        ["a"],
        ["", '{"a":"\0"}', long, long.replace("x", ""), "5", '"a"', "null", "{", '{"a":{}}', '{"a":[1]}'],
      ),
    ).toEqual([
      "row.empty",
      "row.nul",
      "row.too-long",
      ["x".repeat(192)],
      "row.malformed",
      "row.malformed",
      "row.malformed",
      "row.malformed",
      "field.type",
      "field.type",
    ]);
  });

  it("nest to a depth, counted outside of texts", () => {
    const nested = (depth: number) =>
      `{"a":"[[[[[[","\\"{{{{{":1,"b":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    expect(seen(["a"], [nested(3), nested(4)])).toEqual([["[[[[[["], "row.too-deep"]);
    expect(seen(["a"], ['{"a":"x","b":[],"c":[],"d":{},"e":{},"f":[]}'])).toEqual([["x"]]);
  });

  it("name no member twice, at whatever depth", () => {
    for (const line of ['{"a":1,"a":2}', '{"a":1,"b":{"c":1,"c":2}}', '{"a":1,"b":[{"c":1,"c":1}]}'])
      expect(seen(["a"], [line])).toEqual(["row.repeated-member"]);
    expect(seen(["a"], ['{"a":":","b":{"a":":"},"c":[{"a":1},{"a":1}]}'])).toEqual([[":"]]);
  });
});

describe("rows of a list inside of each line", () => {
  it("are its objects, beside what is around them", () => {
    expect(
      seen(
        ["km", "../who", "../at/0"],
        ['{"who":"u","at":["x"],"of":{"trips":[{"km":1.50},{"km":2}]}}'],
        "/of/trips",
      ),
    ).toEqual([
      ["1.50", "u", "x"],
      ["2", "u", "x"],
    ]);
    expect(seen(["/0"], ['{"trips":[["a"],["b"]]}'], "/trips")).toEqual([[""], [""]]);
    expect(seen(["a"], ['{"trips":[]}'], "/trips")).toEqual([]);
  });

  it("are refused one by one, or all where there is no list", () => {
    expect(seen(["a"], ['{"trips":[{"a":"x"},5,null,"y",{"a":{}}]}'], "/trips")).toEqual([
      ["x"],
      "row.malformed",
      "row.malformed",
      "row.malformed",
      "field.type",
    ]);
    for (const line of ['{"trips":{}}', "{}", '{"trips":5}'])
      expect(seen(["a"], [line], "/trips")).toEqual(["row.malformed"]);
    expect(seen(["a"], ["", '{"trips":[],"trips":[]}'], "/trips")).toEqual([
      "row.empty",
      "row.repeated-member",
    ]);
  });

  it("show what is around them: the first always, the others where it is short", () => {
    const reader = new NdjsonRows(["a"], "/trips", { rowCharacters: 10_000, jsonDepth: 4 });
    const raws = (who: string) =>
      reader.push([JSON.stringify({ who, trips: [{ a: "1" }, { a: "2" }] })]).map(({ raw }) => raw);
    expect(raws("u")).toEqual(['{"a":"1","..":{"who":"u"}}', '{"a":"2","..":{"who":"u"}}']);
    const around = (length: number) => "u".repeat(length - '{"who":""}'.length);
    expect(raws(around(500))[1]).toContain('"..":');
    expect(raws(around(501))[0]).toContain('"..":');
    expect(raws(around(501))[1]).toBe('{"a":"2"}');
    expect(reader.push(['{"who":1,"trips":[7]}']).map(({ raw }) => raw)).toEqual([
      '{"row":7,"..":{"who":1}}',
    ]);
  });
});
