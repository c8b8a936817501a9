import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { HmacSha256 } from "../../../src/kernel/hmacSha256.ts";
import type { Kernel } from "../../../src/kernel/kernel.ts";
import { firstDifference, KERNELS, pieces, seededBytes, seeds } from "./support/kernels.ts";

describe.each(KERNELS)("HMAC-SHA-256 of many messages, vectors: $simd", (kernel) => {
  it("is the platform's for every length from 1 to 200 and one to nine messages", () => {
    const key = seededBytes(1, 32);
    for (let length = 1; length <= 200; length++) {
      const messages = seededBytes(length, length * (1 + (length % 9)));
      expect(ours(kernel, key, messages, length)).toEqual(reference(key, messages, length));
    }
  });

  it("is the platform's for any key of up to 64 bytes", () => {
    const shapes = fc.tuple(seeds, fc.integer({ min: 0, max: 64 }), fc.integer({ min: 1, max: 130 }));
    fc.assert(
      fc.property(shapes, ([seed, keyLength, length]) => {
        const [key, messages] = [seededBytes(seed, keyLength), seededBytes(seed + 1, 5 * length)];
        expect(ours(kernel, key, messages, length)).toEqual(reference(key, messages, length));
      }),
    );
  });

  it("is the platform's for more messages than the window holds", () => {
    const [key, messages] = [seededBytes(2, 32), seededBytes(3, 43 * 10_243)];
    expect(firstDifference(ours(kernel, key, messages, 43), reference(key, messages, 43))).toBeNull();
  });

  it("keeps keys apart that share a kernel", () => {
    const first = new HmacSha256(kernel, seededBytes(4, 32));
    const second = new HmacSha256(kernel, seededBytes(5, 32));
    const message = seededBytes(6, 75);
    for (const [hmac, seed] of [[second, 5] as const, [first, 4] as const, [second, 5] as const]) {
      const out = new Uint8Array(32);
      hmac.each(message, 75, out);
      expect(toHex(out)).toBe(platformHmac(seededBytes(seed, 32), message));
    }
  });

  it("leaves neither key nor keyed state in the kernel's memory", () => {
    const key = seededBytes(7, 32);
    const out = new Uint8Array(32);
    new HmacSha256(kernel, key).each(new Uint8Array(64), 64, out);
    const memory = Buffer.from(kernel.window.input.buffer);
    const padded = (byte: number) => Buffer.from(key.map((value) => value ^ byte));
    for (const form of [key, padded(0x36), padded(0x5c)]) expect(memory.indexOf(form)).toBe(-1);
    expect(kernel.window.keyState.every((byte) => byte === 0)).toBe(true);
    expect(kernel.window.output.every((byte) => byte === 0)).toBe(true);
  });

  it("refuses longer keys and lengths that don't agree", () => {
    expect(() => new HmacSha256(kernel, new Uint8Array(65))).toThrow(RangeError);
    const hmac = new HmacSha256(kernel, new Uint8Array(32));
    expect(() => hmac.each(new Uint8Array(10), 3, new Uint8Array(320))).toThrow(RangeError);
    expect(() => hmac.each(new Uint8Array(10), 5, new Uint8Array(63))).toThrow(RangeError);
  });
});

function ours(kernel: Kernel, key: Uint8Array, messages: Uint8Array, length: number): string[] {
  const out = new Uint8Array((messages.length / length) * 32);
  new HmacSha256(kernel, key).each(messages, length, out);
  return pieces(out, 32).map((bytes) => toHex(bytes));
}

function reference(key: Uint8Array, messages: Uint8Array, length: number): string[] {
  return pieces(messages, length).map((message) => platformHmac(key, message));
}

function platformHmac(key: Uint8Array, message: Uint8Array): string {
  return `0x${createHmac("sha256", key).update(message).digest("hex")}`;
}
