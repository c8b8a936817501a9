import canonicalize from "canonicalize";
import { equalBytes, utf8 } from "../base/lib/bytes.ts";
import { InputError } from "../base/errors/errors.ts";

/** Deeper than anything that the format holds; keeps hostile input from exhausting the stack. */
const DEEPEST = 32;

/**
 * Canonical JSON: RFC 8785 (JCS) restricted to what the batch format allows: null, booleans, well-formed NFC
 * strings, integers from 0 to 2^53 - 1, arrays and plain objects. Nothing is normalised on the way: what is
 * not canonical already is refused, so two texts that look alike never share a hash.
 * @throws InputError `json.number`, `json.lone-surrogate`, `json.not-nfc`, `json.type`, `json.too-deep`
 */
export function canonicalJson(value: unknown): string {
  checkValue(value, "$", 0);
  return canonicalize(value) as string;
}

/**
 * The value of canonical JSON bytes. The bytes must be exactly what `canonicalJson` writes for it, so
 * duplicate keys, escapes that are not needed, white space, `1.0` and a byte order mark are refused.
 * @throws InputError `json.encoding`, `json.malformed`, `json.not-canonical`, or as `canonicalJson`
 */
export function parseCanonicalJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new InputError("json.encoding", "The bytes are no UTF-8.", { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the text, which may be confidential.
    throw new InputError("json.malformed", "The text is no JSON.", { cause });
  }
  if (!equalBytes(utf8(canonicalJson(value)), bytes)) {
    throw new InputError(
      "json.not-canonical",
      "The JSON is not canonical (RFC 8785): key order, spacing, escapes or repeated keys differ.",
    );
  }
  return value;
}

function checkValue(value: unknown, path: string, depth: number): void {
  if (depth > DEEPEST)
    throw new InputError("json.too-deep", `${path} is nested more than ${String(DEEPEST)} levels deep.`);
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") checkString(value, path);
  else if (typeof value === "number") checkNumber(value, path);
  else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) checkValue(value[i], `${path}[${String(i)}]`, depth + 1);
  } else if (isPlainObject(value)) {
    for (const key of Object.keys(value)) {
      checkString(key, path);
      checkValue(value[key], `${path}.${key}`, depth + 1);
    }
  } else throw new InputError("json.type", `${path} is a ${typeof value} that canonical JSON can't hold.`);
}

function checkString(text: string, path: string): void {
  if (!text.isWellFormed())
    throw new InputError("json.lone-surrogate", `A string at ${path} contains a lone surrogate.`);
  if (text.normalize("NFC") !== text)
    throw new InputError("json.not-nfc", `A string at ${path} is not in Unicode form NFC.`);
}

function checkNumber(value: number, path: string): void {
  if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
    throw new InputError("json.number", `The number at ${path} is no integer from 0 to 2^53 - 1.`);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    typeof (value as { toJSON?: unknown }).toJSON !== "function"
  );
}
