import type { BatchId, Hex } from "../../base/types/ids.ts";
import type { BatchWords, SuspensionCause } from "../../format/onchain/storageLayout.ts";

const CAUSES: Readonly<Record<SuspensionCause, string>> = {
  shortfall: "more was struck than was left unminted",
  "broken-link": "its chain of activity keys is broken",
  "unopened-gram": "its operator did not open a gram in time",
  "no-ruling": "a dispute about it got no ruling in time",
  order: "a regulator ordered it",
  quorum: "a quorum of verifiers decided it",
};

/**
 * What stands against a batch on chain: suspension with its causes, shortfall, open disputes. Nothing where
 * nothing does.
 */
export function suspensionSentences({
  suspension,
  shortfall,
  openDisputes,
}: Pick<BatchWords, "suspension" | "shortfall" | "openDisputes">): string[] {
  const said: string[] = [];
  if (suspension.length > 0) {
    const causes = suspension.map((cause) => `${cause} (${CAUSES[cause]})`).join(", ");
    said.push(
      `WARNING: the batch is suspended: ${causes}. While it is, nothing of it is transferred, pooled ` +
        "or retired.",
    );
  }
  if (shortfall > 0n)
    said.push(
      `WARNING: its operator owes ${shortfall.toString()} mg that were struck after they had been minted.`,
    );
  if (openDisputes > 0)
    said.push(
      `WARNING: ${String(openDisputes)} of the disputes about the batch ` +
        `${openDisputes === 1 ? "is" : "are"} open.`,
    );
  return said;
}

/** What is said where attesters are not named, so that the registry's hash opens to nobody. */
export function unnamedAttesters(batchId: BatchId, where: "archive" | "file", provenanceHash: Hex): string {
  return (
    `Who attested to batch ${batchId}: the ${where} does not name the attesters, and the registry ` +
    `keeps one hash of them and the methodologies (${provenanceHash}).`
  );
}
