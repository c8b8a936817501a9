import { expect, it } from "vitest";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { bytesSource } from "../../../../src/app/sources/bytesSource.ts";
import { capsOf } from "../../../../src/app/sources/capsOf.ts";

const PIECE = 32_768;
const sizesOf = async (length: number): Promise<number[]> => {
  const sizes: number[] = [];
  for await (const piece of bytesSource(new Uint8Array(length)).open()) sizes.push(piece.length);
  return sizes;
};

it("bytes in hand are a source that is read in pieces of 32 KiB, as often as one likes", async () => {
  expect(await sizesOf(0)).toEqual([]);
  expect(await sizesOf(1)).toEqual([1]);
  expect(await sizesOf(PIECE)).toEqual([PIECE]);
  expect(await sizesOf(PIECE + 1)).toEqual([PIECE, 1]);
  const bytes = new Uint8Array(2 * PIECE + 7).map((_, at) => at % 251);
  const source = bytesSource(bytes);
  expect(source.size).toBe(bytes.length);
  for (const _ of [1, 2]) {
    const pieces: Uint8Array[] = [];
    for await (const piece of source.open()) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  }
  await expect(source.close()).resolves.toBeUndefined();
});

it("lets others in between two pieces", async () => {
  const order: string[] = [];
  setImmediate(() => order.push("another"));
  for await (const _ of bytesSource(new Uint8Array(2 * PIECE)).open()) order.push("piece");
  expect(order).toEqual(["piece", "another", "piece"]);
});

it("the settings' caps on a file go by the reader's names", () => {
  const settings = {
    MICROTONNE_MAX_INPUT_BYTES: "1001",
    MICROTONNE_MAX_ROW_BYTES: "102",
    MICROTONNE_MAX_INFLATION_RATIO: "13",
  };
  expect(capsOf(parseConfig(settings))).toEqual({ inputBytes: 1001, rowCharacters: 102, inflationRatio: 13 });
});
