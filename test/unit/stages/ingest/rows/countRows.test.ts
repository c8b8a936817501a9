import { describe, expect, it } from "vitest";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import { DEFAULT_CAPS } from "../../../../../src/stages/ingest/caps.ts";
import { countRows } from "../../../../../src/stages/ingest/rows/countRows.ts";
import { formatSchema } from "../../../../../src/stages/ingest/schema/formatSchema.ts";
import { pieces } from "../support/helpers.ts";

const count = (format: object, text: string, most = 1000, size = 65_536): Promise<number> =>
  countRows(pieces(text, size), formatSchema.parse(format), DEFAULT_CAPS, most, scratchIn());

describe("rows of a file, counted before they are read", () => {
  it("are its lines, whatever ends them; the last one opens no further row", async () => {
    for (const [format, head] of [
      [{ kind: "csv" }, "id\n"],
      [{ kind: "csv", columns: ["id"], header: false }, ""],
      [{ kind: "csv", skipLines: 2 }, "of a city\r\n\r\nid\n"],
      [{ kind: "csv", columns: ["id"], header: false, skipLines: 1 }, "of a city\n"],
      [{ kind: "ndjson" }, ""],
    ] as const) {
      const rows = (text: string) => count(format, `${head}${text}`);
      expect(await rows("")).toBe(0);
      expect(await rows("a")).toBe(1);
      expect(await rows("a\nb\nc")).toBe(3);
      expect(await rows("a\nb\nc\n")).toBe(3);
      expect(await rows("\n\n")).toBe(2);
      expect(await rows("a\r\nb\r\n")).toBe(2);
      expect(await rows("a\rb\rc")).toBe(3);
      expect(await rows("a\rb\rc\n")).toBe(3);
    }
    // Less than a head is no row, and no less than none.
    expect(await count({ kind: "csv", skipLines: 9 }, "a\nb")).toBe(0);
  });

  it("are counted piece by piece, and not much further than asked", async () => {
    const lines = "a\nb\n".repeat(50);
    expect(await count({ kind: "ndjson" }, lines, 1000, 4)).toBe(100);
    expect(await count({ kind: "ndjson" }, lines, 100, 4)).toBe(100);
    expect(await count({ kind: "ndjson" }, lines, 10, 4)).toBe(12);
    expect(await count({ kind: "csv" }, lines, 10, 4)).toBe(11);
    expect(await count({ kind: "ndjson" }, "a\r\nb\r\n", 1000, 2)).toBe(2);
  });

  it("are counted in the file's own encoding", async () => {
    const bytes = Buffer.from("id\r\n一\r\n\u{a0a}\r\n", "utf16le");
    async function* source(size: number) {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    for (const size of [1, 3, 64]) {
      const format = formatSchema.parse({ kind: "csv", encoding: "utf-16le" });
      expect(await countRows(source(size), format, DEFAULT_CAPS, 10, scratchIn())).toBe(2);
    }
  });

  it("are the elements of JSON", async () => {
    expect(await count({ kind: "json" }, '[{"a":1},{"a":2},{"a":3}]')).toBe(3);
    expect(await count({ kind: "json", at: "/rows" }, '{"rows":[{"a":1}]}')).toBe(1);
    expect(await count({ kind: "ndjson", each: "/rides" }, '{"rides":[{"a":1},{"a":2}]}\n')).toBe(2);
  });
});
