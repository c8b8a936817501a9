/**
 * `uuid` values as Postgres takes many of them: one text that is cast to `uuid[]`. `keys` are 32 hex digits
 * each.
 */
export function uuidArray(keys: readonly string[]): string {
  return `{${keys.join(",")}}`;
}

/** The 16 bytes of a `uuid` as the database writes it. */
export function bytesOfUuid(text: string): Uint8Array {
  return Buffer.from(text.replaceAll("-", ""), "hex");
}
