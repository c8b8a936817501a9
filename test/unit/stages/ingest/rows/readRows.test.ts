import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import { DEFAULT_CAPS, type IngestCaps } from "../../../../../src/stages/ingest/caps.ts";
import { inflate, RATIO_COUNTS_FROM } from "../../../../../src/stages/ingest/rows/inflate.ts";
import { readRows } from "../../../../../src/stages/ingest/rows/readRows.ts";
import { formatSchema } from "../../../../../src/stages/ingest/schema/formatSchema.ts";
import { pieces } from "../support/helpers.ts";

const read = async (format: object, content: string, size = 65_536, members: readonly string[] = ["a"]) => {
  const found: { rows: unknown[]; columns: readonly string[] | null; preambles: (string | null)[] } = {
    rows: [],
    columns: null,
    preambles: [],
  };
  const source = pieces(content, size);
  for await (const block of readRows(
    source,
    formatSchema.parse(format),
    DEFAULT_CAPS,
    members,
    scratchIn(),
  )) {
    found.rows.push(...block.rows.map(({ fields, code }) => fields ?? code));
    found.columns = block.columns;
    found.preambles.push(block.preamble);
  }
  return found;
};

describe("the head of a table", () => {
  it("is a header, what stands above it, and no row, however the file is cut", async () => {
    const text = '\nid,"a\nb"\n1,2\nid,"a\nb"\n3,4';
    for (const size of [1, 3, 7, 100]) {
      const { rows, columns, preambles } = await read({ kind: "csv" }, text, size);
      expect(columns).toEqual(["id", "a\nb"]);
      expect(rows).toEqual([["1", "2"], "row.header", ["3", "4"]]);
      expect(preambles[0]).toBe('\nid,"a\nb"\n');
      expect(preambles.slice(1).every((preamble) => preamble === null)).toBe(true);
    }
  });

  it("may begin with lines to skip and comments", async () => {
    const format = { kind: "csv", skipLines: 2, comment: "#" };
    for (const size of [1, 100]) {
      const { rows, columns, preambles } = await read(format, "x,y\n# z\n# a\nid,km\n# b\n1,2\n", size);
      expect([columns, rows, preambles[0]]).toEqual([
        ["id", "km"],
        ["row.comment", ["1", "2"]],
        "x,y\n# z\n# a\nid,km\n",
      ]);
    }
    const own = { kind: "csv", header: false, columns: ["id", "km"], skipLines: 1 };
    expect(await read(own, "x\n1,2\n3\n")).toMatchObject({
      columns: ["id", "km"],
      rows: [["1", "2"], "row.columns"],
      preambles: ["x\n", null],
    });
  });

  it("is missed, or can't be read, in a sentence", async () => {
    const refused = (message: string) => expect.objectContaining({ code: "input.header", message }) as Error;
    const ENDS =
      "The file ends before its header. It is empty, or the header has a quote that is never closed.";
    for (const text of ["", "\n\n", 'id,"km\n1,2\n'])
      await expect(read({ kind: "csv" }, text)).rejects.toThrow(refused(ENDS));
    await expect(read({ kind: "csv", skipLines: 3 }, "id\n")).rejects.toThrow(refused(ENDS));
    await expect(read({ kind: "csv" }, 'id,k"m"\n')).rejects.toThrow(
      refused(
        "The header can't be read (row.malformed). Check the profile's delimiter, quote and skipLines.",
      ),
    );
    const NONE =
      "The first 10000 lines hold no header: they are empty, comments, or the quote of one is never closed.";
    expect((await read({ kind: "csv" }, `${"\n".repeat(9_999)}id\n1\n`)).rows).toEqual([["1"]]);
    await expect(read({ kind: "csv" }, `${"\n".repeat(10_000)}id\n1\n`)).rejects.toThrow(refused(NONE));
  });
});

