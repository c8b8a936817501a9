const FIRST_LEAD = 0x81;
const LAST_LEAD = 0xfe;
const FIRST_TRAIL = 0x40;
const LAST_TRAIL = 0xfe;
const REPLACEMENT = "\u{FFFD}";

let codes: Uint16Array | null = null;

/**
 * The text in GBK. Node decodes GBK but does not encode it, so the decoder's table is turned round once.
 * @throws RangeError for a character that GBK lacks
 */
export function encodeGbk(text: string): Buffer {
  codes ??= turnedRound();
  const bytes = Buffer.allocUnsafe(2 * text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[length++] = unit;
      continue;
    }
    const code = codes[unit] as number;
    if (code === 0)
      throw new RangeError(
        `The character U+${unit.toString(16).toUpperCase().padStart(4, "0")} does not exist in GBK.`,
      );
    bytes[length++] = code >> 8;
    bytes[length++] = code & 0xff;
  }
  return bytes.subarray(0, length);
}

/** Code unit → two-byte GBK code; 0 where there is none. */
function turnedRound(): Uint16Array {
  const decoder = new TextDecoder("gbk");
  const table = new Uint16Array(0x1_0000);
  for (let lead = FIRST_LEAD; lead <= LAST_LEAD; lead++) {
    for (let trail = FIRST_TRAIL; trail <= LAST_TRAIL; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      // Pairs that don't exist come out as a replacement, with the second byte behind it where that is ASCII.
      if (character.length === 1 && character !== REPLACEMENT)
        table[character.charCodeAt(0)] ||= (lead << 8) | trail;
    }
  }
  return table;
}
