import {
  CheckFailedError,
  InputError,
  LimitError,
  MicrotonneError,
  StateError,
  UnavailableError,
  UnknownError,
  UsageError,
} from "../../../base/errors/errors.ts";
import { TusError } from "./httpError.ts";

/**
 * Codes whose status is not their class's: refusals of this door, and what HTTP has a status of its own for.
 */
const STATUS_OF_CODE: ReadonlyMap<string, number> = new Map([
  ["event.id", 400],
  ["idempotency.key", 400],
  ["request.aborted", 400],
  ["request.host", 400],
  ["request.json", 400],
  ["request.json-depth", 400],
  ["request.json-repeated", 400],
  ["request.malformed", 400],
  ["request.pipelined", 400],
  ["request.schema", 400],
  ["request.signature", 400],
  ["upload.length", 400],
  ["upload.metadata", 400],
  ["access.unauthenticated", 401],
  ["access.role", 403],
  ["record.not-in-batch", 404],
  ["route.unknown", 404],
  ["request.timeout", 408],
  ["event.ahead", 409],
  ["idempotency.running", 409],
  ["upload.complete", 409],
  ["input.over-cap", 413],
  ["request.json-values", 413],
  ["request.rows", 413],
  ["request.too-large", 413],
  ["request.encoding", 415],
  ["request.type", 415],
  ["request.expectation", 417],
  ["idempotency.other-request", 422],
  ["limit.requests", 429],
  ["limit.unauthenticated", 429],
  ["request.head-too-large", 431],
  ["upload.concat", 501],
]);

/** Of a class and of those below it: the first that fits. */
const STATUS_OF_CLASS = [
  [UnknownError, 404],
  [UsageError, 400],
  [InputError, 422],
  [CheckFailedError, 422],
  [StateError, 409],
  [LimitError, 429],
  [UnavailableError, 503],
] as const;

/** The status of an error: the one place where codes and classes meet HTTP; 500 of what was not foreseen. */
export function statusOf(error: unknown): number {
  if (error instanceof TusError) return error.status;
  return (
    (error instanceof MicrotonneError ? STATUS_OF_CODE.get(error.code) : undefined) ??
    STATUS_OF_CLASS.find(([kind]) => error instanceof kind)?.[1] ??
    500
  );
}
