/** Bytes of a bytea as Postgres writes it in text under `bytea_output = hex`: `\x` and hex. */
export function byteaOfText(text: string): Uint8Array {
  if (!text.startsWith("\\x")) throw new TypeError("Bytes came from the database in another form than hex.");
  const bytes = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
