import { createReadStream } from "node:fs";
import { gzipSync } from "node:zlib";
import { readSheet } from "read-excel-file/node";
import { describe, expect, it } from "vitest";
import { scratchIn } from "../../../../../../src/app/sources/scratch.ts";
import { DEFAULT_CAPS, type IngestCaps } from "../../../../../../src/stages/ingest/caps.ts";
import { formatSchema, type XlsxFormat } from "../../../../../../src/stages/ingest/schema/formatSchema.ts";
import type { RawRow } from "../../../../../../src/stages/ingest/rows/rawRow.ts";
import { xlsxRows } from "../../../../../../src/stages/ingest/rows/xlsx/xlsxRows.ts";
import { codes, dataFile, hasData, pieces, smallProfile, type Content } from "../../support/helpers.ts";
import { sheetAround, workbook, workbookParts, zip, type Cell } from "../../support/workbook.ts";

const MIB = 2 ** 20;

async function rowsOf(
  content: Content | AsyncIterable<Uint8Array>,
  format: Partial<XlsxFormat> = {},
  caps: Partial<IngestCaps> = {},
): Promise<RawRow[]> {
  const source = typeof content === "string" || content instanceof Uint8Array ? pieces(content) : content;
  const rows: RawRow[] = [];
  const full = formatSchema.parse({ kind: "xlsx", ...format }) as XlsxFormat;
  for await (const block of xlsxRows(source, full, { ...DEFAULT_CAPS, ...caps }, scratchIn()))
    rows.push(...block.rows);
  return rows;
}
const fieldsOf = (rows: readonly RawRow[]): (readonly string[] | string | null)[] =>
  rows.map((row) => row.fields ?? row.code);
const sheet = (...rows: readonly (readonly Cell[])[]): Uint8Array => workbook([{ name: "Sheet1", rows }]);
const raw = (rows: string): Uint8Array =>
  workbook([{ name: "a", rows: [] }], { "xl/worksheets/sheet1.xml": sheetAround(rows) });
const HEADER =
  '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" ' +
  't="inlineStr"><is><t>km</t></is></c></row>';

