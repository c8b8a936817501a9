import { bytesToHex, concatBytes as concatAll, hexToBytes } from "@noble/hashes/utils.js";
import { InputError } from "../errors/errors.ts";
import type { Hex } from "../types/ids.ts";

/** Several byte strings as one. */
export function concatBytes(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatAll(...parts);
}

/** Lower-case hex with 0x. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}

/**
 * Bytes of a hex text with 0x, of exactly `length` bytes where that is given.
 * @throws InputError `hex.malformed`
 */
export function fromHex(text: string, length?: number): Uint8Array {
  const wellFormed =
    /^0x(?:[0-9a-f]{2})*$/i.test(text) && (length === undefined || text.length === 2 + 2 * length);
  if (!wellFormed) {
    const wanted = length === undefined ? "an even number of hex digits" : `${String(2 * length)} hex digits`;
    throw new InputError(
      "hex.malformed",
      `Expected 0x and ${wanted}, got ${JSON.stringify(text.slice(0, 80))}.`,
    );
  }
  return hexToBytes(text.slice(2));
}

/** Order of the bytes as a number would have it: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

const ENCODER = new TextEncoder();

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** Big-endian unsigned integer of `length` bytes. The caller guarantees that it fits. */
export function bigEndian(value: bigint | number, length: number): Uint8Array {
  return hexToBytes(
    BigInt(value)
      .toString(16)
      .padStart(2 * length, "0"),
  );
}
