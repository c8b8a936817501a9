import type { HalfArchiveFacts, HalfArchiveState } from "./ports.ts";

/**
 * What is written to, or was a moment ago, is left alone: a draft is `young` while it may yet be published,
 * and `locked` while its writer lives. All else is of no more use.
 */
export function halfArchiveState({ changedAt, before, isLocked }: HalfArchiveFacts): HalfArchiveState {
  if (changedAt >= before) return "young";
  return isLocked ? "locked" : "stale";
}
