import { randomUUID } from "node:crypto";
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { HttpError } from "./httpError.ts";
import { PROBLEM_TYPE, problemFor } from "./problems.ts";

/** Answers what never becomes a request: its head is no HTTP, is too large, or does not come. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { _httpMessage: begun } = socket as Duplex & { readonly _httpMessage?: { headersSent: boolean } };
  // Behind an answer that has begun, nothing can be said any more.
  if (error.code === "ECONNRESET" || !socket.writable || begun?.headersSent === true) {
    socket.destroy();
    return;
  }
  const { headers, body, status } = bareAnswer(refusalOf(error.code ?? ""));
  const lines = Object.entries({ ...headers, Connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${body}`,
  );
}

/** Refuses an `Expect` other than 100-continue. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const refusal = new HttpError(
    "request.expectation",
    "The header Expect may only ask for 100-continue. Leave it out.",
  );
  const { headers, body, status } = bareAnswer(refusal);
  response.writeHead(status, headers).end(body);
}

function refusalOf(code: string): HttpError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new HttpError(
        "request.head-too-large",
        "The request's head is larger than 16 KiB. Send fewer or shorter headers.",
      );
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpError(
        "request.timeout",
        "The request did not come in time: its head within 10 s, its body within 30 minutes. Send it again.",
      );
    default:
      return new HttpError("request.malformed", "This is no HTTP/1.1 request. Send it by an HTTP client.");
  }
}

function bareAnswer(refusal: HttpError): { status: number; headers: Record<string, string>; body: string } {
  const requestId = randomUUID();
  const problem = problemFor(refusal, requestId, { folder: "" });
  const body = JSON.stringify(problem);
  return {
    status: problem.status,
    headers: {
      "Content-Type": PROBLEM_TYPE,
      "Content-Length": String(Buffer.byteLength(body)),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      "X-Request-Id": requestId,
    },
    body,
  };
}
