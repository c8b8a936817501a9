import { utcText } from "../../base/lib/time/calendar.ts";
import { formatTonnes } from "../../base/lib/mass.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { manifestTerms } from "../../format/batch/manifestTerms.ts";
import type { JudgedPart, Judgement } from "../judgement.ts";
import { capSentences } from "./capSentences.ts";
import { keySentences } from "./keySentences.ts";
import { signatureSentences } from "./signatureSentences.ts";
import { spanSentences, spansNotChecked } from "./spanSentences.ts";
import { termSentences, termsNotChecked } from "./termSentences.ts";
import { suspensionSentences, unnamedAttesters } from "./standingSentences.ts";
import type { Verdict } from "../verdict.ts";

type Sentences = Pick<Verdict, "checked" | "notChecked">;

/** What was checked in a proof and what was not, in plain sentences. */
export function proofSentences(judgement: Judgement): Sentences {
  const signatures = signatureSentences(judgement);
  const caps = judgement.parts.map((part) => partCaps(part));
  const batches = judgement.parts.map(({ batchId, manifest }) => ({
    batchId,
    region: manifest.region,
    terms: manifestTerms(manifest),
  }));
  return {
    checked: [
      ...(judgement.shownBy === "file" ? ["The file is whole: it matches its own hash."] : []),
      ...judgement.parts.flatMap((part) => partSentences(part)),
      ...batches.flatMap(termSentences),
      ...judgement.parts.flatMap(({ batchId, manifest }) => keySentences(batchId, manifest)),
      ...disclosureSentences(judgement),
      ...caps.flatMap(({ checked }) => checked),
      ...signatures.checked,
      ...useSentences(judgement),
      ...anchorSentences(judgement),
    ],
    notChecked: [
      ...unanchoredSentences(judgement),
      ...(judgement.shownBy === "archive" ? [ONE_LEAF] : []),
      ...spansNotChecked(judgement.parts),
      ...undisclosedSentences(judgement),
      ...askedSignatures(judgement),
      ...termsNotChecked(batches),
      // The same of every batch.
      ...new Set(caps.flatMap(({ notChecked }) => notChecked)),
      ...recognitionNotChecked(judgement),
      ...signatures.notChecked,
      ...ALWAYS,
    ],
  };
}

const ONE_LEAF =
  "The archive's other leaves: of its files only the manifest and those that lead to this leaf were read.";
const ALWAYS = [
  "That the acts took place as their providers report them: the batch's verifiers attest to that.",
  "That no other batch counts the same acts: look for their activity keys in the other batches, or ask " +
    "for proofs of absence.",
  "That each activity key follows from its act: only the registry's key service and the batch's " +
    "verifiers can recompute that.",
];

function partSentences(part: JudgedPart): string[] {
  const { batchId, manifest, tally, line } = part;
  const [count, mass] = [tally.leaves, tally.milligrams];
  if (count === 0)
    return [`Batch ${batchId}: the manifest hashes to this id. No leaf of the batch is shown.`];
  if (part.spans) return spanSentences(part, part.spans);
  const said = [
    `Batch ${batchId}: the manifest hashes to this id, and ${plural(count, "leaf", "leaves")} of ` +
      `${String(manifest.leafCount)}, with ${mass.toString()} mg, ${count === 1 ? "leads" : "lead"} to ` +
      `its root, total (${manifest.totalMilligrams.toString()} mg) and leaf count.`,
    "Day, methodology, scenario class and provider of each of these leaves agree with the manifest, " +
      "and their links are unbroken.",
  ];
  if (part.readFromArchive)
    said.push("The file shows only the ends of these leaves; those between were read from your archive.");
  if (line?.backing) {
    const { start, end } = line;
    said.push(
      `Together they are all of the retired milligrams ${start.toString()} to ${(end - 1n).toString()} ` +
        `of the batch (${(end - start).toString()} mg) and no other leaves.`,
    );
    for (const { index, used, of } of line.backing.partial) {
      said.push(`Leaf ${String(index)} is used in part: ${used.toString()} of its ${of.toString()} mg.`);
    }
  }
  return said;
}

/** Of leaves between the ends of a span nothing is seen. */
function partCaps({ batchId, tally, leaves, spans }: JudgedPart): Sentences {
  const own = leaves.filter(({ disclosed }) => disclosed?.holder === "known").length;
  const shown = `The leaves ${spans ? "at the ends of spans" : "shown"} of batch ${batchId}`;
  return capSentences([...tally.methodologies.keys()], shown, own);
}

