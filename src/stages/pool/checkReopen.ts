import { StateError } from "../../base/errors/errors.ts";
import type { BatchState, CheckReopen } from "./ports.ts";

/** A commit is under way or final. */
const BEGUN: ReadonlySet<BatchState> = new Set(["committing", "committed", "minting", "minted"]);

/**
 * A sealed batch may be given up until its commit begins, and the newest first: each manifest names the batch
 * before it, so one that another follows would leave that one without its place.
 * @throws StateError `reopen.committed`, `reopen.closing`, `reopen.order`
 */
export const checkReopen: CheckReopen = ({ batchId, state, newest, isClosing }) => {
  if (BEGUN.has(state))
    throw new StateError(
      "reopen.committed",
      `Batch ${batchId} is ${state}, so it stands or may stand on chain and is not reopened. Where ` +
        `the chain ` +
        "refused its commit, minting it makes it sealed again.",
      { remedy: { act: "mint-batch", batchId } },
    );
  if (isClosing)
    throw new StateError(
      "reopen.closing",
      `A close that was cut off follows batch ${batchId}. Finish it by the same close, then reopen ` +
        "what it sealed first.",
    );
  if (newest !== batchId)
    throw new StateError(
      "reopen.order",
      `Batch ${newest ?? "none"} was closed after batch ${batchId} and follows it. Reopen the newest first.`,
      { remedy: { act: "reopen-batch", batchId: newest } },
    );
};
