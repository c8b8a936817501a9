import { TextDecoder } from "node:util";
import { DEFAULT_CAPS } from "../caps.ts";
import { CsvRows } from "../rows/csvRows.ts";
import { type FileFormat, formatSchema, type TextEncoding } from "../schema/formatSchema.ts";
import { utf16Mark } from "../rows/textDecoding.ts";

/** What the first bytes of a file say about how it is to be taken apart. */
export interface FormatGuess {
  readonly format: FileFormat;
  readonly doubts: readonly string[];
}

const DELIMITERS = [",", ";", "\t", "|"];
const SAMPLE_LINES = 50;
/** From so many columns on, numbers that look like hours name them. */
const MIN_HOURS = 12;

/**
 * The format of a file by its first bytes, decompressed. A workbook is told by its mark; its sheet is not
 * looked into here.
 */
export function sniffFormat(head: Uint8Array): FormatGuess {
  if (head[0] === 0x50 && head[1] === 0x4b)
    return { format: formatSchema.parse({ kind: "xlsx" }), doubts: [] };
  const { encoding, doubts } = sniffEncoding(head);
  const text = new TextDecoder(encoding).decode(head);
  const start = text.trimStart();
  if (start.startsWith("[") || start.startsWith("{")) return { format: sniffJson(start, encoding), doubts };
  const table = sniffTable(text, encoding);
  return { format: table.format, doubts: [...doubts, ...table.doubts] };
}

function sniffEncoding(head: Uint8Array): { encoding: TextEncoding; doubts: string[] } {
  const marked = utf16Mark(head);
  if (marked) return { encoding: marked, doubts: [] };
  // A character that the sample cuts in two is no fault of the encoding.
  const whole = head.subarray(0, Math.max(head.lastIndexOf(0x0a), head.length - 4));
  const zeros = [0, 1].map((side) => whole.filter((byte, at) => at % 2 === side && byte === 0).length);
  if (Math.max(...zeros) * 5 > whole.length) {
    return {
      encoding: (zeros[1] ?? 0) > (zeros[0] ?? 0) ? "utf-16le" : "utf-16be",
      doubts: ["The bytes look like UTF-16, although no mark says so."],
    };
  }
  const fits = (encoding: TextEncoding): boolean => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(whole);
      return true;
    } catch {
      return false;
    }
  };
  if (fits("utf-8")) return { encoding: "utf-8", doubts: [] };
  if (hasLoneHighBytes(whole)) {
    return {
      encoding: "windows-1252",
      doubts: [
        "The bytes are not UTF-8 but look like Western European text (windows-1252); look at a few names.",
      ],
    };
  }
  if (fits("gbk"))
    return { encoding: "gbk", doubts: ["The bytes are not UTF-8 but fit GBK; look at a few names."] };
  if (fits("shift_jis"))
    return {
      encoding: "shift_jis",
      doubts: ["The bytes are neither UTF-8 nor GBK but fit Shift JIS; look at a few names."],
    };
  return {
    encoding: "utf-8",
    doubts: [
      "The bytes fit no encoding that is known here: fields with other bytes are refused as " +
        "field.encoding. Convert the file first.",
    ],
  };
}

/**
 * East Asian characters are pairs of high bytes, mostly several together; accented letters stand alone among
 * ASCII. What is written in Big5 or EUC-KR fits GBK as well: nothing in the bytes tells them apart.
 */
function hasLoneHighBytes(bytes: Uint8Array): boolean {
  let [runs, lone, length] = [0, 0, 0];
  for (const byte of bytes) {
    if (byte >= 0x80) length++;
    else {
      if (length > 0) runs++;
      if (length === 1) lone++;
      length = 0;
    }
  }
  return lone * 2 > runs;
}

