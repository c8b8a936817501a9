import type { ManifestTerms } from "../../format/batch/manifestTerms.ts";
import type { BatchFacts } from "../verdict.ts";

const HOLDS: Readonly<Record<ManifestTerms["category"], string>> = {
  act: "people's acts",
  project: "the monitored reductions of projects",
  behaviour: "behaviour, which is counted and never committed or minted",
};
const ADJUSTMENTS = {
  none: "without a corresponding adjustment",
  authorised: "with a corresponding adjustment authorised",
  applied: "with a corresponding adjustment applied",
} as const;
const TITLES = {
  "consent-scope": "the consent of those who acted",
  programme: "a programme's rules",
  "project-owner": "the projects' owners",
} as const;
const OPINIONS = { unmodified: "an unmodified opinion", qualified: "a qualified opinion" } as const;

/** What a manifest says of its batch; nothing of one of the first format, which has no such members. */
export function termSentences({ batchId, region, terms }: Pick<BatchFacts, "batchId" | "region" | "terms">) {
  const { placeOfActs, hostCountry, correspondingAdjustment, title } = terms;
  if (placeOfActs === null || hostCountry === null || correspondingAdjustment === null || title === null)
    return [];
  const until = terms.useBy === null ? "at any time" : `until ${terms.useBy} at the latest`;
  const said = [
    `By its manifest, batch ${batchId} holds ${HOLDS[terms.category]}, which took place in ` +
      `${placeOfActs} and were counted by rules of ${region}; when it closed they were in the ` +
      `inventory of ${hostCountry}, ${ADJUSTMENTS[correspondingAdjustment]}. It may be retired ${until}. ` +
      `It was pooled by right of ${TITLES[title.kind]} (document ${title.documentHash}).`,
  ];
  if (terms.verification !== null) {
    const { level, opinion, statementHash } = terms.verification;
    said.push(
      `By its manifest, a verification body gave ${level} assurance with ${OPINIONS[opinion]} (statement ` +
        `${statementHash}).`,
    );
  }
  if (terms.campaign !== null)
    said.push(
      `By its manifest, the batch is of gifts to the campaign ${terms.campaign.id} (document ` +
        `${terms.campaign.documentHash}), to be retired whole for its end.`,
    );
  return said;
}

/** What nobody looked at of it. */
export function termsNotChecked(batches: readonly Pick<BatchFacts, "terms">[]): string[] {
  const stated = batches.filter(({ terms }) => terms.title !== null);
  if (stated.length === 0) return [];
  const said = [
    "The documents that a manifest names by their hashes, such as its title: ask the operator for them and " +
      "compare the hashes.",
  ];
  if (stated.some(({ terms }) => terms.verification === null))
    said.push("No verification body's statement is named: batches of a local network need none.");
  return said;
}
