import type { Equivalent } from "../equivalent.ts";

export const equivalents: readonly Equivalent[] = [
  {
    file: "src/stages/outbox/hasLanded.ts",
    code: "term.toLowerCase()",
    replacement: "term.toUpperCase()",
    reason: "Both terms are put into one case before they are compared, whichever it is.",
  },
  {
    file: "src/stages/ingest/fields/timeFormat.ts",
    code: "end < 0",
    replacement: "end <= 0",
    reason: "A run of letters ends behind its first one: it never ends at 0.",
  },
];
