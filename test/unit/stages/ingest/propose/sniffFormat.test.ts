import { describe, expect, it } from "vitest";
import { sniffFormat } from "../../../../../src/stages/ingest/propose/sniffFormat.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");
const latin = (text: string): Uint8Array => Buffer.from(text, "latin1");
const utf16 = (text: string, big = false): Uint8Array => {
  const little = Buffer.from(text, "utf16le");
  return big ? little.swap16() : little;
};
/** What is said of a text, as far as it is no table of commas with a header. */
const sniffed = (text: string) => {
  const { format, doubts } = sniffFormat(bytes(text));
  return { ...format, doubts };
};
const lines = (...rows: string[]): string => `${rows.join("\n")}\n`;

describe("the encoding of a file's beginning", () => {
  const encodingOf = (head: Uint8Array) => {
    const { format, doubts } = sniffFormat(head);
    return [(format as { encoding: string }).encoding, ...doubts.filter((doubt) => /bytes/.test(doubt))];
  };
  const UTF16 = "The bytes look like UTF-16, although no mark says so.";

  it("is told by a mark, else by every other byte's being nothing", () => {
    const text = lines("id,km", "1,2", "3,4");
    expect(encodingOf(bytes(text))).toEqual(["utf-8"]);
    expect(encodingOf(utf16(`\uFEFF${text}`))).toEqual(["utf-16le"]);
    expect(encodingOf(utf16(`\uFEFF${text}`, true))).toEqual(["utf-16be"]);
    expect(encodingOf(utf16(text))).toEqual(["utf-16le", UTF16]);
    expect(encodingOf(utf16(text, true))).toEqual(["utf-16be", UTF16]);
  });

  it("is UTF-16 where more than a fifth of all bytes are zeros of one side", () => {
    expect(encodingOf(latin("a\0b\0cdefg\n"))).toEqual(["utf-16le", UTF16]);
    expect(encodingOf(latin("a\0b\0cdefgh\n"))).toEqual(["utf-8"]);
    expect(encodingOf(latin("\0a\0bcdefg\n"))).toEqual(["utf-16be", UTF16]);
    // Of two sides half each.
    expect(encodingOf(latin("\0\0abcdefg\n"))).toEqual(["utf-8"]);
  });

  it("does not hang on a character that the sample cuts in two", () => {
    expect(encodingOf(Buffer.concat([bytes("id,name\n1,Zoë\n2,Z"), Uint8Array.of(0xc3)]))).toEqual(["utf-8"]);
    expect(encodingOf(Buffer.concat([bytes("Zoë and "), Uint8Array.of(0xe2, 0x82)]))).toEqual(["utf-8"]);
  });

  it("is Western where most high bytes stand alone, else the first East Asian one that fits", () => {
    const western =
      "The bytes are not UTF-8 but look like Western European text (windows-1252); look at a few names.";
    const gbk = "The bytes are not UTF-8 but fit GBK; look at a few names.";
    expect(encodingOf(latin("S\xe4ule,km\n1,2\n"))).toEqual(["windows-1252", western]);
    expect(encodingOf(latin("\xbf\xaa\xca\xbc,km\n1,2\n"))).toEqual(["gbk", gbk]);
    // One run of two that is alone, and two of three.
    expect(encodingOf(latin("\xe9a,\xbf\xaa,km\n"))).toEqual(["gbk", gbk]);
    expect(encodingOf(latin("\xe9a,\xe9a,\xbf\xaa,km\n"))).toEqual(["windows-1252", western]);
    expect(encodingOf(latin("\xb1\xb2\xb3,km\n"))).toEqual([
      "shift_jis",
      "The bytes are neither UTF-8 nor GBK but fit Shift JIS; look at a few names.",
    ]);
    expect(encodingOf(latin("\xff\xff\xff,km\n1,2\n"))).toEqual([
      "utf-8",
      "The bytes fit no encoding that is known here: fields with other bytes are refused as " +
        "field.encoding. Convert the file first.",
    ]);
  });
});

