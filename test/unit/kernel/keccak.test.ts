import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { keccak256 } from "../../../src/kernel/keccak256.ts";
import { keccakEach } from "../../../src/kernel/keccakEach.ts";
import { KeccakStream } from "../../../src/kernel/keccakStream.ts";
import { Kernel } from "../../../src/kernel/kernel.ts";
import { sharedKernel } from "../../../src/kernel/sharedKernel.ts";
import { firstDifference, KERNELS, pieces, seededBytes, seeds } from "./support/kernels.ts";

const WINDOW_BYTES = 733_184;

it("takes the build with vectors where the engine has them, and makes one kernel a thread", () => {
  expect(new Kernel().simd).toBe(true);
  expect(new Kernel({ simd: false }).simd).toBe(false);
  expect(sharedKernel()).toBe(sharedKernel());
});

describe.each(KERNELS)("keccak-256, vectors: $simd", (kernel) => {
  it("of nothing is the known hash", () => {
    const known = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    expect(toHex(keccak256(kernel, new Uint8Array()))).toBe(known);
  });

  it("is the reference's for every length from 0 to 600", () => {
    for (let length = 0; length <= 600; length++) {
      const message = seededBytes(length, length);
      expect(toHex(keccak256(kernel, message)), String(length)).toBe(toHex(keccak_256(message)));
    }
  });

  it.each([-1, 0, 1, 135, 136, 137])("is the reference's where the window is exceeded by %i", (more) => {
    const message = seededBytes(1, WINDOW_BYTES + more);
    expect(keccak256(kernel, message)).toEqual(keccak_256(message));
  });

  it.each([179, 80, 64])("of arrays of %i bytes is the reference's for every small number", (length) => {
    for (let count = 0; count <= 40; count++) {
      const messages = seededBytes(count, count * length);
      expect(ours(kernel, messages, length)).toEqual(reference(messages, length));
    }
  });

  it.each([
    [179, 4095],
    [179, 4096],
    [179, 4097],
    [80, 5119],
    [80, 5120],
    [80, 5121],
    [64, 5120],
    [64, 10_241],
    [700_000, 3],
  ])("of arrays of %i bytes is the reference's around the window's size: %i", (length, count) => {
    const messages = seededBytes(2, count * length);
    expect(firstDifference(ours(kernel, messages, length), reference(messages, length))).toBeNull();
  });

  it("of arrays is the reference's for any length and number", () => {
    const shapes = fc.tuple(seeds, fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(shapes, ([seed, length, count]) => {
        const messages = seededBytes(seed, length * count);
        expect(ours(kernel, messages, length)).toEqual(reference(messages, length));
      }),
    );
  });

  it("takes the place of the messages where asked to", () => {
    const messages = seededBytes(3, 64 * 6000);
    const hashes = new Uint8Array(32 * 6000);
    keccakEach(kernel, messages, 64, hashes);
    keccakEach(kernel, messages, 64, messages);
    expect(firstDifference(messages.subarray(0, hashes.length), hashes)).toBeNull();
  });

  it("refuses lengths that don't agree", () => {
    const hash = (bytes: number, length: number, out: number) => () => {
      keccakEach(kernel, new Uint8Array(bytes), length, new Uint8Array(out));
    };
    expect(hash(128, 64, 64)).not.toThrow();
    expect(hash(127, 64, 64)).toThrow(RangeError);
    expect(hash(128, 64, 63)).toThrow(RangeError);
    expect(hash(128, 0, 64)).toThrow(RangeError);
    expect(hash(128, 0.5, 9999)).toThrow(RangeError);
    expect(hash(WINDOW_BYTES + 1, WINDOW_BYTES + 1, 32)).toThrow(RangeError);
  });
});

describe.each(KERNELS)("a keccak-256 stream, vectors: $simd", (kernel) => {
  it("gives the hash of the whole, whatever the pieces", () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 12 });
    fc.assert(
      fc.property(parts, (messages) => {
        const stream = new KeccakStream(kernel);
        for (const message of messages) stream.update(message);
        expect(stream.digest()).toEqual(keccak_256(Uint8Array.from(messages.flatMap((part) => [...part]))));
      }),
    );
  });

  it("takes pieces larger than the window after pieces smaller than a block", () => {
    const whole = seededBytes(4, 2 * WINDOW_BYTES + 1000);
    const stream = new KeccakStream(kernel).update(whole.subarray(0, 100)).update(whole.subarray(100));
    expect(stream.digest()).toEqual(keccak_256(whole));
  });

  it("shares a kernel with other streams and hashes in between", () => {
    const streams = [1, 2, 3].map((seed) => ({ seed, stream: new KeccakStream(kernel) }));
    const parts = [1, 2, 3].map((seed) => pieces(seededBytes(seed, 1500), 150));
    for (let i = 0; i < 10; i++) {
      for (const { seed, stream } of streams) {
        stream.update(parts[seed - 1]?.[i] as Uint8Array);
        keccak256(kernel, seededBytes(i, 300));
      }
    }
    const digests = streams.map(({ stream }) => stream.digest());
    expect(digests).toEqual([1, 2, 3].map((seed) => keccak_256(seededBytes(seed, 1500))));
  });

  it("ends with its digest", () => {
    const stream = new KeccakStream(kernel);
    stream.digest();
    expect(() => stream.digest()).toThrow("has ended");
    expect(() => stream.update(new Uint8Array(1))).toThrow("has ended");
  });
});

function ours(kernel: Kernel, messages: Uint8Array, length: number): string[] {
  const hashes = new Uint8Array((messages.length / length) * 32);
  keccakEach(kernel, messages, length, hashes);
  return pieces(hashes, 32).map((hash) => toHex(hash));
}

function reference(messages: Uint8Array, length: number): string[] {
  return pieces(messages, length).map((message) => toHex(keccak_256(message)));
}
