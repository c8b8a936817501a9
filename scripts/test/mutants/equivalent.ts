/** A mutant that no test can notice, because what the code does stays the same. */
export interface Equivalent {
  /** Of the source, from the project's root. */
  readonly file: string;
  /** The text that the mutant replaces; no line numbers, since those move. */
  readonly code: string;
  /** The line that it begins on, trimmed, where the same text stands in the file more than once. */
  readonly line?: string;
  readonly replacement: string;
  /** Why nobody could see the difference. */
  readonly reason: string;
}
