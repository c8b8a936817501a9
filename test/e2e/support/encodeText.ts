/**
 * Bytes of a text in an encoding that Node only decodes: every one- and two-byte sequence is decoded once and
 * looked up.
 */
export function encodeText(encoding: string, text: string): Buffer {
  const bytesOf = new Map<string, number[]>();
  const decode = (bytes: number[]): string => new TextDecoder(encoding).decode(Uint8Array.from(bytes));
  const remember = (bytes: number[]): void => {
    const character = decode(bytes);
    if (Array.from(character).length === 1 && character !== "\uFFFD" && !bytesOf.has(character))
      bytesOf.set(character, bytes);
  };
  for (let byte = 0; byte < 256; byte++) remember([byte]);
  for (let lead = 0x81; lead < 0xff; lead++)
    for (let trail = 0x40; trail < 0xff; trail++) remember([lead, trail]);
  return Buffer.from(
    Array.from(text).flatMap((character) => {
      const bytes = bytesOf.get(character);
      if (!bytes) throw new Error(`${encoding} has no ${character}`);
      return bytes;
    }),
  );
}
