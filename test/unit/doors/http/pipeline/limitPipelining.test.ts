import { EventEmitter } from "node:events";
import type { Request, Response } from "express";
import { expect, it } from "vitest";
import { limitPipelining } from "../../../../../src/doors/http/pipeline/limitPipelining.ts";

it("sixteen requests may wait on a connection; an answer makes room for another one", () => {
  const limit = limitPipelining();
  const [socket, other] = [{}, {}];
  const send = (on: object): { refusal: unknown; response: EventEmitter } => {
    const response = new EventEmitter();
    let refusal: unknown;
    limit({ socket: on } as unknown as Request, response as unknown as Response, (error?: unknown) => {
      refusal = error;
    });
    return { refusal, response };
  };
  const sent = Array.from({ length: 16 }, () => send(socket));
  expect(sent.map(({ refusal }) => refusal)).toEqual(Array(16).fill(undefined));
  const [first, second] = sent;
  const refused = send(socket);
  expect(refused.refusal).toMatchObject({
    code: "request.pipelined",
    message: "More than 16 requests wait on this connection. Read the answers before you send more.",
    headers: { Connection: "close" },
  });
  expect(send(other).refusal).toBeUndefined();
  // The refused one waits too, until it is answered.
  first?.response.emit("close");
  expect(send(socket).refusal).toMatchObject({ code: "request.pipelined" });
  refused.response.emit("close");
  second?.response.emit("close");
  expect(send(socket).refusal).toBeUndefined();
});
