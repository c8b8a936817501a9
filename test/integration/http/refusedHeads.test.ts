import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { problemSchema } from "../../../src/doors/http/pipeline/problems.ts";
import { onEachService } from "./support/service.ts";

/** What comes back on a connection on which this is sent, until it ends. */
function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = "";
    socket.on("data", (bytes: Buffer) => {
      answer += bytes.toString("utf8");
      if (answer.endsWith("}")) socket.end();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}

describe("what never becomes a request", () => {
  onEachService((bench) => {
    it.each([
      ["no HTTP", "GET\r\n\r\n", 400, "request.malformed"],
      ["an unknown method", "BREW /coffee HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request.malformed"],
      [
        "two lengths",
        "POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        400,
        "request.malformed",
      ],
      ["a control character in the path", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "request.malformed"],
      ["no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400, "request.host"],
      [
        "an expectation",
        "POST /v1/batches HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n",
        417,
        "request.expectation",
      ],
      [
        "a head of 40 KB",
        `GET / HTTP/1.1\r\nHost: x\r\n${`X-A: ${"y".repeat(1000)}\r\n`.repeat(40)}\r\n`,
        431,
        "request.head-too-large",
      ],
    ])("%s is refused as a problem", async (_name, text, status, code) => {
      const answer = await sendRaw(bench.url(), text);
      const [head = "", body = ""] = answer.split("\r\n\r\n");
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} `));
      expect(head).toMatch(/^content-type: application\/problem\+json/im);
      const problem = problemSchema.strict().parse(JSON.parse(body));
      expect(problem).toMatchObject({ status, code, type: `urn:microtonne:problem:${code}` });
      expect(head.toLowerCase()).toContain(`x-request-id: ${problem.requestId}`);
    });
  });
});
