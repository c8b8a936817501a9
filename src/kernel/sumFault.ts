/**
 * What makes a sum tree impossible. The node is the one at `index` of level `level`, counted from the level
 * that a function was given: 0 are its leaves or nodes, 1 their parents.
 */
export interface SumFault {
  /** A size of zero, or one of 2^63 and more. */
  readonly kind: "zero-size" | "too-large";
  readonly level: number;
  readonly index: number;
}
