import { checkAccounts, coveredMilligrams } from "../../format/batch/accounting.ts";
import { methodologiesHash, type StatedManifest } from "../../format/onchain/batchStatement.ts";
import { termsHashOf } from "../../format/onchain/termsHash.ts";
import { bufferMilligramsDown } from "../../format/batch/manifest.ts";
import { provenanceHashOf, type BatchStatus, type BatchWords } from "../../format/onchain/storageLayout.ts";
import { NO_STRIKES, strikesHashOf, type Strike } from "../../format/batch/strikes.ts";
import type { Address, BatchId, Hex } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { ChainBatch } from "./chainState.ts";
import type { CheckedPart } from "../parts/checkPart.ts";
import { refuse } from "../refuse.ts";

/** What the chain says about a batch that a proof shows leaves of. */
export interface AnchoredBatch {
  readonly words: BatchWords;
  readonly status: Exclude<BatchStatus, "none">;
  /**
   * The verifiers who attested, ascending; null where nobody named them to be held against the registry's
   * hash.
   */
  readonly attesters: readonly Address[] | null;
  /** Struck milligrams that serial substitution makes good. */
  readonly covered: Milligrams;
}

/**
 * Compares what the registry keeps about a batch with its manifest, the list of strikes and the attesters.
 * @param batch `strikes` and `attesters` null: none are at hand to compare
 * @param retiredTo end of the retired range, which must lie below the registry's cursor; null where nothing
 * is said to be retired
 * @throws CheckFailedError `verify.not-committed`, `verify.batch-root`, `verify.batch-total`,
 * `verify.batch-leaves`, `verify.batch-operator`, `verify.batch-vintage`, `verify.batch-region`,
 * `verify.batch-claim-period`, `verify.batch-buffer`, `verify.batch-category`, `verify.batch-host-country`,
 * `verify.batch-use-by`, `verify.provenance`, `verify.strikes`, `verify.struck`, `verify.not-minted`,
 * `verify.not-retired`, `accounts.identity`
 */
export function checkBatchWords(
  batch: Pick<CheckedPart, "batchId" | "manifest" | "attesters"> & {
    readonly strikes: readonly Strike[] | null;
  },
  { words, batchOfRoot }: ChainBatch,
  retiredTo: bigint | null,
): AnchoredBatch {
  const { batchId, manifest, strikes, attesters } = batch;
  const { status } = words;
  if (status === "none") return refuse("not-committed", `The batch registry does not know batch ${batchId}.`);
  checkRoot(batchId, manifest.root, batchOfRoot);
  const { vintage } = manifest;
  const compared: Comparison[] = [
    ["batch-total", "total", words.total, manifest.totalMilligrams],
    ["batch-leaves", "leaf count", words.leafCount, manifest.leafCount],
    ["batch-operator", "operator", words.operator, manifest.operator],
    ["batch-vintage", "first day", words.vintageStartDay, vintage.startDay],
    ["batch-vintage", "last day", words.vintageEndDay, vintage.endDay],
    ["batch-region", "region", words.region, manifest.region],
    ["batch-claim-period", "claim period", words.claimPeriodDays, manifest.claimPeriodDays],
    [
      "batch-buffer",
      "buffer",
      words.buffer,
      bufferMilligramsDown(manifest.totalMilligrams, manifest.bufferBps),
    ],
  ];
  for (const [fault, what, onChain, inManifest] of [...compared, ...comparedTerms(manifest, words)]) {
    if (onChain !== inManifest) {
      refuse(
        fault,
        `The ${what} of batch ${batchId} is ${String(onChain)} in the registry and ` +
          `${String(inManifest)} in its manifest.`,
      );
    }
  }
  if (
    attesters !== null &&
    provenanceHashOf(attesters, methodologiesHash(manifest), termsHashOf(manifest)) !== words.provenanceHash
  ) {
    refuse(
      "provenance",
      `The registry keeps another hash of attesters and methodologies for batch ${batchId} than that ` +
        "of the attesters in the file and the manifest's methodologies.",
    );
  }
  if (strikes !== null) checkStrikes(batchId, strikes, words);
  checkAccounts(words);
  if (retiredTo !== null) {
    if (status === "committed")
      refuse("not-minted", `Batch ${batchId} is not minted, so nothing of it can be retired.`);
    if (words.retired < retiredTo) {
      refuse(
        "not-retired",
        `Batch ${batchId} is retired up to ${words.retired.toString()} mg; the range in the file ends ` +
          `at ${retiredTo.toString()} mg.`,
      );
    }
  }
  return { words, status, attesters, covered: coveredMilligrams(words) };
}

type Comparison = [fault: string, what: string, onChain: unknown, inManifest: unknown];

/**
 * What the second format adds. The adjustment is not compared: the country's registry may change it on chain
 * after the closing.
 */
function comparedTerms(manifest: StatedManifest, { terms }: BatchWords): Comparison[] {
  if (manifest.format === "microtonne-batch/1") return [];
  return [
    ["batch-category", "category", terms?.category, manifest.category],
    ["batch-host-country", "host country", terms?.hostCountry, manifest.hostCountry],
    ["batch-use-by", "last day for retirement", terms?.useByDay, manifest.useBy],
  ];
}

/**
 * A root stands in the registry as a key that leads to its batch, and a batch has one: this binds the
 * manifest's tree to the batch.
 */
function checkRoot(batchId: BatchId, root: Hex, batchOfRoot: Hex): void {
  if (batchOfRoot === batchId) return;
  const found = BigInt(batchOfRoot) === 0n ? "to no batch" : `to batch ${batchOfRoot}`;
  refuse(
    "batch-root",
    `The root in the manifest of batch ${batchId} leads ${found} in the registry: ${root}.`,
  );
}

function checkStrikes(batchId: BatchId, strikes: readonly Strike[], words: BatchWords): void {
  if (strikesHashOf(strikes) !== words.strikesHash) {
    const none = words.strikesHash === NO_STRIKES ? " (the registry has none)" : "";
    refuse(
      "strikes",
      `The list of struck leaves of batch ${batchId} in the file is not the one that the registry ` +
        `keeps${none}. Ask for a newer file.`,
    );
  }
  const struck = strikes.reduce((sum, { start, end }) => sum + end - start, 0n);
  if (struck !== words.struck) {
    refuse(
      "struck",
      `The struck leaves of batch ${batchId} add up to ${struck.toString()} mg; the registry says ` +
        `${words.struck.toString()} mg.`,
    );
  }
}
