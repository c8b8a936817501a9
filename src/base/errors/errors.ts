/**
 * One class tree for everything that is thrown on purpose. A message is one or more full sentences that say
 * what was wrong, where (file, row, field) and what to do; `code` is for machines. Exit codes are mapped in
 * `doors/cli/exitCode.ts`. No message ever carries a subject's identifier or a secret.
 */
export abstract class MicrotonneError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The caller asked for something that does not exist or makes no sense: options, settings, names. */
export class UsageError extends MicrotonneError {}

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
