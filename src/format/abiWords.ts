import { concatBytes, fromHex, toHex, utf8 } from "../base/lib/bytes.ts";
import { InputError } from "../base/errors/errors.ts";
import type { Hex } from "../base/types/ids.ts";
import { keccak } from "./keccak.ts";

/** The few rules of the Ethereum ABI that the format needs: static values, one 32-byte word each. */

/** An unsigned integer of at most `bits` bits, right-aligned. @throws InputError `abi.out-of-range` */
export function uintWord(value: bigint | number, bits: number): Uint8Array {
  const integer = BigInt(value);
  // One below zero shifts to -1.
  if (integer >> BigInt(bits) !== 0n)
    throw new InputError("abi.out-of-range", `${integer.toString()} is no uint${String(bits)}.`);
  return fromHex(`0x${integer.toString(16).padStart(64, "0")}`);
}

/** 32 bytes as they are. @throws InputError `hex.malformed` */
export function wordOf(hex: Hex): Uint8Array {
  return fromHex(hex, 32);
}

/** An address, right-aligned. @throws InputError `hex.malformed` */
export function addressWord(address: Hex): Uint8Array {
  return concatBytes(new Uint8Array(12), fromHex(address, 20));
}

/**
 * Short bytes (`bytesN`), left-aligned and padded with zeros on the right. @throws InputError
 * `abi.out-of-range`
 */
export function asciiWord(text: string, length: number): Uint8Array {
  const bytes = utf8(text);
  if (bytes.length > length)
    throw new InputError(
      "abi.out-of-range",
      `${JSON.stringify(text)} has more than ${String(length)} bytes.`,
    );
  const word = new Uint8Array(32);
  word.set(bytes);
  return word;
}

/** keccak-256 of words one after another, as hex. */
export function hashWords(...words: readonly Uint8Array[]): Hex {
  return toHex(keccak(concatBytes(...words)));
}

/** `width` bits of a storage word, `offset` bits above its lowest. */
export function wordBits(word: Hex, offset: number, width: number): bigint {
  return (BigInt(word) >> BigInt(offset)) & ((1n << BigInt(width)) - 1n);
}
