import pg from "pg";
import type { SqlParameter, SqlScalar } from "./database.ts";

/**
 * A statement with its parameters' values in place of `$1`, `$2`, …, for COPY, which takes no parameters. The
 * statement itself has no `$` in its texts.
 */
export function withLiterals(sql: string, parameters: readonly SqlParameter[]): string {
  return sql.replaceAll(/\$(\d+)/g, (_, number: string) => literalOf(parameters[Number(number) - 1] ?? null));
}

function literalOf(value: SqlParameter): string {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) return `decode('${Buffer.from(value).toString("hex")}', 'hex')`;
  if (typeof value === "string") return pg.escapeLiteral(value);
  // Without an element an ARRAY has no type; as a text it has that of what it is held against.
  if (typeof value === "object" && value.length === 0) return "'{}'";
  if (typeof value === "object")
    return `ARRAY[${value.map((item: SqlScalar) => literalOf(item)).join(", ")}]`;
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError(`No column here takes ${String(value)}.`);
  // In brackets a negative number is no operator's.
  return `(${String(value)})`;
}
