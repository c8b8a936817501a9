import { crc32, deflateRawSync } from "node:zlib";

/** One entry of a zip; `claims` stands in its headers instead of the true size. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly claims?: number;
}

/** A zip file (APPNOTE 6.3), deflated. Written here so that tests can also write what no library would. */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claims } of entries) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claims ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), fields, tail, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from("PK\x05\x06"), end]);
}

/** A cell: text, a number, a number shown as a time, true or false, an error; null: none. */
export type Cell = string | number | boolean | { readonly days: number } | { readonly error: string } | null;
export interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
}

const NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** The parts of a workbook, whose sheets' XML a test may replace. */
export function workbookParts(
  sheets: readonly Sheet[],
  extra: Readonly<Record<string, string>> = {},
): ZipEntry[] {
  const strings: string[] = [];
  const listed = sheets.map(
    ({ name }, i) => `<sheet name="${name}" sheetId="${String(i + 1)}" r:id="rId${String(i + 1)}"/>`,
  );
  const parts: Record<string, string> = {
    "[Content_Types].xml":
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "xl/workbook.xml":
      `<?xml version="1.0"?><workbook ${NAMESPACE} xmlns:r="urn:r"><workbookPr/>` +
      `<sheets>${listed.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships>${sheets
      .map((_, i) => `<Relationship Id="rId${String(i + 1)}" Target="worksheets/sheet${String(i + 1)}.xml"/>`)
      .join("")}</Relationships>`,
    "xl/styles.xml":
      `<?xml version="1.0"?><styleSheet ${NAMESPACE}><numFmts><numFmt numFmtId="164" ` +
      'formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf ' +
      'numFmtId="164"/></cellXfs></styleSheet>',
  };
  sheets.forEach(
    ({ rows }, i) => (parts[`xl/worksheets/sheet${String(i + 1)}.xml`] = sheetXml(rows, strings)),
  );
  const shared = strings.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`);
  parts["xl/sharedStrings.xml"] = `<?xml version="1.0"?><sst ${NAMESPACE}>${shared.join("")}</sst>`;
  return Object.entries({ ...parts, ...extra }).map(([name, content]) => ({ name, content }));
}

export function workbook(sheets: readonly Sheet[], extra: Readonly<Record<string, string>> = {}): Uint8Array {
  return zip(workbookParts(sheets, extra));
}

/** A sheet's XML around the XML of its rows. */
export function sheetAround(rows: string): string {
  return `<?xml version="1.0"?><worksheet ${NAMESPACE}><sheetData>${rows}</sheetData></worksheet>`;
}

function sheetXml(rows: readonly (readonly Cell[])[], strings: string[]): string {
  const xml = rows.map((cells, r) => {
    const inner = cells.map((cell, c) => cellXml(cell, `${letters(c)}${String(r + 1)}`, strings)).join("");
    return `<row r="${String(r + 1)}">${inner}</row>`;
  });
  return sheetAround(xml.join(""));
}

function cellXml(cell: Cell, reference: string, strings: string[]): string {
  if (cell === null) return "";
  if (typeof cell === "number") return `<c r="${reference}"><v>${String(cell)}</v></c>`;
  if (typeof cell === "boolean") return `<c r="${reference}" t="b"><v>${cell ? "1" : "0"}</v></c>`;
  if (typeof cell === "string")
    return `<c r="${reference}" t="s"><v>${String(strings.push(cell) - 1)}</v></c>`;
  if ("days" in cell) return `<c r="${reference}" s="1"><v>${String(cell.days)}</v></c>`;
  return `<c r="${reference}" t="e"><v>${cell.error}</v></c>`;
}

function letters(column: number): string {
  return column < 26
    ? String.fromCodePoint(65 + column)
    : letters(Math.floor(column / 26) - 1) + letters(column % 26);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
