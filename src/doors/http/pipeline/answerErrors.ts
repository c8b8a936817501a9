import type { NextFunction, Request, Response } from "express";
import type { Service } from "../../../app/service/serviceOf.ts";
import { MicrotonneError } from "../../../base/errors/errors.ts";
import { outOfRoom } from "../../../base/errors/outOfRoom.ts";
import { delayRateLimited } from "./delayRateLimited.ts";
import { HttpError } from "./httpError.ts";
import { PROBLEM_TYPE, problemFor, requestIdOf } from "./problems.ts";
import { SchemaError } from "./schemaError.ts";

/**
 * So long may a client whose request was refused go on sending its body; it should have read the refusal by
 * then.
 */
const LINGER_MILLISECONDS = 2_000;

/** The error handler behind all routes: every refusal leaves as problem+json. */
export function answerErrors(service: Service) {
  return async (error: unknown, request: Request, response: Response, _next: NextFunction): Promise<void> => {
    const known = fromExpress(error);
    const problem = problemFor(
      known,
      requestIdOf(response),
      service.root.config,
      known instanceof SchemaError ? { errors: [...known.errors] } : {},
    );
    // 501: asked for what is not done here.
    if (problem.status >= 500 && problem.status !== 501)
      service.root.log.error(
        { requestId: problem.requestId, code: problem.code, err: known },
        "a request broke",
      );
    await delayRateLimited(problem.status);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (!request.complete) {
      const { socket } = request;
      setTimeout(() => request.complete || socket.destroy(), LINGER_MILLISECONDS).unref();
    }
    const headers =
      known instanceof HttpError
        ? known.headers
        : problem.status === 503 || problem.status === 429
          ? { "Retry-After": "2" }
          : {};
    response.status(problem.status).set(headers).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  };
}

/** Errors of express' own parts and of the disk, in our words. */
function fromExpress(error: unknown): unknown {
  if (error instanceof MicrotonneError) return error;
  const full = outOfRoom(error);
  if (full) return full;
  const { status } = (error ?? {}) as { status?: number };
  if (error instanceof URIError || (status === 400 && error instanceof Error))
    return new HttpError("request.malformed", "The request can't be read.");
  return error;
}
