/** A small wrong change of a contract that some test must notice. */
export interface Mutant {
  /** Of the contract, from the project's root. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly search: string;
  readonly replacement: string;
}

/**
 * Mutants of one part of the contracts, and the tests that are about it: those alone are run, TypeScript
 * first.
 */
export interface MutantList {
  /** Test files of vitest, from the project's root; may be none. */
  readonly typescript: readonly string[];
  /** Solidity test files and the handlers that they target, from the project's root; may be none. */
  readonly solidity: readonly string[];
  readonly mutants: readonly Mutant[];
}
