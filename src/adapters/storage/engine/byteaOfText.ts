/** Bytes of a bytea as Postgres writes it in text: `\x` and hex. */
export function byteaOfText(text: string): Uint8Array {
  const bytes = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
