import type { NextFunction, Request, Response } from "express";
import type { Socket } from "node:net";
import { HttpError } from "./httpError.ts";

/** A client that sends on without waiting for answers has all of these begun at once. */
const MAX_PIPELINED = 16;

/** Refuses requests that come on a connection whose earlier ones are not answered. */
export function limitPipelining(): (request: Request, response: Response, next: NextFunction) => void {
  const begun = new WeakMap<Socket, number>();
  return ({ socket }, response, next) => {
    const count = (begun.get(socket) ?? 0) + 1;
    begun.set(socket, count);
    response.once("close", () => begun.set(socket, (begun.get(socket) ?? 1) - 1));
    if (count <= MAX_PIPELINED) next();
    else
      next(
        new HttpError(
          "request.pipelined",
          `More than ${String(MAX_PIPELINED)} requests wait on this connection. Read the answers ` +
            "before you send more.",
          { Connection: "close" },
        ),
      );
  };
}