describe("the kind of a file", () => {
  it("is a workbook by its mark alone", () => {
    expect(sniffFormat(bytes("PK\u0003\u0004"))).toMatchObject({ format: { kind: "xlsx" }, doubts: [] });
    for (const text of ["PA,b\n1,2\n", "aK,b\n1,2\n"]) expect(sniffed(text).kind).toBe("csv");
  });

  it("is NDJSON where an object fills the first line and another begins a later one", () => {
    for (const text of ['{"a":1}\n{"a":2}', '  \n{"a":1}\n\n {"a":2}', '{"a":[{"b":1}]}\n{"a":[]}\n'])
      expect(sniffed(text)).toMatchObject({ kind: "ndjson", encoding: "utf-8", doubts: [] });
    for (const text of ['{"a":1}', '{"a":1}\n[1]', '{\n"a":\n{"b":1}}', '[{"a":1},\n{"a":2}]', "{\n{"])
      expect(sniffed(text)).toMatchObject({ kind: "json", doubts: [] });
    expect(sniffFormat(utf16('\uFEFF{"a":1}\n{"a":2}')).format).toMatchObject({ encoding: "utf-16le" });
    expect(sniffFormat(utf16('\uFEFF[{"a":1}]')).format).toMatchObject({
      kind: "json",
      encoding: "utf-16le",
    });
  });

  it.each([
    ['[{"a":1}]', ""],
    ['\n [{"a":[{"b":1}]}]', ""],
    ['{"data":[{"a":1}]}', "/data"],
    ['{"data" : {"trips": [ {"a":1}]}}', "/data/trips"],
    ['{"n":1,"list":[1,2],"data":[{"a":1}]}', "/data"],
    ['{"list":[],"data":[{"a":1}]}', "/data"],
    ['{"of":{"page":{"n":1}},"data":[{"a":1}]}', "/data"],
    ['{"note":"[{","data":[{"a":1}]}', "/data"],
    ['{"note":"\\"[{","data":[{"a":1}]}', "/data"],
    ['{"a/b":{"c~d":[{"e":1}]}}', "/a~1b/c~0d"],
    ['{"a\\"b":[{"e":1}]}', '/a"b'],
    ['{"a/b/c~~":[{"e":1}]}', "/a~1b~1c~0~0"],
    // A list of lists is none that profiles reach.
    ['{"m":[[{"a":1}]],"data":[{"b":1}]}', ""],
    ['{"data":[]}', ""],
    ['{"data":[1]}', ""],
    ['{"a":1}', ""],
  ])("%s has its rows at %j", (text, at) => {
    expect(sniffed(text)).toMatchObject({ kind: "json", at, doubts: [] });
  });
});

