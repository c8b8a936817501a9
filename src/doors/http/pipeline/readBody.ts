import type { Request } from "express";
import { MicrotonneError } from "../../../base/errors/errors.ts";
import { HttpError } from "./httpError.ts";

/**
 * A request's body, whole. What is over the cap is refused as soon as that is known, without waiting for its
 * end: it may have none.
 * @param take told of each part before it is kept; what it throws refuses the rest
 * @throws HttpError 413 `request.too-large`, 400 `request.aborted`
 */
export async function readBody(
  request: Request,
  cap: number,
  take: (length: number) => void,
): Promise<Uint8Array> {
  if (Number(request.get("Content-Length") ?? 0) > cap) throw tooLarge();
  const parts: Buffer[] = [];
  let length = 0;
  try {
    // The request outlives its refusal: the answer goes over the same connection.
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > cap) throw tooLarge();
      take(part.length);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof MicrotonneError) throw error;
    throw new HttpError("request.aborted", "The body ended early.");
  }
  const whole = Buffer.concat(parts, length);
  // Small ones share a buffer with others; large ones are not copied twice.
  return whole.buffer.byteLength === length ? new Uint8Array(whole.buffer) : new Uint8Array(whole);
}

function tooLarge(): HttpError {
  return new HttpError(
    "request.too-large",
    "The body is larger than one request may be. Send it as an upload, in pieces: POST " +
      "/v1/activities/uploads",
  );
}
