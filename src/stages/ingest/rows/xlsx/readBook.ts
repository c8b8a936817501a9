import { posix } from "node:path";
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

/** Where the workbook's part stands if the package names none. */
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
  const workbook = await workbookPath(parts, bound);
  const sheets: { name: string; id: string }[] = [];
  let from1904 = false;
  await readXml(parts.read(workbook, bound), {
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
  const related = await relationships(parts, workbook, bound);
  const sheetPath = related.find(({ id }) => id === chosen.id)?.path;
  if (sheetPath === undefined) throw notXlsx("names a sheet that it does not hold");
  // Parts are found by their relationships, whatever they are called; some writers leave these out.
  const pathOf = (type: string): string =>
    related.find((one) => one.type === type)?.path ?? pathFrom(workbook, `${type}.xml`);
  return {
    sheetPath,
    from1904,
    sharedStrings: await readStrings(parts, pathOf("sharedStrings"), bound),
    isTime: await readStyles(parts, pathOf("styles"), bound),
  };
}

/** A part that another one names. */
interface Relationship {
  readonly id: string;
  /** The last word of its type's address: worksheet, styles. Strict workbooks have other addresses. */
  readonly type: string;
  readonly path: string;
}

/** The parts that a part names (ECMA-376 part 2, 6.5); the package itself has the path "". */
async function relationships(parts: Parts, path: string, bound: Bound): Promise<readonly Relationship[]> {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const list = `${path.slice(0, path.length - file.length)}_rels/${file}.rels`;
  const found: Relationship[] = [];
  if (!parts.has(list)) return found;
  await readXml(parts.read(list, bound), {
    open(name, { Id: id, Type: type = "", Target: target }) {
      if (name === "Relationship" && id !== undefined && target !== undefined)
        found.push({ id, type: type.slice(type.lastIndexOf("/") + 1), path: pathFrom(path, target) });
    },
  });
  return found;
}

/** A target as its relationship gives it: from the root, or from the folder of the part that names it. */
function pathFrom(part: string, target: string): string {
  return posix.resolve(`/${posix.dirname(part)}`, target).slice(1);
}

async function workbookPath(parts: Parts, bound: Bound): Promise<string> {
  const named = (await relationships(parts, "", bound)).find(({ type }) => type === "officeDocument");
  return named?.path ?? WORKBOOK;
}

/** The attribute has a prefix that the writer chose. */
function relationId(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(":id"))?.[1] ?? "";
}

type Bound = Parameters<Parts["read"]>[1];

async function readStrings(parts: Parts, path: string, bound: Bound): Promise<string[]> {
  const strings: string[] = [];
  if (!parts.has(path)) return strings;
  let text = "";
  let reads = false;
  let phonetic = false;
  await readXml(parts.read(path, bound), {
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

async function readStyles(parts: Parts, path: string, bound: Bound): Promise<boolean[]> {
  const isTime: boolean[] = [];
  if (!parts.has(path)) return isTime;
  const own = new Map<number, string>();
  let inCells = false;
  await readXml(parts.read(path, bound), {
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