describe("a table", () => {
  it.each([",", ";", "\t", "|"])("is split at %j where that splits all lines evenly", (delimiter) => {
    const text = lines(...["id,a b,km", "x,b a,7", "y,a b,8"].map((line) => line.replaceAll(",", delimiter)));
    expect(sniffed(text)).toMatchObject({
      kind: "csv",
      delimiter,
      header: true,
      columns: null,
      skipLines: 0,
      ragged: "reject",
      comment: null,
      doubts: [],
    });
  });

  it("is split at what fits more lines, and of two that fit at what makes more columns", () => {
    expect(sniffed(lines("id;km;h", "a;1,5;2", "b;2,5;3"))).toMatchObject({ delimiter: ";" });
    expect(sniffed(lines("a,b;c,d", "x,1;y,3"))).toMatchObject({ delimiter: "," });
    expect(sniffed(lines("a;b", "x, y;1", "z;2", "v;3"))).toMatchObject({ delimiter: ";", ragged: "reject" });
  });

  it("is one column where nothing splits it, and that is doubted", () => {
    for (const text of ["x", lines("x", "y"), ""])
      expect(sniffed(text)).toMatchObject({
        kind: "csv",
        delimiter: ",",
        doubts: ["No delimiter splits the lines evenly; each line was taken as one column."],
      });
  });

  it("begins below lines with fewer columns", () => {
    expect(sniffed(lines("Report", "of May", "id,km", "a,1", "b,2"))).toMatchObject({
      skipLines: 2,
      header: true,
      ragged: "reject",
      doubts: ["The first 2 lines have fewer columns than the others and are skipped."],
    });
  });

  it("is padded where a row of the first fifty lines has another width", () => {
    const row = (i: number) => `r${String(i)},${String(i)}`;
    const of = (ragged: number) =>
      sniffed(lines("id,km", ...Array.from({ length: 70 }, (_, i) => (i === ragged ? "x" : row(i)))));
    const told = "Some rows have more or fewer columns; they are padded.";
    expect(of(3)).toMatchObject({ ragged: "pad", doubts: [told] });
    expect(of(48)).toMatchObject({ ragged: "pad", doubts: [told] });
    expect(of(49)).toMatchObject({ ragged: "reject", doubts: [] });
    // The sample may end within a line.
    expect(sniffed("id,km\na,1\nb")).toMatchObject({ ragged: "reject" });
    expect(sniffed("id,km\r\na,1\r\nb,2\r\n")).toMatchObject({ ragged: "reject", header: true });
    expect(sniffed("id,km\ra,1\rb,2\r")).toMatchObject({ ragged: "reject", header: true, delimiter: "," });
  });

  it("may have comments, which are lines of words and not all there is", () => {
    expect(sniffed(lines("# by a tool", "id,km", "# more, or less, or none", "a,1"))).toMatchObject({
      comment: "#",
      header: true,
      ragged: "reject",
    });
    expect(sniffed(lines("#id,km", "a,1"))).toMatchObject({ comment: null, header: true });
    expect(sniffed(lines("# a,b", "# c,d"))).toMatchObject({ comment: null });
  });

  it("has a header where the first row is of different words, none of them data", () => {
    const NONE =
      "The first row looks like data, so the columns got names of ours: column1, column2 and so on.";
    const headed = [
      lines("id,km", "a,1"),
      lines("id,km", "a,b"),
      lines("id,", "a,1"),
      lines("id,km"),
      lines("id 1,km", "a,1"),
    ];
    for (const text of headed)
      expect(sniffed(text)).toMatchObject({ header: true, columns: null, doubts: [] });
    const bare = [
      lines("1,2", "3,4"),
      lines("a,2024-01-02", "b,2024-01-03"),
      lines("a,8:30", "b,8:31"),
      lines("7,km", "a,1"),
      lines("a,a", "b,1"),
      lines("a,b", "a,b"),
      lines(",", "a,1"),
    ];
    for (const text of bare)
      expect(sniffed(text)).toMatchObject({ header: false, columns: ["column1", "column2"], doubts: [NONE] });
  });

  it("may have a dozen hours for names behind a word", () => {
    const hours = (count: number, name: (hour: number) => string) =>
      Array.from({ length: count }, (_, hour) => name(hour)).join(",");
    const read = (count: number, name: (hour: number) => string, first = "meter") =>
      sniffed(lines(`${first},${hours(count, name)}`, `m,${hours(count, (hour) => `0.${String(hour)}`)}`));
    const names: ((hour: number) => string)[] = [
      String,
      (hour) => `${String(hour)}:30`,
      (hour) => `${String(hour)}:00-${String(hour + 1)}:00`,
      (hour) => `${String(hour)} - ${String(hour + 1)}`,
    ];
    for (const name of names) {
      expect(read(12, name)).toMatchObject({ header: true });
      expect(read(11, name)).toMatchObject({ header: false });
      expect(read(12, name, "8:00")).toMatchObject({ header: false });
    }
    for (const name of [(hour: number) => `${String(hour)}:3`, (hour: number) => String(hour + 100)])
      expect(read(12, name)).toMatchObject({ header: false });
  });
});
