import type { Remedy } from "./remedy.ts";

/**
 * One class tree for everything that is thrown on purpose. A message is one or more full sentences that say
 * what was wrong, where (file, row, field) and what to do; `code` is for machines. What to do in the words of
 * a door (a command, a route) is `remedy`, which the door says behind the message. Exit codes are mapped in
 * `doors/cli/exitCode.ts`, statuses in `doors/http/pipeline/statusOf.ts`. No message ever carries a subject's
 * identifier or a secret.
 */
export abstract class MicrotonneError extends Error {
  readonly code: string;
  readonly remedy: Remedy | null;
  constructor(code: string, message: string, options: { cause?: unknown; remedy?: Remedy | null } = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy ?? null;
  }
}

/** The caller asked for something that does not exist or makes no sense: options, settings, names. */
export class UsageError extends MicrotonneError {}

/** Nothing here has the name or id that was given. */
export class UnknownError extends UsageError {}

/** Bytes from outside break a rule: a profile, a file, a manifest, a setting's value. */
export class InputError extends MicrotonneError {}

/** A check ran and its answer is no: a proof, a quorum, a batch, an invariant. */
export class CheckFailedError extends MicrotonneError {}

/**
 * The request is well formed but the state does not allow it (nothing open, not enough credits, already
 * closed).
 */
export class StateError extends MicrotonneError {}

/** A part that we depend on did not do its work: database, chain node, disk. Trying again may help. */
export class UnavailableError extends MicrotonneError {}

/** The caller has used up its share for now: waiting requests, streams, bytes. */
export class LimitError extends UnavailableError {}
