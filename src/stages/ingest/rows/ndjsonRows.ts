import type { IngestCaps } from "../caps.ts";
import type { ColumnRef } from "../schema/fieldSchema.ts";
import { decimalOfFloatNearest } from "./decimalOfFloatNearest.ts";
import { lineProblem, refusedRow, type RawRow, type RowReader } from "./rawRow.ts";
import type { ReasonCode } from "../reasonCodes.ts";

type JsonObject = Record<string, unknown>;

/**
 * Numbers that JSON.stringify writes by their digits (ES2026, in Node since 22); TypeScript's library does
 * not know them yet.
 */
const { rawJSON, isRawJSON } = JSON as typeof JSON & {
  rawJSON: (text: string) => unknown;
  isRawJSON: (value: unknown) => boolean;
};

/** Before a name that belongs to the object around the row. */
const AROUND = "../";
/** Under which a row's text shows the object around it. */
const INSIDE = "..";
const MAX_AROUND_CHARACTERS = 500;

/**
 * Takes newline-delimited JSON apart: the members that the profile reads become the row's fields, in the
 * order of `members`. A member is a name, or a JSON pointer where it begins with a slash; where all are
 * pointers, rows may be arrays (`/0`, `/1`). Numbers keep their digits; one with a fraction of more digits
 * than a float has stands for the decimal nearest to it. With `each`, the rows are the elements of a list
 * inside each line's object, and `../name` is a
 * member of that object.
 */
export class NdjsonRows implements RowReader {
  readonly #members: readonly ColumnRef[];
  readonly #each: string | null;
  readonly #caps: Pick<IngestCaps, "rowCharacters" | "jsonDepth">;

  constructor(
    members: readonly ColumnRef[],
    each: string | null,
    caps: Pick<IngestCaps, "rowCharacters" | "jsonDepth">,
  ) {
    this.#members = members;
    this.#each = each;
    this.#caps = caps;
  }

  push(lines: readonly string[]): RawRow[] {
    const each = this.#each;
    return each === null
      ? lines.map((line) => this.#row(line))
      : lines.flatMap((line) => this.#rowsIn(line, each));
  }

  end(): RawRow[] {
    return [];
  }

  #row(line: string): RawRow {
    const parsed = this.#parse(line);
    if (typeof parsed === "string") return refusedRow(line, parsed);
    // Arrays have no names; a profile that reads names means objects.
    if (Array.isArray(parsed) && !this.#members.every((member) => String(member).startsWith("/")))
      return refusedRow(line, "row.malformed");
    return (
      this.#fields(line, parsed) ??
      this.#fields(line, parseJson(line, keepDigits) ?? parsed) ??
      refusedRow(line, "field.type")
    );
  }

  /** The rows of the list inside one line's object; each row's text shows what is around the list too. */
  #rowsIn(line: string, each: string): RawRow[] {
    const parsed = this.#parse(line);
    if (typeof parsed === "string") return [refusedRow(line, parsed)];
    const around = parseJson(line, keepDigits) ?? parsed;
    const list = at(around, each);
    if (!Array.isArray(list)) return [refusedRow(line, "row.malformed")];
    const rest = { ...around };
    delete rest[each.slice(1).split("/", 1)[0] ?? ""];
    const restIsShort = JSON.stringify(rest).length <= MAX_AROUND_CHARACTERS;
    return (list as unknown[]).map((element, index) => {
      const isObject = typeof element === "object" && element !== null && !isRawJSON(element);
      const members = isObject && !Array.isArray(element) ? element : { row: element };
      const row = { ...members, [INSIDE]: rest };
      // What is around counts once at least, for the digest; a long one with every row would make much out of
      // little.
      const raw = JSON.stringify(index === 0 || restIsShort ? row : members);
      return isObject
        ? (this.#fields(raw, row) ?? refusedRow(raw, "field.type"))
        : refusedRow(raw, "row.malformed");
    });
  }

  #parse(line: string): JsonObject | ReasonCode {
    const problem = lineProblem(line, this.#caps.rowCharacters);
    if (problem !== null) return problem;
    const shape = measure(line);
    if (shape.depth > this.#caps.jsonDepth) return "row.too-deep";
    const parsed = parseJson(line);
    if (!parsed) return "row.malformed";
    // JSON.parse keeps the last of two members with one name; then the text has more of them than the object.
    return membersIn(parsed) === shape.members ? parsed : "row.repeated-member";
  }

  /**
   * Null where a member that the profile reads is a number, which must be read by its digits first, or no
   * plain value.
   */
  #fields(line: string, parsed: JsonObject): RawRow | null {
    const fields: string[] = [];
    for (const member of this.#members) {
      const text = textOf(at(parsed, String(member)));
      if (text === null) return null;
      fields.push(text);
    }
    return { raw: line, fields, code: null };
  }
}

/** Nesting and number of members of a JSON text, before anything is built from it. */
function measure(text: string): { depth: number; members: number } {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (inString) {
      if (character === 0x5c) i++;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x3a) members++;
    else if (character === 0x7b || character === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (character === 0x7d || character === 0x5d) depth--;
  }
  return { depth: deepest, members };
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
/**
 * Numbers as the text that they were written as (ES2025). Slow, so used only for rows whose numbers matter.
 */
const keepDigits: Reviver = (_key, value, { source }) =>
  typeof value === "number" && source !== undefined ? rawJSON(source) : value;

/** An object or array, or null. */
function parseJson(line: string, reviver?: Reviver): JsonObject | null {
  let value: unknown;
  try {
    value = JSON.parse(line, reviver as Parameters<typeof JSON.parse>[1]);
  } catch {
    return null;
  }
  return typeof value === "object" && value !== null ? (value as JsonObject) : null;
}

/** Members of an object and of all objects inside it. The depth is bounded by then. */
function membersIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value);
  let members = Array.isArray(value) ? 0 : inner.length;
  for (const one of inner) if (typeof one === "object") members += membersIn(one);
  return members;
}

function at(object: JsonObject, member: string): unknown {
  if (member.startsWith(AROUND))
    return at(own(object, INSIDE) as JsonObject, member.slice(AROUND.length - 1));
  if (!member.startsWith("/")) return own(object, member);
  let value: unknown = object;
  for (const step of member.slice(1).split("/"))
    value = own(value, step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return value;
}

function own(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as JsonObject)[key]
    : undefined;
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return String(value);
  return isRawJSON(value) ? decimalOfFloatNearest((value as { rawJSON: string }).rawJSON) : null;
}
