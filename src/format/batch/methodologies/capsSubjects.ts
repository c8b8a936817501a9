import type { PeriodCaps } from "../../../base/types/reduction.ts";

/** Whether caps bound what a subject earns: then nothing counts under them that names none. */
export function capsSubjects({ subjectDay, subjectYear }: PeriodCaps): boolean {
  return subjectDay !== null || subjectYear !== null;
}
