import { createHash } from "node:crypto";
import type { Request } from "express";
import { answerOnce, type KeptAnswer } from "../../../app/service/answerOnce.ts";
import type { Context } from "../../../app/context.ts";
import { HttpError } from "./httpError.ts";

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The caller's key, or null. @throws HttpError 400 `idempotency.key` */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.get("Idempotency-Key");
  if (key === undefined) return null;
  if (!KEY.test(key))
    throw new HttpError(
      "idempotency.key",
      "An Idempotency-Key has 1 to 255 printable ASCII characters without spaces.",
    );
  return key;
}

/**
 * Runs a request at most once under its caller's key, with Stripe's rules: the same key with the same request
 * gets the answer that was kept, with another request 422, while the first one runs 409.
 * @throws HttpError 409 `idempotency.running`, 422 `idempotency.other-request`; else as `work`
 */
export async function withIdempotency(
  context: Context,
  key: string,
  request: {
    readonly method: string;
    readonly url: string;
    readonly bytes: Uint8Array;
    readonly headers: readonly string[];
  },
  work: () => Promise<KeptAnswer>,
): Promise<{ answer: KeptAnswer; replayed: boolean }> {
  const { method, url, bytes, headers } = request;
  const requestHash = new Uint8Array(
    createHash("sha256")
      .update(`${method} ${url}\n${headers.join("\n")}\n`)
      .update(bytes)
      .digest(),
  );
  const outcome = await answerOnce(context, { key, requestHash }, work);
  if ("answer" in outcome) return { answer: outcome.answer, replayed: outcome.state === "answered" };
  if (outcome.state === "running") {
    throw new HttpError(
      "idempotency.running",
      "A request with this Idempotency-Key is under way. Ask again when it has been answered.",
      {
        "Retry-After": "1",
      },
    );
  }
  throw new HttpError(
    "idempotency.other-request",
    "This Idempotency-Key was used for another request. Use a new key for a new request, or send the " +
      "same one again.",
  );
}
