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
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'::bytea`;
  if (typeof value === "string") return pg.escapeLiteral(value);
  if (typeof value === "object")
    return `ARRAY[${value.map((item: SqlScalar) => literalOf(item)).join(", ")}]`;
  // In brackets a negative number is no operator's.
  return `(${String(value)})`;
}