describe("rows of JSON", () => {
  it("have no columns, and nothing above them", async () => {
    for (const [format, text] of [
      [{ kind: "ndjson" }, '{"a":"x"}\n{"a":"y"}'],
      [{ kind: "json" }, '[{"a":"x"},{"a":"y"}]'],
      [{ kind: "json", at: "/of/rows" }, '{"of":{"rows":[{"a":"x"},{"a":"y"}]}}'],
      [{ kind: "ndjson", each: "/l" }, '{"l":[{"a":"x"},{"a":"y"}]}'],
    ] as const)
      for (const size of [1, 5, 100]) {
        const { rows, columns, preambles } = await read(format, text, size);
        expect([rows, columns, preambles[0]]).toEqual([[["x"], ["y"]], null, ""]);
        expect(preambles.slice(1).every((preamble) => preamble === null)).toBe(true);
      }
  });
});

describe("bytes of a file", () => {
  const all = async (content: Uint8Array, caps: Partial<IngestCaps> = {}, size = 65_536) => {
    const found: Uint8Array[] = [];
    for await (const piece of inflate(pieces(content, size), { ...DEFAULT_CAPS, ...caps })) found.push(piece);
    return Buffer.concat(found).toString("latin1");
  };
  const over = (cap: string, limit: number) =>
    expect.objectContaining({
      code: "input.over-cap",
      message: `The input goes over the cap ${cap} (${String(limit)}).`,
    }) as Error;

  it("are inflated where they begin with gzip's mark, however they are cut", async () => {
    for (const size of [1, 2, 3, 1000]) {
      expect(await all(gzipSync("hello"), {}, size)).toBe("hello");
      expect(await all(Buffer.concat([gzipSync("hel"), gzipSync("lo")]), {}, size)).toBe("hello");
      for (const plain of ["", "h", "\x1f", "\x1fx", "x\x8b", "hello"])
        expect(await all(Buffer.from(plain, "latin1"), {}, size)).toBe(plain);
    }
  });

  it("are no more than the caps, to the byte", async () => {
    const text = Buffer.from("x".repeat(100));
    expect(await all(text, { inputBytes: 100, inflatedBytes: 100 })).toHaveLength(100);
    await expect(all(text, { inputBytes: 99 })).rejects.toThrow(over("inputBytes", 99));
    await expect(all(text, { inflatedBytes: 99 })).rejects.toThrow(over("inflatedBytes", 99));
    await expect(all(gzipSync(text), { inflatedBytes: 99 })).rejects.toThrow(over("inflatedBytes", 99));
    const packed = gzipSync(text);
    expect(await all(packed, { inputBytes: packed.length })).toHaveLength(100);
    await expect(all(packed, { inputBytes: packed.length - 1 })).rejects.toThrow(
      over("inputBytes", packed.length - 1),
    );
  });

  it("may come of few, until that looks like a bomb", async () => {
    expect(RATIO_COUNTS_FROM).toBe(16 * 2 ** 20);
    const zeros = (bytes: number) => gzipSync(new Uint8Array(bytes));
    expect(await all(zeros(RATIO_COUNTS_FROM), { inflationRatio: 1 })).toHaveLength(RATIO_COUNTS_FROM);
    await expect(all(zeros(RATIO_COUNTS_FROM + 1), { inflationRatio: 1 })).rejects.toThrow(
      over("inflationRatio", 1),
    );
  });

  it("are damaged in a sentence", async () => {
    const whole = gzipSync("hello hello hello");
    const broken = Buffer.from(whole);
    broken[12] = (broken[12] ?? 0) ^ 0xff;
    for (const bytes of [whole.subarray(0, -5), broken])
      await expect(all(bytes)).rejects.toThrow(
        expect.objectContaining({
          code: "input.gzip",
          message:
            "The gzip data are damaged or end too early. What was read " +
            "before the damage stands; get the file " +
            "again and run once more.",
        }) as Error,
      );
  });
});
