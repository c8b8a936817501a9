import type { Equivalent } from "../equivalent.ts";

export const equivalents: readonly Equivalent[] = [
  {
    file: "src/stages/outbox/hasLanded.ts",
    code: "term.toLowerCase()",
    replacement: "term.toUpperCase()",
    reason: "Both terms are put into one case before they are compared, whichever it is.",
  },
];
