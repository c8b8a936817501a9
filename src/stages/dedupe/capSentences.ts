import type { CapCode } from "./ports.ts";

/** What each code of a cap says to people. */
export const CAP_SENTENCES: Readonly<Record<CapCode, string>> = {
  "cap.subject-day":
    "The methodology caps what a subject earns in a day, and what was admitted before has used it up.",
  "cap.subject-year":
    "The methodology caps what a subject earns in a year, and what was admitted before has used it up.",
  "cap.programme-year":
    "The methodology caps what all earn in a year, and what was admitted before has used it up.",
};
