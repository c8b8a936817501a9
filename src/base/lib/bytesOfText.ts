/**
 * The bytes that a text stands for in hex (0x or not, any case) or base64url (or base64, padded or not); null
 * where they are not `length`.
 */
export function bytesOfText(text: string, length: number): Uint8Array | null {
  const hex = text.replace(/^0x/i, "");
  if (hex.length === 2 * length && /^[0-9a-f]+$/i.test(hex)) return new Uint8Array(Buffer.from(hex, "hex"));
  const plain = text
    .replace(/={1,2}$/, "")
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  const bytes = new Uint8Array(Buffer.from(plain, "base64url"));
  // The decoder passes over what it does not know; one spelling has one meaning.
  return bytes.length === length && Buffer.from(bytes).toString("base64url") === plain ? bytes : null;
}