function disclosureSentences({ parts }: Judgement): string[] {
  const disclosed = parts.flatMap(({ leaves }) =>
    leaves.flatMap((leaf) => (leaf.disclosed ? [leaf.disclosed] : [])),
  );
  if (disclosed.length === 0) return [];
  const records = disclosed.reduce((sum, leaf) => sum + leaf.records, 0);
  const said = [
    `${plural(records, "record", "records")} of ${plural(disclosed.length, "leaf", "leaves")} ` +
      `${records === 1 ? "is" : "are"} disclosed: all open their leaf's record hash and, counted anew by ` +
      `its methodology and rounded down, come to its milligrams${lessSentence(disclosed)}.`,
  ];
  if (disclosed.some(({ holder }) => holder === "known"))
    said.push("The subject key that you gave opens the holder's commitment.");
  if (disclosed.some(({ holder }) => holder === "subjectless"))
    said.push("Acts without a named subject are committed to as such.");
  return said;
}

/** Of leaves that weigh less than their records come to; empty where there are none. */
function lessSentence(disclosed: readonly { readonly weighsLess: boolean }[]): string {
  const less = disclosed.filter(({ weighsLess }) => weighsLess).length;
  if (less === 0) return "";
  return (
    `, but for ${plural(less, "leaf", "leaves")} whose records come to more: a cap on a day or a year, or ` +
    "a version that came into force during the act, may leave less"
  );
}

/** Attestors' signatures stand in the disclosed records; here nobody checks them again. */
function askedSignatures({ parts }: Judgement): string[] {
  const asking = parts.flatMap(({ leaves }) =>
    leaves.filter(({ disclosed, context: { methodology } }) => {
      return disclosed !== null && "signatures" in methodology && methodology.signatures !== null;
    }),
  );
  if (asking.length === 0) return [];
  const [ask, count] =
    asking.length === 1 ? ["its methodology asks", "it counts"] : ["their methodologies ask", "they count"];
  return [
    "That as many attestors signed the records of " +
      `${plural(asking.length, "disclosed leaf", "disclosed leaves")} as ${ask} for; with ` +
      `fewer ${count} nothing. The batch's verifiers attest to that.`,
  ];
}

function useSentences({ file }: Judgement): string[] {
  const disclosed = file.retirement?.disclosed;
  if (!disclosed) return [];
  const said = ["The disclosed beneficiary and use are those behind the hashes in the retirement's record."];
  if (disclosed.recognition) {
    const { authority, claim, lines } = disclosed.recognition;
    const recognised = lines.reduce((sum, line) => sum + line.recognised, 0n);
    said.push(
      `The record states that by its discounts ${recognised.toString()} mg of it are recognised by ` +
        `${authority}, and that ${claim.toString()} mg are claimed. ` +
        "The retired milligrams are used up whole.",
    );
  }
  return said;
}

/** The rules behind a recognition are the authority's. A record that names a rule has their hash. */
function recognitionNotChecked({ file }: Judgement): string[] {
  const recognition = file.retirement?.disclosed?.recognition;
  if (!recognition) return [];
  const { authority, rulesHash } = recognition;
  return rulesHash === null
    ? []
    : [
        `That ${authority} has published the rules of recognition with the hash ${rulesHash}, and that ` +
          "they give these discounts: ask the authority for the file, or look for the hash in its registry.",
      ];
}

function anchorSentences({ mode, file, parts, state, treeOnly }: Judgement): string[] {
  if (mode === "root") {
    return parts.map(({ batchId }) =>
      treeOnly.includes(batchId)
        ? `The tree of batch ${batchId} is the one that you named by root, total and leaf count.`
        : `Batch ${batchId} is the one that you named.`,
    );
  }
  if (mode === "deployment") return ["Chain and contracts of the manifests are those of your deployment."];
  if (!state) return [];
  const { number, hash, timestamp } = state.block;
  const block = `block ${number.toString()} (${utcText(timestamp)})`;
  const said = [
    mode === "block"
      ? `The header in the file is that of ${block}, whose hash ${hash} you trust; the registries' ` +
        "storage words are proven against it."
      : `The registries' storage words were read from your chain node as of its ${block}, hash ${hash}.`,
    "Chain and contracts are those of your deployment.",
  ];
  for (const part of parts) said.push(...chainSentences(part));
  if (file.retirement) {
    const { record } = file.retirement;
    const total = record.lines.reduce((sum, { start, end }) => sum + end - start, 0n) as Milligrams;
    said.push(
      `As of block ${number.toString()}, the retirement registry keeps this whole retirement under ` +
        `${record.retirementId}: ${formatTonnes(total)} t for ${record.purpose}, ` +
        `${String(record.reportingYear)}; it owns these serial ranges and no other retirement can.`,
    );
  }
  return said;
}