describe("a workbook", () => {
  it("gives its cells as texts", async () => {
    const rows = await rowsOf(
      sheet(
        ["text", "number", "time", "flag", "error", "day", "clock"],
        [
          "a & <b>",
          0.1,
          { days: 44_784.981249999997 },
          true,
          { error: "#DIV/0!" },
          { days: 44_784 },
          { days: 0.75 },
        ],
      ),
    );
    expect(fieldsOf(rows)).toEqual([
      ["a & <b>", "0.1", "2022-08-11T23:33:00", "true", "#DIV/0!", "2022-08-11T00:00:00", "18:00:00"],
    ]);
  });

  it("has the decimals that its floats stand for; of more than 15 digits the nearest", async () => {
    const rows = await rowsOf(
      raw(
        `${HEADER}<row r="2"><c r="A2"><v>12345678901234567890.123456789</v></c><c ` +
          'r="B2"><v>2.9999999999999996</v></c></row>',
      ),
    );
    expect(fieldsOf(rows)).toEqual([["1.23456789012346E+19", "3"]]);
  });

  it("has its parts wherever the package says, in any capitals, and of each name one", async () => {
    const parts = workbookParts([{ name: "a", rows: [["id"], ["x"]] }], {
      "_rels/.rels":
        '<Relationships><Relationship Id="r" Type="urn:x/officeDocument" ' +
        'Target="/XL/Book.xml"/></Relationships>',
      "xl/_rels/book.xml.rels":
        '<Relationships><Relationship Id="rId1" Target="Worksheets/SHEET1.xml"/>' +
        '<Relationship Id="s" Type="urn:x/sharedStrings" Target="../words.xml"/></Relationships>',
    });
    const moved = parts.map(({ name, content }) => {
      const at = name.replace("xl/workbook.xml", "xl/book.xml").replace("xl/sharedStrings.xml", "Words.xml");
      return { name: at, content };
    });
    expect(fieldsOf(await rowsOf(zip(moved)))).toEqual([["x"]]);
    const twice = [...moved, { name: "XL/BOOK.XML", content: "" }];
    await expect(rowsOf(zip(twice))).rejects.toThrow(/holds two parts of one name/);
  });

  it("may count its days from 1904", async () => {
    const book = {
      "xl/workbook.xml":
        '<workbook xmlns:r="urn:r"><workbookPr date1904="1"/><sheets><sheet name="a" ' +
        'r:id="rId1"/></sheets></workbook>',
    };
    expect(
      fieldsOf(await rowsOf(workbook([{ name: "a", rows: [["t"], [{ days: 43_322.5 }]] }], book))),
    ).toEqual([["2022-08-11T12:00:00"]]);
  });

  it("is read by the sheet and header row that the profile names", async () => {
    const content = workbook([
      { name: "Notes", rows: [["nothing"]] },
      { name: "Trips", rows: [["Trips of May"], [], ["id", "km"], ["1", 2], ["2", 3]] },
    ]);
    expect(fieldsOf(await rowsOf(content, { sheet: "Trips", headerRow: 3 }))).toEqual([
      ["1", "2"],
      ["2", "3"],
    ]);
    expect(fieldsOf(await rowsOf(content, { sheet: 2, headerRow: 0, columns: ["a", "b"] }))).toHaveLength(5);
    await expect(rowsOf(content, { sheet: "Gone" })).rejects.toMatchObject({ code: "input.sheet" });
    await expect(rowsOf(content, { sheet: 3 })).rejects.toMatchObject({ code: "input.sheet" });
    await expect(rowsOf(content, { headerRow: 9 })).rejects.toMatchObject({ code: "input.header" });
  });

  it("counts empty rows between others, not at the end, and refuses rows that are too wide", async () => {
    const rows = await rowsOf(
      sheet(["id", "km"], ["1", 2], [], [null, null], ["2", 3, "more"], ["3", null], [], []),
    );
    expect(fieldsOf(rows)).toEqual([["1", "2"], "row.empty", "row.empty", "row.columns", ["3", ""]]);
  });

  it("may come in gzip and in any pieces, and end up as records", async () => {
    const content = sheet(["id", "start", "end", "km"], ["1", { days: 44_784.5 }, { days: 44_784.6 }, 3.5]);
    const profile = smallProfile({ format: "{ kind: xlsx }", time: "{ format: iso, zone: UTC }" });
    for (const bytes of [content, gzipSync(content)])
      expect(await codes(profile, bytes, { pieceSize: 7 })).toEqual(["ok"]);
  });

  it.skipIf(!hasData)("of the real data reads as an independent library reads it", async () => {
    const path = dataFile("ev/epfl_level3_sessions.xlsx");
    const [, ...theirs] = await readSheet(path, 1, { parseNumber: (text) => text });
    const ours = await rowsOf(createReadStream(path));
    expect(ours).toHaveLength(1878);
    const text = (cell: unknown): string => {
      if (cell instanceof Date)
        return new Date(Math.round(cell.getTime() / 1000) * 1000).toISOString().slice(0, 19);
      return cell === null ? "" : (cell as string);
    };
    // They keep all 17 digits of a float; rounded to 15, both say the same number.
    const rounded = (cell: string): string =>
      /^\d+\.\d{9,}$/.test(cell) ? String(Number(Number(cell).toPrecision(15))) : cell;
    expect(ours.map((row) => row.fields?.map(rounded))).toEqual(
      theirs.map((row) => (row as unknown[]).map(text).map(rounded)),
    );
  });
});

