import type { TrustMode } from "../trust.ts";
import type { Verdict, VerdictFacts } from "../verdict.ts";

const MODES: Readonly<Record<TrustMode, string>> = {
  none: "CONSISTENT IN ITSELF, NOT ANCHORED",
  root: "VERIFIED against the batches that you named",
  deployment: "CONSISTENT IN ITSELF AND WITH YOUR DEPLOYMENT FILE, NO CHAIN LOOKED AT",
  block: "VERIFIED against the block that you trust",
  rpc: "VERIFIED against your chain node",
};
const MAX_SERIALS = 5;

/** A verdict for people: what it is about, what was checked and what was not. */
export function verdictText({ mode, facts, checked, notChecked }: Verdict): string {
  const lines = [MODES[mode]];
  if (facts.retirement) lines.push(...retirementLines(facts.retirement, facts.block !== null));
  for (const batch of facts.batches) {
    const ends = batch.spans ? " (the ends of what is retired)" : "";
    const leaves = `${String(batch.leaves)} of ${String(batch.leafCount)} leaves${ends}`;
    lines.push(`batch       ${batch.batchId} (${batch.region} ${String(batch.vintage)}), ${leaves}`);
    lines.push(...termLines(batch));
    if (batch.onChain && batch.onChain.suspension.length > 0)
      lines.push(`SUSPENDED   ${batch.onChain.suspension.join(", ")}`);
    lines.push(...batch.serials.slice(0, MAX_SERIALS).map((serial) => `serial      ${serial}`));
    if (batch.serials.length > MAX_SERIALS)
      lines.push(`            and ${String(batch.serials.length - MAX_SERIALS)} more`);
  }
  if (facts.block) lines.push(`block       ${facts.block.number}, ${facts.block.time}`);
  return [
    ...lines,
    "",
    "Checked:",
    ...checked.map(bullet),
    "",
    "Not checked:",
    ...notChecked.map(bullet),
  ].join("\n");
}

/** Of a manifest that says them. */
function termLines({ region, terms }: VerdictFacts["batches"][number]): string[] {
  const { placeOfActs, hostCountry, useBy, verification } = terms;
  if (placeOfActs === null || hostCountry === null) return [];
  const verified = verification === null ? "no statement" : `${verification.level}, ${verification.opinion}`;
  return [
    `holds       ${terms.category}s in ${placeOfActs} (${hostCountry}), by rules of ${region}, ` +
      `adjustment ${terms.correspondingAdjustment ?? "none"}`,
    `use by      ${useBy ?? "any time"}`,
    `title       ${terms.title?.kind ?? "none"}; verification: ${verified}`,
  ];
}

function retirementLines(retirement: NonNullable<VerdictFacts["retirement"]>, anchored: boolean): string[] {
  const forWhom = retirement.beneficiary ? ` for ${printable(retirement.beneficiary.name)}` : "";
  return [
    `retirement  ${retirement.retirementId}${anchored ? "" : " (as the file says, NOT checked)"}`,
    `amount      ${retirement.tonnes} t, ${retirement.purpose}, ` +
      `${String(retirement.reportingYear)}${forWhom}`,
  ];
}

/** A prover's text in quotes, without what could steer a terminal or turn the line around. */
function printable(text: string): string {
  return JSON.stringify(text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{FFFD}");
}

function bullet(sentence: string): string {
  return `- ${sentence}`;
}
