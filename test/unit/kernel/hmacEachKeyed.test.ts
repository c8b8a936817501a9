import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacEachKeyed } from "../../../src/kernel/hmacEachKeyed.ts";
import type { Kernel } from "../../../src/kernel/kernel.ts";
import { firstDifference, KERNELS, pieces, seededBytes, seeds } from "./support/kernels.ts";

describe.each(KERNELS)("HMAC-SHA-256 of messages with keys of their own, vectors: $simd", (kernel) => {
  it("is the platform's for every length from 1 to 200 and one to nine messages", () => {
    for (let length = 1; length <= 200; length++) {
      const count = 1 + (length % 9);
      const [keys, messages] = [seededBytes(length, 32 * count), seededBytes(length + 1, length * count)];
      expect(firstDifference(ours(kernel, keys, messages, length), reference(keys, messages, length))).toBe(
        null,
      );
    }
  });

  it("is the platform's for any keys, length and number", () => {
    const shapes = fc.tuple(seeds, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 13 }));
    fc.assert(
      fc.property(shapes, ([seed, length, count]) => {
        const [keys, messages] = [seededBytes(seed, 32 * count), seededBytes(seed + 1, length * count)];
        expect(ours(kernel, keys, messages, length)).toEqual(reference(keys, messages, length));
      }),
    );
  });

  it.each([4887, 4888, 4889, 9779])("is the platform's around the window's size: %i", (count) => {
    const [keys, messages] = [seededBytes(3, 32 * count), seededBytes(4, 86 * count)];
    expect(firstDifference(ours(kernel, keys, messages, 86), reference(keys, messages, 86))).toBeNull();
  });

  it.each([1, 4, 6])("leaves no key, keyed state or HMAC of %i messages in the kernel's memory", (count) => {
    const keys = seededBytes(7, 32 * count);
    const hmacs = ours(kernel, keys, seededBytes(8, 86 * count), 86);
    const memory = Buffer.from(kernel.window.input.buffer);
    const words = (bytes: Uint8Array) => new Uint8Array(Buffer.from(bytes).swap32());
    for (const key of pieces(keys, 32)) {
      for (const byte of [0, 0x36, 0x5c]) {
        const turned = key.map((value) => value ^ byte);
        for (const part of [...pieces(turned, 8), ...pieces(words(turned), 8)])
          expect(memory.indexOf(part)).toBe(-1);
      }
    }
    for (const part of [...pieces(hmacs, 8), ...pieces(words(hmacs), 8)])
      expect(memory.indexOf(part)).toBe(-1);
  });

  it("refuses lengths that don't agree", () => {
    const hmac = (keys: number, bytes: number, length: number, out: number) => () => {
      hmacEachKeyed(kernel, new Uint8Array(keys), new Uint8Array(bytes), length, new Uint8Array(out));
    };
    expect(hmac(64, 20, 10, 64)).not.toThrow();
    expect(hmac(63, 20, 10, 64)).toThrow(RangeError);
    expect(hmac(64, 21, 10, 64)).toThrow(RangeError);
    expect(hmac(64, 20, 10, 63)).toThrow(RangeError);
    expect(hmac(32, 733_121, 733_121, 32)).toThrow(RangeError);
    expect(hmac(32, 733_120, 733_120, 32)).not.toThrow();
  });
});

function ours(kernel: Kernel, keys: Uint8Array, messages: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(keys.length);
  hmacEachKeyed(kernel, keys, messages, length, out);
  return out;
}

function reference(keys: Uint8Array, messages: Uint8Array, length: number): Uint8Array {
  const hmacs = pieces(messages, length).map((message, i) =>
    createHmac("sha256", keys.subarray(32 * i, 32 * i + 32))
      .update(message)
      .digest(),
  );
  return new Uint8Array(Buffer.concat(hmacs));
}
