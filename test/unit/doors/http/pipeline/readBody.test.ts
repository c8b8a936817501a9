import type { Request } from "express";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { readBody } from "../../../../../src/doors/http/pipeline/readBody.ts";
import { LimitError } from "../../../../../src/base/errors/errors.ts";

const requestOf = (parts: AsyncIterable<Buffer> | Buffer[], length?: number): Request =>
  Object.assign(Readable.from(parts), {
    get: (name: string) => (name === "Content-Length" && length !== undefined ? String(length) : undefined),
  }) as unknown as Request;
const TOO_LARGE = {
  code: "request.too-large",
  message:
    "The body is larger than one request may be. Send it as an upload, in pieces: POST " +
    "/v1/activities/uploads",
};

it("a body that ends early is refused as that", async () => {
  async function* cut(): AsyncIterable<Buffer> {
    yield await Promise.resolve(Buffer.from("half"));
    throw new Error("aborted");
  }
  await expect(readBody(requestOf(cut()), 100, () => undefined)).rejects.toMatchObject({
    code: "request.aborted",
    message: "The body ended early.",
  });
});

it("a body up to the cap is read whole, each part told before it is kept", async () => {
  const told: number[] = [];
  const parts = ["abc", "de", "fghij"].map((text) => Buffer.from(text));
  const bytes = await readBody(requestOf(parts, 10), 10, (length) => told.push(length));
  expect(Buffer.from(bytes).toString()).toBe("abcdefghij");
  expect(told).toEqual([3, 2, 5]);
  const large = Buffer.alloc(100_000, "x");
  expect(await readBody(requestOf([large]), 100_000, () => undefined)).toEqual(new Uint8Array(large));
  expect(await readBody(requestOf([]), 0, () => undefined)).toEqual(new Uint8Array());
});

it("a body above the cap is refused by its announced length, or by the part that goes over it", async () => {
  const told: number[] = [];
  const take = (length: number) => void told.push(length);
  await expect(readBody(requestOf([Buffer.from("abc")], 11), 10, take)).rejects.toMatchObject(TOO_LARGE);
  expect(told).toEqual([]);
  const parts = [Buffer.alloc(6), Buffer.alloc(5)];
  await expect(readBody(requestOf(parts), 10, take)).rejects.toMatchObject(TOO_LARGE);
  expect(told).toEqual([6]);
});

it("what refuses a part refuses the body", async () => {
  const refusal = new LimitError("limit.bodies", "Too much.");
  const take = (): void => {
    throw refusal;
  };
  await expect(readBody(requestOf([Buffer.from("abc")]), 10, take)).rejects.toBe(refusal);
});