function sniffJson(text: string, encoding: TextEncoding): FileFormat {
  const [firstLine = ""] = text.split("\n", 1);
  if (text.startsWith("{") && isObject(firstLine) && /\n\s*\{/.test(text))
    return formatSchema.parse({ kind: "ndjson", encoding });
  return formatSchema.parse({ kind: "json", at: arrayOfObjects(text) ?? "", encoding });
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/**
 * Pointer of the first array whose first element is an object, reached through objects only; null where the
 * sample shows none.
 */
function arrayOfObjects(text: string): string | null {
  const path: (string | null)[] = [];
  let key: string | null = null;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:|"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token.endsWith(":")) key = stepOf(token.slice(0, -1));
    else if (token === "{" || token === "[") {
      if (
        token === "{" &&
        path.length > 0 &&
        path.at(-1) === null &&
        path.slice(0, -1).every((step) => step !== null)
      ) {
        return path
          .slice(0, -1)
          .map((step) => step ?? "")
          .join("");
      }
      if (path.length > 0 && path.at(-1) === null) return null;
      if (token === "[") path.push(key ?? "", null);
      else path.push(key ?? "");
      key = null;
    } else if (token === "}" || token === "]") {
      if (token === "]") path.pop();
      path.pop();
    }
  }
  return null;
}

function stepOf(quoted: string): string {
  try {
    return `/${(JSON.parse(quoted.trim()) as string).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  } catch {
    return "";
  }
}

function sniffTable(text: string, encoding: TextEncoding): FormatGuess {
  const all = text.split(/\r\n?|\n/).slice(0, SAMPLE_LINES + 1);
  if (all.length > 1) all.pop();
  // A header may begin with the sign too; a comment is a line of words, and there is another line behind it.
  const comment =
    all.some((line) => line.startsWith("# ")) && all.some((line) => !line.startsWith("#")) ? "#" : null;
  const lines = comment === null ? all : all.filter((line) => !line.startsWith(comment));
  const [best] = DELIMITERS.map((delimiter) => ({ delimiter, ...widthsOf(lines, delimiter) })).toSorted(
    (a, b) => b.score - a.score,
  );
  if (!best || best.width < 2) {
    const doubt = "No delimiter splits the lines evenly; each line was taken as one column.";
    return { format: formatSchema.parse({ kind: "csv", encoding }), doubts: [doubt] };
  }
  const { delimiter, width, rows } = best;
  const doubts: string[] = [];
  const skipLines = Math.max(
    0,
    rows.findIndex((row) => row.length === width),
  );
  if (skipLines > 0)
    doubts.push(`The first ${String(skipLines)} lines have fewer columns than the others and are skipped.`);
  const first = rows[skipLines] ?? [];
  const header = looksLikeHeader(first, rows[skipLines + 1] ?? []);
  if (!header)
    doubts.push(
      "The first row looks like data, so the columns got names of ours: column1, column2 and so on.",
    );
  const ragged = rows.slice(skipLines).some((row) => row.length !== width) ? "pad" : "reject";
  if (ragged === "pad") doubts.push("Some rows have more or fewer columns; they are padded.");
  const columns = header ? null : first.map((_, index) => `column${String(index + 1)}`);
  return {
    format: formatSchema.parse({
      kind: "csv",
      delimiter,
      header,
      columns,
      skipLines,
      ragged,
      comment,
      encoding,
    }),
    doubts,
  };
}

/**
 * Rows under a delimiter; the commonest width, and how well it fits: the share of rows that have it, wider
 * counting more.
 */
function widthsOf(
  lines: readonly string[],
  delimiter: string,
): { width: number; score: number; rows: (readonly string[])[] } {
  const reader = new CsvRows({ delimiter, quote: '"', ragged: "reject" }, DEFAULT_CAPS.rowCharacters, null);
  const rows = [...reader.push(lines), ...reader.end()].flatMap(({ fields }) => (fields ? [fields] : []));
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  const [[width, count] = [1, 0]] = [...counts].toSorted(
    ([widthA, a], [widthB, b]) => b - a || widthB - widthA,
  );
  return { width, rows, score: width < 2 ? 0 : (count / Math.max(lines.length, 1)) * Math.log2(width + 1) };
}

function looksLikeHeader(first: readonly string[], second: readonly string[]): boolean {
  const named = first.filter((cell) => cell.trim() !== "");
  const isData = (cell: string): boolean => /^[\s\d.,:/+TZ-]*$/.test(cell) && /\d/.test(cell);
  // Hours side by side are names too, where words stand before them.
  const data = named.filter(isData);
  const hours =
    data.length >= MIN_HOURS &&
    data.every((cell) => /^\d{1,2}(?::\d{2})?(?:\s*-\s*\d{1,2}(?::\d{2})?)?$/.test(cell.trim()));
  if (named.length === 0 || isData(named[0] ?? "") || (data.length > 0 && !hours)) return false;
  return (
    new Set(named).size === named.length &&
    (second.length === 0 || second.some(isData) || second.some((cell, i) => cell !== first[i]))
  );
}