function chainSentences({ batchId, anchored, line, leaves, strikes }: JudgedPart): string[] {
  if (!anchored) return [];
  const { words, status, attesters } = anchored;
  const cursor = line
    ? `; its retirement cursor stands at ${words.retired.toString()} mg, not below the end of the range`
    : "";
  const said = [
    `The batch registry keeps batch ${batchId} as ${status}, with the root, total, leaf count, ` +
      `operator, vintage, buffer and region of its manifest, and its books balance${cursor}.`,
  ];
  if (attesters) {
    said.push(
      `${plural(attesters.length, "verifier", "verifiers")} attested to it, under the methodologies of ` +
        `its manifest: ${attesters.join(", ")}.`,
    );
  }
  said.push(
    strikes.length === 0
      ? "No leaf of the batch is struck."
      : `${plural(strikes.length, "leaf", "leaves")} of the batch, ${words.struck.toString()} mg, ` +
          `${strikes.length === 1 ? "is" : "are"} struck; the list in the file is the registry's.`,
  );
  const struck = leaves.filter(({ index }) => strikes.some((strike) => strike.index === index));
  if (struck.length > 0)
    said.push(
      "WARNING: of the leaves shown, these are struck: " +
        `${struck.map(({ index }) => String(index)).join(", ")}.`,
    );
  const { substituted = 0n, unbacked = 0n } = line?.backing ?? {};
  if (substituted > 0n)
    said.push(
      `${substituted.toString()} mg of the range stand on other leaves of the batch in place of struck ones.`,
    );
  if (unbacked > 0n)
    said.push(
      `WARNING: nothing stands behind ${unbacked.toString()} mg of the range: their leaves were struck ` +
        "and not made good.",
    );
  return [...said, ...suspensionSentences(words)];
}

function unanchoredSentences({ mode, file, parts, state, treeOnly }: Judgement): string[] {
  const struck = parts.reduce((sum, { strikes }) => sum + strikes.length, 0);
  const listed =
    struck === 0
      ? ""
      : ` The file lists ${plural(struck, "struck leaf", "struck leaves")}; only a chain shows ` +
        "whether that is so and what it leaves behind a range.";
  const retirement =
    file.kind === "retirement"
      ? " The retirement in the file was NOT checked: whoever made the file could have made it up."
      : "";
  if (mode === "none") {
    return [
      "Nothing was anchored: without a trust input of your own, all of the above could be made up by " +
        `whoever made the file.${retirement}${listed} Give a batch id, a block hash or a chain node that ` +
        "you know from another source.",
    ];
  }
  if (mode === "deployment") {
    return [
      "Whether any of it was ever committed, minted, retired or struck: no chain was looked at, and anyone " +
        `can write your deployment's chain and contracts into a file.${retirement}${listed}`,
    ];
  }
  if (mode === "root") {
    const spanned = parts.some(({ spans }) => spans !== null);
    const said = [
      "Whether anything of the batch was minted, retired or struck, and who attested to " +
        `it.${retirement}${listed} This shows only that the ${spanned ? "leaves named above" : "acts"} are ` +
        "in the batch.",
    ];
    if (treeOnly.length > 0) {
      said.push(
        "The manifest, since you named the batch by its tree and not by its id: vintage, operator, " +
          "chain and providers' names are the prover's word.",
      );
    }
    return said;
  }
  const said = [
    mode === "block"
      ? `That block ${String(state?.block.number)} belongs to the chain: this is your own trust ` +
        "input. What happened after it was not looked at."
      : "The chain node's answers were taken as they are.",
  ];
  for (const { batchId, anchored } of parts) {
    if (anchored && !anchored.attesters)
      said.push(unnamedAttesters(batchId, "file", anchored.words.provenanceHash));
  }
  if (file.retirement?.record.purpose === "replacement")
    said.push("Which batch's shortfall the retirement makes good: its record does not say.");
  if (mode === "rpc" && file.block)
    said.push(
      "The block proof in the file was not looked at; a block hash that you trust would check it offline.",
    );
  return said;
}

function undisclosedSentences({ file, parts }: Judgement): string[] {
  const said: string[] = [];
  const leaves = parts.flatMap((part) => part.leaves);
  const shown = parts.reduce((sum, { tally }) => sum + tally.leaves, 0);
  const closed = shown - leaves.filter(({ disclosed }) => disclosed !== null).length;
  if (parts.some(({ spans }) => spans !== null))
    said.push("No record is disclosed, so no quantity was counted anew.");
  else if (closed > 0) {
    said.push(
      `The records behind ${plural(closed, "leaf", "leaves")} are not disclosed, so their quantities ` +
        "were not counted anew.",
    );
  }
  if (leaves.some(({ disclosed }) => disclosed?.holder === "not-opened"))
    said.push("Whose act it is: the file does not open the holder's commitment.");
  if (file.retirement && !file.retirement.disclosed)
    said.push("For whom and for what it was retired: the file has only the hashes.");
  return said;
}

function plural(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
