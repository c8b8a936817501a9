import type { Equivalent } from "../equivalent.ts";

export const equivalents: readonly Equivalent[] = [
  {
    file: "src/app/proofs/withAllLeaves.ts",
    code: "file.retirement?.disclosed",
    replacement: "file.retirement.disclosed",
    reason:
      "Spans stand in proofs of retirements alone, and the file's schema refuses one without its record.",
  },
];
