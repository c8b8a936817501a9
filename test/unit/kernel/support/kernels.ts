import fc from "fast-check";
import { Kernel } from "../../../../src/kernel/kernel.ts";

/** Both builds; this engine's own choice is among them. */
export const KERNELS = [new Kernel({ simd: true }), new Kernel({ simd: false })];

/** Bytes that differ from place to place, from a seed. */
export function seededBytes(seed: number, length: number): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

export const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** `bytes` in pieces of `length`. */
export function pieces(bytes: Uint8Array, length: number): Uint8Array[] {
  const count = bytes.length / length;
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}

/** Where two lists differ first, or null: a failure of long ones has to be short. */
export function firstDifference(ours: ArrayLike<unknown>, theirs: ArrayLike<unknown>): number | null {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) if (ours[i] !== theirs[i]) return i;
  return null;
}
