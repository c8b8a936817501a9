import type { BatchState } from "./ports.ts";

const COMMITTED: ReadonlySet<BatchState | null> = new Set(["committed", "minting", "minted"]);

/** Whether the chain has a batch: not while a commit is under way, which may still fail. */
export function isCommitted(state: BatchState | null): boolean {
  return COMMITTED.has(state);
}
