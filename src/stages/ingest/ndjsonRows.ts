import type { ColumnRef } from "./profileSchema.ts";
import { lineProblem, refusedRow, type RawRow, type RowReader } from "./rawRow.ts";
import type { ReasonCode } from "./reasonCodes.ts";

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
    const parsed = parseObject(line, shape.members);
    if (typeof parsed === "string") return refusedRow(line, parsed);
    const fields: string[] = [];
    for (const member of this.#members) {
      const text = textOf(at(parsed, String(member)));
      if (text === null) return refusedRow(line, "field.type");
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

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

function parseObject(line: string, members: number): Record<string, unknown> | ReasonCode {
  let seen = -1;
  const reviver: Reviver = function (_key, value, context) {
    if (!Array.isArray(this)) seen++;
    // ES2025: the number's own digits.
    return typeof value === "number" ? context.source : value;
  };
  let value: unknown;
  try {
    value = JSON.parse(line, reviver as (key: string, value: unknown) => unknown);
  } catch {
    return "row.malformed";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "row.malformed";
  // JSON.parse keeps the last of two members with one name; then the text has more of them than the object.
  return seen === members ? (value as Record<string, unknown>) : "row.repeated-member";
}

function at(object: Record<string, unknown>, member: string): unknown {
  if (!member.startsWith("/")) return own(object, member);
  let value: unknown = object;
  for (const step of member.slice(1).split("/")) value = own(value, step.replaceAll("~1", "/").replaceAll("~0", "~"));
  return value;
}

function own(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  return typeof value === "boolean" ? String(value) : null;
}
