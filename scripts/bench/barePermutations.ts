import { webAssembly } from "../../src/kernel/webAssembly.ts";
import { compileAssembly } from "../generate/compileAssembly.ts";
import type { Contender } from "./measure.ts";

const MANY = 81_920;
const ENTRY = "scripts/bench/assembly/permutations.ts";
interface Permutations {
  readonly permuteThrees: (count: number) => void;
  readonly permuteOnes: (count: number) => void;
}

/** The kernel's permutation in a bare loop, three states at a time and one: nothing hashes faster. */
export function barePermutations(): [three: Contender, one: Contender] {
  const module = new webAssembly.Module(compileAssembly(ENTRY, { simd: true }));
  const { permuteThrees, permuteOnes } = new webAssembly.Instance(module).exports as Permutations;
  return [
    {
      name: "bare, three states at a time",
      count: 3 * MANY,
      run: () => {
        permuteThrees(MANY);
      },
    },
    {
      name: "bare, one state at a time",
      count: MANY,
      run: () => {
        permuteOnes(MANY);
      },
    },
  ];
}
