import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { answerBroken } from "../../../../../src/doors/http/pipeline/answerBroken.ts";

it.each([
  ["ERR_HTTP_REQUEST_TIMEOUT", 408, "request.timeout", "Send it again."],
  ["HPE_HEADER_OVERFLOW", 431, "request.head-too-large", "Send fewer or shorter headers."],
  ["HPE_INVALID_METHOD", 400, "request.malformed", "Send it by an HTTP client."],
])("what never becomes a request is answered: %s", async (code, status, told, how) => {
  const socket = new PassThrough();
  answerBroken(Object.assign(new Error("broken"), { code }), socket);
  const answer = await text(socket);
  expect(answer.startsWith(`HTTP/1.1 ${String(status)} `)).toBe(true);
  expect(answer).toContain(`"code":"${told}"`);
  expect(answer).toContain(how);
});
