import type { Request } from "express";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { readBody } from "../../../../../src/doors/http/pipeline/readBody.ts";

const requestOf = (parts: AsyncIterable<Buffer>): Request =>
  Object.assign(Readable.from(parts), { get: () => undefined }) as unknown as Request;

it("a body that ends early is refused as that", async () => {
  async function* cut(): AsyncIterable<Buffer> {
    yield await Promise.resolve(Buffer.from("half"));
    throw new Error("aborted");
  }
  await expect(readBody(requestOf(cut()), 100, () => undefined)).rejects.toMatchObject({
    code: "request.aborted",
    status: 400,
    message: "The body ended early.",
  });
});
