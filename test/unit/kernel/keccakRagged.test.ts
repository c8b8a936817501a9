import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../src/base/lib/bytes.ts";
import { keccakRagged } from "../../../src/kernel/keccakRagged.ts";
import type { Kernel } from "../../../src/kernel/kernel.ts";
import { firstDifference, KERNELS, seededBytes, seeds } from "./support/kernels.ts";

const WINDOW_BYTES = 733_184;

describe.each(KERNELS)("keccak-256 of messages of any lengths, vectors: $simd", (kernel) => {
  it("is the reference's for every length from 0 to 600, mixed", () => {
    const messages = Array.from({ length: 601 }, (_, i) => seededBytes(i, (i * 283) % 601));
    expect(ours(kernel, messages)).toEqual(reference(messages));
  });

  it("is the reference's for any lengths and number", () => {
    const shapes = fc.tuple(seeds, fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 20 }));
    fc.assert(
      fc.property(shapes, ([seed, lengths]) => {
        const messages = lengths.map((length, i) => seededBytes(seed + i, length));
        expect(ours(kernel, messages)).toEqual(reference(messages));
      }),
    );
  });

  it("is the reference's for more messages than the window holds, and for ones that are larger", () => {
    const many = Array.from({ length: 12_000 }, (_, i) => seededBytes(i, 100 + (i % 200)));
    const large = [-200, -1, 0, 1, 200].map((more, i) => seededBytes(i, WINDOW_BYTES + more));
    for (const messages of [many, [...large, ...many.slice(0, 5)]]) {
      expect(firstDifference(ours(kernel, messages), reference(messages))).toBeNull();
    }
  });

  it("refuses ends that don't agree", () => {
    const hash = (bytes: number, ends: readonly number[], out: number) => () => {
      keccakRagged(kernel, new Uint8Array(bytes), ends, new Uint8Array(out));
    };
    expect(hash(9, [4, 4, 9], 96)).not.toThrow();
    expect(hash(0, [], 0)).not.toThrow();
    expect(hash(9, [4, 4, 9], 95)).toThrow(RangeError);
    expect(hash(9, [5, 4, 9], 96)).toThrow(RangeError);
    expect(hash(9, [4, 8], 96)).toThrow(RangeError);
    expect(hash(9, [4, 10], 96)).toThrow(RangeError);
    expect(hash(9, [4.5, 9], 96)).toThrow(RangeError);
    expect(hash(9, [-1, 9], 96)).toThrow(RangeError);
  });
});

function ours(kernel: Kernel, messages: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(32 * messages.length);
  let end = 0;
  const ends = messages.map(({ length }) => (end += length));
  keccakRagged(kernel, concatBytes(...messages), ends, out);
  return out;
}

function reference(messages: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...messages.map((message) => keccak_256(message)));
}
