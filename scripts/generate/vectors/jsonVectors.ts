import { toHex, utf8 } from "../../../src/base/lib/bytes.ts";

/**
 * Texts that look harmless, and what a reader must make of them. Hex, because some of them are no JSON that a
 * file could hold.
 */
export function jsonVectors(): Record<string, unknown> {
  const refused: [name: string, error: string, text: string | Uint8Array][] = [
    ["keys not in order", "json.not-canonical", '{"b":1,"a":2}'],
    ["key twice", "json.not-canonical", '{"a":1,"a":1}'],
    ["key twice, once escaped", "json.not-canonical", '{"a":1,"\\u0061":1}'],
    ["space", "json.not-canonical", '{"a": 1}'],
    ["line end at the end", "json.not-canonical", '{"a":1}\n'],
    ["escape that is not needed", "json.not-canonical", '"\\u00e9"'],
    ["escaped slash", "json.not-canonical", '"\\/"'],
    ["upper-case escape", "json.not-canonical", '"\\u001F"'],
    ["1.0 for 1", "json.not-canonical", "1.0"],
    ["1e0 for 1", "json.not-canonical", "1e0"],
    ["-0", "json.number", "-0"],
    ["fraction", "json.number", "1.5"],
    ["negative", "json.number", "-1"],
    ["2^53", "json.number", "9007199254740992"],
    ["2^53 + 1, which a double can't hold", "json.number", "9007199254740993"],
    ["1e400, which becomes infinite", "json.number", "1e400"],
    ["lone surrogate", "json.lone-surrogate", '"\\ud800"'],
    ["lone surrogate in a key", "json.lone-surrogate", '{"\\udc00":1}'],
    ["e and a combining acute accent", "json.not-nfc", '"e\u0301"'],
    ["key not in NFC", "json.not-nfc", '{"e\u0301":1}'],
    ["a letter that NFC takes apart (a key in the examples of RFC 8785)", "json.not-nfc", '"\ufb33"'],
    ["the angstrom sign", "json.not-nfc", '"\u212b"'],
    ["byte order mark", "json.malformed", "\ufeff1"],
    ["leading zero", "json.malformed", "01"],
    ["comma at the end", "json.malformed", "[1,]"],
    ["comment", "json.malformed", "/* */1"],
    ["NaN", "json.malformed", "NaN"],
    ["nothing", "json.malformed", ""],
    ["two values", "json.malformed", "1 2"],
    ["bytes that are no UTF-8", "json.encoding", Uint8Array.of(0x22, 0xff, 0x22)],
    ["overlong UTF-8", "json.encoding", Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
    ["surrogate in UTF-8", "json.encoding", Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ["40 levels", "json.too-deep", "[".repeat(40) + "]".repeat(40)],
  ];
  const canonical: [name: string, text: string][] = [
    ["order of UTF-16 code units: U+1F600 before U+FF21", '{"\u20ac":1,"\ud83d\ude00":2,"\uff21":3}'],
    ["control characters", '"\\u0000\\b\\t\\n\\f\\r\\u001f\u007f"'],
    ["quote and backslash", '"\\"\\\\/"'],
    ["2^53 - 1", "9007199254740991"],
    ["empty key, nested", '{"":{"":[]}}'],
    ["__proto__ is a key like any other", '{"__proto__":1}'],
    ["line separators stay as they are", '"\u2028\u2029"'],
    ["composed letters", '"\u00e9\u00c5\uac00"'],
  ];
  return {
    about:
      "Canonical JSON (RFC 8785 over NFC strings, integers only). `canonical` bytes are read and " +
      "written unchanged; `refused` are not read.",
    canonical: canonical.map(([name, text]) => ({ name, bytes: toHex(utf8(text)) })),
    refused: refused.map(([name, error, text]) => ({
      name,
      bytes: toHex(typeof text === "string" ? utf8(text) : text),
      error,
    })),
  };
}
