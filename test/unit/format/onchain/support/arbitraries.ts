import fc from "fast-check";
import { toHex } from "../../../../../src/base/lib/bytes.ts";
import { MAX_MILLIGRAMS } from "../../../../../src/base/lib/mass.ts";
import type { Milligrams } from "../../../../../src/base/types/quantities.ts";

export const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex);
export const word = bytes(32);
export const uint32 = fc.nat(2 ** 32 - 1);
export const mass = fc.bigInt(0n, MAX_MILLIGRAMS).map((one) => one as Milligrams);
