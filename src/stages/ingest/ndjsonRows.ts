import type { ColumnRef } from "./fieldSchema.ts";
import { lineProblem, refusedRow, type RawRow, type RowReader } from "./rawRow.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Takes newline-delimited JSON apart: the members that the profile reads become the row's fields, in the order of `members`. A member is a
 * name, or a JSON pointer where it begins with a slash. Numbers keep their digits: no quantity passes through floating point.
 */
export class NdjsonRows implements RowReader {
  readonly #members: readonly ColumnRef[];
  readonly #rowCharacters: number;
  readonly #depth: number;

  constructor(members: readonly ColumnRef[], rowCharacters: number, depth: number) {
    this.#members = members;
    this.#rowCharacters = rowCharacters;
    this.#depth = depth;
  }

  push(lines: readonly string[]): RawRow[] {
    return lines.map((line) => this.#row(line));
  }

  end(): RawRow[] {
    return [];
  }

  #row(line: string): RawRow {
    const problem = lineProblem(line, this.#rowCharacters);
    if (problem !== null) return refusedRow(line, problem);
    const shape = measure(line);
    if (shape.depth > this.#depth) return refusedRow(line, "row.too-deep");
    const parsed = parseObject(line);
    if (!parsed) return refusedRow(line, "row.malformed");
    // JSON.parse keeps the last of two members with one name; then the text has more of them than the object.
    if (membersIn(parsed) !== shape.members) return refusedRow(line, "row.repeated-member");
    return this.#fields(line, parsed) ?? this.#fields(line, parseObject(line, keepDigits) ?? parsed) ?? refusedRow(line, "field.type");
  }

  /** Null where a member that the profile reads is a number, which must be read by its digits first, or no plain value. */
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
/** Numbers as the text that they were written as (ES2025). Slow, so used only for rows whose numbers matter. */
const keepDigits: Reviver = (_key, value, { source }) => (typeof value === "number" ? source : value);

function parseObject(line: string, reviver?: Reviver): JsonObject | null {
  let value: unknown;
  try {
    value = JSON.parse(line, reviver as Parameters<typeof JSON.parse>[1]);
  } catch {
    return null;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
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
  if (!member.startsWith("/")) return own(object, member);
  let value: unknown = object;
  for (const step of member.slice(1).split("/")) value = own(value, step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return value;
}

function own(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  return typeof value === "boolean" ? String(value) : null;
}