describe("a hostile workbook", () => {
  const bigSheet = (megabytes: number): string =>
    sheetAround(HEADER + "<row><c><v>1</v></c><c><v>2</v></c></row>".repeat(megabytes * 25_000));

  it("that inflates to too much is refused by what it declares, before anything is inflated", async () => {
    const bomb = workbook([{ name: "a", rows: [] }], {
      "xl/worksheets/sheet1.xml": sheetAround(" ".repeat(64 * MIB)),
    });
    await expect(rowsOf(bomb)).rejects.toThrow(/over the cap inflationRatio/);
    const wide = workbook([{ name: "a", rows: [] }], { "xl/worksheets/sheet1.xml": bigSheet(2) });
    await expect(rowsOf(wide, {}, { inflatedBytes: MIB })).rejects.toThrow(/over the cap inflatedBytes/);
    const strings = workbook([{ name: "a", rows: [] }], {
      "xl/sharedStrings.xml": `<sst><si><t>${"x".repeat(2 * MIB)}</t></si></sst>`,
    });
    await expect(rowsOf(strings, {}, { lookupBytes: MIB })).rejects.toThrow(/over the cap lookupBytes/);
    await expect(rowsOf(wide, {}, { inputBytes: 100 })).rejects.toThrow(/over the cap inputBytes/);
  });

  it("that inflates to more than it declares is refused", async () => {
    const parts = workbookParts([{ name: "a", rows: [] }], { "xl/worksheets/sheet1.xml": bigSheet(4) });
    const lying = zip(parts.map((part) => (part.name.includes("sheet1") ? { ...part, claims: 5000 } : part)));
    await expect(rowsOf(lying)).rejects.toMatchObject({ code: "input.xlsx" });
  });

  it("with rows and columns far out costs no memory for those between", async () => {
    const before = process.memoryUsage().heapUsed;
    const far = raw(
      `${HEADER}<row r="1048576"><c r="A1048576"><v>1</v></c></row><row r="999999999"><c ` +
        'r="ZZZZZZ9"><v>1</v></c><c r="XFD9"><v>1</v></c></row>',
    );
    expect(fieldsOf(await rowsOf(far))).toEqual([["1", ""], "row.columns"]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * MIB);
  });

  it("with a cell of 100 MB has one refused row, in flat memory", async () => {
    const xml = sheetAround(
      `${HEADER}<row><c t="str"><v>${"xyz ".repeat(25 * MIB)}</v></c></row><row><c><v>1</v></c></row>`,
    );
    const content = workbook([{ name: "a", rows: [] }], { "xl/worksheets/sheet1.xml": xml });
    const before = process.memoryUsage();
    const rows = await rowsOf(content, {}, { inflationRatio: 2000 });
    expect(fieldsOf(rows)).toEqual(["row.too-long", ["1", ""]]);
    expect(process.memoryUsage().heapUsed - before.heapUsed).toBeLessThan(64 * MIB);
  });

  it("with XML entities of its own, or with none that can be read, is refused without its text", async () => {
    const laughs =
      '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b ' +
      `"&a;&a;">]>${sheetAround(`${HEADER}<row><c><v>&b;</v></c></row>`).slice(21)}`;
    const outside =
      "<!DOCTYPE s [<!ENTITY a SYSTEM " +
      `"file:///etc/passwd">]>${sheetAround(`${HEADER}<row><c><v>&a;</v></c></row>`).slice(21)}`;
    for (const xml of [laughs, outside, sheetAround(`${HEADER}<row><c><v>Lovelace</row>`)]) {
      const failed = rowsOf(workbook([{ name: "a", rows: [] }], { "xl/worksheets/sheet1.xml": xml }));
      await expect(failed).rejects.toMatchObject({ code: "input.xlsx" });
      await expect(failed).rejects.not.toThrow(/Lovelace|root/);
    }
  });

  it("that is cut short, empty or something else is refused", async () => {
    const whole = sheet(["id"], ...Array.from({ length: 2000 }, (_, i) => [`row ${String(i * 7919)}`]));
    for (const cut of [
      whole.subarray(0, whole.length - 30),
      whole.subarray(0, whole.length / 2),
      whole.subarray(0, 10),
      "",
      "id,km\n1,2\n",
    ]) {
      await expect(rowsOf(cut)).rejects.toMatchObject({ code: "input.xlsx" });
    }
    await expect(rowsOf(zip([{ name: "a.txt", content: "x" }]))).rejects.toMatchObject({
      code: "input.xlsx",
    });
    await expect(
      rowsOf(zip(workbookParts([{ name: "a", rows: [["x"]] }]).flatMap((part) => [part, part]))),
    ).rejects.toMatchObject({
      code: "input.xlsx",
    });
  });

  it("with damaged bytes ends in rows or in one clear error", async () => {
    const whole = sheet(["id", "km"], ["1", 2], ["2", 3]);
    for (let at = 0; at < whole.length; at += 3) {
      const damaged = Uint8Array.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const outcome = await rowsOf(damaged).then(
        () => "rows",
        (error: unknown) => (error as { code?: string }).code,
      );
      expect(outcome).toMatch(/^(rows|input\.(xlsx|sheet|header|over-cap))$/);
    }
  });
});
