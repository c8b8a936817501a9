// Nothing but permutations: what hashing is measured against.
import { permuteOne, permuteThree } from "../../../src/kernel/assembly/permutation";

/** Permutes three states `count` times. */
export function permuteThrees(count: i32): void {
  for (let i: i32 = 0; i < count; i++) permuteThree();
}

/** Permutes one state `count` times. */
export function permuteOnes(count: i32): void {
  for (let i: i32 = 0; i < count; i++) permuteOne();
}
