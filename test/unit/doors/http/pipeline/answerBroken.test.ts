import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerBroken, refuseExpectation } from "../../../../../src/doors/http/pipeline/answerBroken.ts";

const failed = (code: string) => Object.assign(new Error("broken"), { code });

describe("what never becomes a request", () => {
  it.each([
    ["ERR_HTTP_REQUEST_TIMEOUT", "408 Request Timeout", "request.timeout", "Send it again."],
    [
      "HPE_HEADER_OVERFLOW",
      "431 Request Header Fields Too Large",
      "request.head-too-large",
      "Send fewer or shorter headers.",
    ],
    ["HPE_INVALID_METHOD", "400 Bad Request", "request.malformed", "Send it by an HTTP client."],
  ])("is answered as a problem: %s", async (code, status, told, how) => {
    const socket = new PassThrough();
    answerBroken(failed(code), socket);
    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
    const [line, ...headers] = head.split("\r\n");
    expect(line).toBe(`HTTP/1.1 ${status}`);
    const problem = JSON.parse(body) as { code: string; detail: string; requestId: string };
    expect(problem.code).toBe(told);
    expect(problem.detail).toContain(how);
    expect(headers.toSorted()).toEqual([
      "Cache-Control: no-store",
      "Connection: close",
      `Content-Length: ${String(body.length)}`,
      "Content-Type: application/problem+json",
      "X-Content-Type-Options: nosniff",
      `X-Request-Id: ${problem.requestId}`,
    ]);
  });

  it.each([
    ["its client has gone", "ECONNRESET", {}, false],
    ["an answer has begun", "HPE_INVALID_METHOD", { _httpMessage: { headersSent: true } }, false],
    ["nothing can be written any more", "HPE_INVALID_METHOD", {}, true],
  ])("is left without an answer where %s", (_why, code, more, isEnded) => {
    const socket = Object.assign(new PassThrough(), more);
    if (isEnded) socket.end();
    answerBroken(failed(code), socket);
    expect(socket.destroyed).toBe(true);
    expect(socket.read()).toBeNull();
  });

  it("is answered where an earlier answer has not begun", async () => {
    const socket = Object.assign(new PassThrough(), { _httpMessage: { headersSent: false } });
    answerBroken(failed("HPE_INVALID_METHOD"), socket);
    expect(await text(socket)).toContain("request.malformed");
  });
});

describe("a request that expects more than to go on", () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer().on("checkExpectation", refuseExpectation).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => server.close());

  it("is refused as a problem", async () => {
    const { port } = server.address() as AddressInfo;
    const asked = request({ port, host: "127.0.0.1", headers: { Expect: "a-miracle" }, agent: false });
    asked.end();
    const [response] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
    const problem = JSON.parse(await text(response)) as Record<string, unknown>;
    expect(response.statusCode).toBe(417);
    expect(response.headers["content-type"]).toBe("application/problem+json");
    expect(problem).toMatchObject({
      status: 417,
      code: "request.expectation",
      detail: "The header Expect may only ask for 100-continue. Leave it out.",
    });
    expect(response.headers["x-request-id"]).toBe(problem["requestId"]);
  });

  it("and a head that is none is answered over its own connection", async () => {
    server.on("clientError", answerBroken);
    const { port } = server.address() as AddressInfo;
    const socket: Socket = connect(port, "127.0.0.1");
    socket.write("NO HTTP\r\n\r\n");
    expect(await text(socket)).toContain("request.malformed");
  });
});
