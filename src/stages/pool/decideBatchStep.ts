import { StateError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { BatchEvent, BatchState, BatchStep } from "./ports.ts";

/** The states of a sealed batch, in the order of its life. */
const LIFE: readonly BatchState[] = ["sealed", "committing", "committed", "minting", "minted"];
const rank = (state: BatchState): number => LIFE.indexOf(state);

/** What a batch must be before a step, while it is under way. */
const STEPS = {
  commit: { before: "sealed", underWay: "committing" },
  mint: { before: "committed", underWay: "minting" },
} as const;

/**
 * Where something that happened takes a batch, and which of its events (`batch.committed`, `batch.minted`)
 * integrators are told for the first time on this way. Whatever happens again changes nothing. A batch that
 * is further than the chain just showed stays: its commit was lost in a reorg and came again behind its mint.
 * @param state null where no such batch is here
 * @throws StateError `batch.state` where a step begins or fails that the batch can't take
 */
export function decideBatchStep(batchId: BatchId, state: BatchState | null, event: BatchEvent): BatchStep {
  const to = nextState(state, event);
  if (state === null || to === null) {
    throw new StateError(
      "batch.state",
      `Batch ${batchId} is ${state ?? "not here"}, so ${wordsOf(event)}. Run the command again.`,
    );
  }
  const told = (["committed", "minted"] as const).filter(
    (passed) => rank(state) < rank(passed) && rank(passed) <= rank(to),
  );
  return { to, told };
}

function nextState(state: BatchState | null, event: BatchEvent): BatchState | null {
  if (state === null || !LIFE.includes(state)) return null;
  if (event.kind === "shown") return rank(state) > rank(event.state) ? state : event.state;
  const { before, underWay } = STEPS[event.step];
  if (state !== before && state !== underWay) return null;
  return event.kind === "begun" ? underWay : before;
}

function wordsOf(event: BatchEvent): string {
  if (event.kind === "shown") return `it can't be ${event.state} on chain`;
  return event.kind === "begun" ? `its ${event.step} can't begin` : `its ${event.step} can't have failed`;
}
