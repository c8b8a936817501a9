import { expect, it } from "vitest";
import type { HttpError } from "../../../../../src/doors/http/pipeline/httpError.ts";
import { parseBody } from "../../../../../src/doors/http/pipeline/parseBody.ts";
import { statusOf } from "../../../../../src/doors/http/pipeline/statusOf.ts";

const parsed = (text: string): unknown => parseBody(new TextEncoder().encode(text));
const refusal = (text: string) => {
  try {
    return parsed(text);
  } catch (error) {
    const { code, message } = error as HttpError;
    return { status: statusOf(error), code, message };
  }
};
const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const list = (elements: number): string => `[${Array(elements).fill("1").join()}]`;

it("a body is read as deep and as wide as it may be, and not one level or value more", () => {
  expect(refusal(nested(32))).toBeInstanceOf(Array);
  expect(refusal(nested(33))).toMatchObject({
    status: 400,
    code: "request.json-depth",
    message: "The body is nested more than 32 levels deep. Send it as the document says: GET /docs",
  });
  expect(refusal(list(5_000))).toHaveLength(5_000);
  expect(refusal(list(5_001))).toMatchObject({
    status: 413,
    code: "request.json-values",
    message: expect.stringMatching(
      /more than 5000 members and elements.* POST \/v1\/activities\.$/,
    ) as string,
  });
});

it("a member that stands twice is named, and no more of it than forty characters", () => {
  expect(refusal('{"a":{"b":1},"b":{"a":1}}')).toEqual({ a: { b: 1 }, b: { a: 1 } });
  expect(refusal('{"a":1,"a":2}')).toMatchObject({
    status: 400,
    code: "request.json-repeated",
    message: 'The body names "a" twice in one object. Name each member once.',
  });
  const long = "n".repeat(41);
  expect(refusal(`{"${long}":1,"${long}":2}`)).toMatchObject({
    message: expect.stringContaining(`"${"n".repeat(40)}"`) as string,
  });
});

it.each(['"', '{"a":"', "[1", "", '"a\\u0000"', '{"a":["\\u0000"]}'])("%j is no body", (text) => {
  expect(refusal(text)).toMatchObject({
    status: 400,
    code: "request.json",
    message: "The body is no JSON in UTF-8, or has a NUL character in a text. Send one JSON value.",
  });
});

it("what is no UTF-8 is no body either", () => {
  expect(() => parseBody(new Uint8Array([0x22, 0xff, 0x22]))).toThrow("no JSON in UTF-8");
});
