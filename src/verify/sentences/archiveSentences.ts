import type { Milligrams } from "../../base/types/quantities.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import type { Anchor } from "../chain/openAnchor.ts";
import { capSentences } from "./capSentences.ts";
import { keySentences } from "./keySentences.ts";
import { suspensionSentences, unnamedAttesters } from "./standingSentences.ts";
import { termSentences, termsNotChecked } from "./termSentences.ts";
import type { BatchFacts, Verdict } from "../verdict.ts";
import { utcText } from "../../base/lib/time/calendar.ts";

/** What was checked in an archive and what was not, in plain sentences. */
export function archiveSentences(
  batch: BatchFacts,
  anchor: Anchor,
  manifest: Manifest,
): Pick<Verdict, "checked" | "notChecked"> {
  const caps = capSentences(manifest.methodologies, "All leaves of the batch");
  return {
    checked: [
      `The manifest hashes to batch ${batch.batchId}.`,
      `All ${String(batch.leafCount)} leaves were recomputed: order, links, days, methodologies, ` +
        `classes and providers; their tree comes to the manifest's root, total (${batch.totalMilligrams} ` +
        "mg), leaf count and hash of all leaves, and every stored tile is right.",
      ...caps.checked,
      ...termSentences(batch),
      ...keySentences(batch.batchId, manifest),
      ...anchored(batch, anchor),
    ],
    notChecked: [
      ...notAnchored(batch, anchor),
      ...termsNotChecked([batch]),
      ...caps.notChecked,
      "What stands behind the leaves: records, quantities, keys and the share of acts without a " +
        "subject are confidential; the batch's verifiers attest to them.",
      "That no other batch counts the same acts: compare the activity keys of the other batches.",
    ],
  };
}

function anchored(batch: BatchFacts, { mode, state, treeOnly }: Anchor): string[] {
  if (mode === "root") {
    return [
      treeOnly.length > 0
        ? "The tree is the one that you named by root, total and leaf count."
        : "The batch is the one that you named.",
    ];
  }
  if (mode === "deployment") return ["The manifest's chain and contracts are those of your deployment."];
  if (!state || !batch.onChain) return [];
  const { number, hash, timestamp } = state.block;
  return [
    `As of block ${number.toString()} (${utcText(timestamp)}, hash ${hash}) of your chain node, the ` +
      `batch registry of your deployment keeps this batch as ${batch.onChain.status}, with the root, ` +
      "total, leaf count, operator, vintage, buffer and region of its manifest, and its books balance: " +
      `${batch.onChain.mintedMilligrams} mg minted, ${batch.onChain.retiredMilligrams} mg retired, ` +
      `${batch.onChain.struckMilligrams} mg struck.`,
    ...suspensionSentences({
      ...batch.onChain,
      shortfall: BigInt(batch.onChain.shortfallMilligrams) as Milligrams,
    }),
  ];
}

function notAnchored(batch: BatchFacts, { mode, treeOnly }: Anchor): string[] {
  if (mode === "none") {
    return [
      "Nothing was anchored: this archive is consistent in itself, but whether its batch was ever " +
        "committed was not looked at. Give the batch id or a chain node that you know from another " +
        "source.",
    ];
  }
  if (mode === "deployment") {
    return [
      "Whether the batch was ever committed, minted, retired or struck: no chain was looked at, and anyone " +
        "can write your deployment's chain and contracts into a manifest. Add --rpc for a node of yours.",
    ];
  }
  if (mode === "root") {
    const said = ["Whether the batch was committed, minted, retired or struck: no chain was looked at."];
    if (treeOnly.length > 0)
      said.push(
        "The manifest, since you named the batch by its tree and not by its id: it is the archive's word.",
      );
    return said;
  }
  const said = ["The chain node's answers were taken as they are."];
  if (batch.onChain) said.push(unnamedAttesters(batch.batchId, "archive", batch.onChain.provenanceHash));
  if (batch.onChain?.struckMilligrams !== "0")
    said.push("Which leaves are struck: the list is not part of an archive.");
  return said;
}
