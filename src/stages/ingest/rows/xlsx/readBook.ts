import { InputError } from "../../../../base/errors/errors.ts";
import type { IngestCaps } from "../../caps.ts";
import { readXml } from "./xlsxXml.ts";
import { notXlsx, type Parts } from "./xlsxZip.ts";

/** What of a workbook is needed before a sheet is read. */
export interface Book {
  /** Path of the chosen sheet's part. */
  readonly sheetPath: string;
  readonly sharedStrings: readonly string[];
  /** By style id: the cell's number is a point in time. */
  readonly isTime: readonly boolean[];
  /** Days are counted from 1904, as Excel for Mac once did. */
  readonly from1904: boolean;
}

const WORKBOOK = "xl/workbook.xml";
/**
 * Number formats that show a date or a time of day (ECMA-376, 18.8.30); 46 counts hours and is a duration.
 */
const TIME_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 47]);

/**
 * Reads a workbook's lists. Shared strings are held in memory, under the cap `lookupBytes`.
 * @param sheet name, or position from 1
 * @throws InputError `input.xlsx`, `input.sheet`, `input.over-cap`
 */
export async function readBook(parts: Parts, sheet: string | number, caps: IngestCaps): Promise<Book> {
  const bound = { cap: "lookupBytes", bytes: caps.lookupBytes } as const;
  const sheets: { name: string; id: string }[] = [];
  let from1904 = false;
  await readXml(parts.read(WORKBOOK, bound), {
    open(name, attributes) {
      if (name === "sheet") sheets.push({ name: attributes["name"] ?? "", id: relationId(attributes) });
      else if (name === "workbookPr") from1904 = ["1", "true"].includes(attributes["date1904"] ?? "");
    },
  });
  const chosen = typeof sheet === "number" ? sheets[sheet - 1] : sheets.find(({ name }) => name === sheet);
  if (!chosen) {
    const wanted = typeof sheet === "number" ? `sheet ${String(sheet)}` : "sheet of the profile's name";
    throw new InputError(
      "input.sheet",
      `The workbook has ${String(sheets.length)} sheets and no ${wanted}. Check the profile's format.sheet.`,
    );
  }
  const targets = new Map<string, string>();
  await readXml(parts.read("xl/_rels/workbook.xml.rels", bound), {
    open(name, { Id: id, Target: target }) {
      if (name === "Relationship" && id !== undefined && target !== undefined) targets.set(id, target);
    },
  });
  const target = targets.get(chosen.id);
  if (target === undefined) throw notXlsx("names a sheet that it does not hold");
  const sheetPath = target.startsWith("/") ? target.slice(1) : `xl/${target}`;
  return {
    sheetPath,
    from1904,
    sharedStrings: await readStrings(parts, bound),
    isTime: await readStyles(parts, bound),
  };
}

/** The attribute has a prefix that the writer chose. */
function relationId(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(":id"))?.[1] ?? "";
}

type Bound = Parameters<Parts["read"]>[1];

async function readStrings(parts: Parts, bound: Bound): Promise<string[]> {
  const strings: string[] = [];
  if (!parts.has("xl/sharedStrings.xml")) return strings;
  let text = "";
  let reads = false;
  let phonetic = false;
  await readXml(parts.read("xl/sharedStrings.xml", bound), {
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") phonetic = true;
      else if (name === "t") reads = !phonetic;
    },
    text(piece) {
      if (reads) text += piece;
    },
    close(name) {
      if (name === "t") reads = false;
      else if (name === "rPh") phonetic = false;
      else if (name === "si") strings.push(text);
    },
  });
  return strings;
}

async function readStyles(parts: Parts, bound: Bound): Promise<boolean[]> {
  const isTime: boolean[] = [];
  if (!parts.has("xl/styles.xml")) return isTime;
  const own = new Map<number, string>();
  let inCells = false;
  await readXml(parts.read("xl/styles.xml", bound), {
    open(name, attributes) {
      if (name === "numFmt") own.set(Number(attributes["numFmtId"]), attributes["formatCode"] ?? "");
      else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells) {
        const id = Number(attributes["numFmtId"] ?? "0");
        isTime.push(showsTime(own.get(id)) ?? TIME_FORMATS.has(id));
      }
    },
    close(name) {
      if (name === "cellXfs") inCells = false;
    },
  });
  return isTime;
}

/**
 * Whether a format of the file's own shows a date or time: it has one of their letters outside quotes,
 * brackets and escapes.
 */
function showsTime(code: string | undefined): boolean | null {
  if (code === undefined) return null;
  if (/\[[hms]+\]/i.test(code)) return false;
  return /[ymdhs]/i.test(code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, "").replace(/general/i, ""));
}
