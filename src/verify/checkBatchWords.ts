import { checkAccounts, coveredMilligrams, type BatchAccounts } from "../format/accounting.ts";
import type { BatchWords } from "../format/storageLayout.ts";
import { NO_STRIKES, strikesHashOf, type Strike } from "../format/strikes.ts";
import type { BatchId } from "../base/types/ids.ts";
import type { Milligrams } from "../base/types/quantities.ts";
import type { CheckedPart } from "./checkPart.ts";
import { refuse } from "./refuse.ts";

/** What the chain says about a batch that a proof shows leaves of. */
export interface AnchoredBatch {
  readonly words: BatchWords;
  /** Struck milligrams that serial substitution makes good. */
  readonly covered: Milligrams;
}

/**
 * Compares a batch's storage words with its manifest and with the list of strikes.
 * @param batch `strikes` null: no list is at hand to compare
 * @param retiredTo end of the retired range, which must lie below the registry's cursor; null where nothing is said to be retired
 * @throws CheckFailedError `verify.not-committed`, `verify.batch-root`, `verify.batch-total`, `verify.batch-leaves`,
 * `verify.batch-operator`, `verify.batch-vintage`, `verify.batch-region`, `verify.batch-claim-period`, `verify.strikes`, `verify.struck`,
 * `verify.not-minted`, `verify.not-retired`, `accounts.identity`
 */
export function checkBatchWords(
  { batchId, manifest, strikes }: Pick<CheckedPart, "batchId" | "manifest"> & { readonly strikes: readonly Strike[] | null },
  words: BatchWords,
  retiredTo: bigint | null,
): AnchoredBatch {
  if (words.status === "none") refuse("not-committed", `The batch registry does not know batch ${batchId}.`);
  const { vintage } = manifest;
  const compared: [fault: string, what: string, onChain: unknown, inManifest: unknown][] = [
    ["batch-root", "root", words.root, manifest.root],
    ["batch-total", "total", words.total, manifest.totalMilligrams],
    ["batch-leaves", "leaf count", words.leafCount, manifest.leafCount],
    ["batch-operator", "operator", words.operator, manifest.operator],
    ["batch-vintage", "first day", words.vintageStartDay, vintage.startDay],
    ["batch-vintage", "last day", words.vintageEndDay, vintage.endDay],
    ["batch-region", "region", words.region, manifest.region],
    ["batch-claim-period", "claim period", words.claimPeriodDays, manifest.claimPeriodDays],
  ];
  for (const [fault, what, onChain, inManifest] of compared) {
    if (onChain !== inManifest) {
      refuse(fault, `The ${what} of batch ${batchId} is ${String(onChain)} in the registry and ${String(inManifest)} in its manifest.`);
    }
  }
  if (strikes !== null) checkStrikes(batchId, strikes, words);
  checkAccounts(accountsOf(words));
  if (retiredTo !== null) {
    if (words.status !== "minted") refuse("not-minted", `Batch ${batchId} is not minted, so nothing of it can be retired.`);
    if (words.retired < retiredTo) {
      refuse(
        "not-retired",
        `Batch ${batchId} is retired up to ${words.retired.toString()} mg; the range in the file ends at ${retiredTo.toString()} mg.`,
      );
    }
  }
  return { words, covered: coveredMilligrams(words) };
}

function checkStrikes(batchId: BatchId, strikes: readonly Strike[], words: BatchWords): void {
  if (strikesHashOf(strikes) !== words.strikesHash) {
    const none = words.strikesHash === NO_STRIKES ? " (the registry has none)" : "";
    refuse("strikes", `The list of struck leaves of batch ${batchId} in the file is not the one that the registry keeps${none}.`);
  }
  const struck = strikes.reduce((sum, { start, end }) => sum + end - start, 0n);
  if (struck !== words.struck) {
    refuse(
      "struck",
      `The struck leaves of batch ${batchId} add up to ${struck.toString()} mg; the registry says ${words.struck.toString()} mg.`,
    );
  }
}

/** The books alone: all masses, nothing else. */
function accountsOf({ total, minted, unminted, struck, shortfall, replaced, retired, buffer }: BatchWords): BatchAccounts {
  return { total, minted, unminted, struck, shortfall, replaced, retired, buffer };
}
