import { formatTonnes } from "../base/lib/mass.ts";
import type { Methodology } from "../base/types/methodology.ts";
import type { Milligrams } from "../base/types/quantities.ts";
import { manifestTerms } from "../format/batch/manifestTerms.ts";
import type { Manifest } from "../format/batch/manifest.ts";
import { dayText, utcText, yearOfDay } from "../base/lib/time/calendar.ts";
import { methodologyIdOf } from "../format/batch/methodology.ts";
import { recognitionFacts } from "../format/onchain/recognitionFacts.ts";
import { serialText } from "../format/batch/serial.ts";
import type { StateBlock } from "./chain/chainState.ts";
import type { AnchoredBatch } from "./chain/checkBatchWords.ts";
import type { CheckedPart } from "./parts/checkPart.ts";
import type { JudgedPart, Judgement } from "./judgement.ts";
import type { BatchChainFacts, BatchFacts, RetirementFacts, VerdictFacts } from "./verdict.ts";

/** The facts of a judged proof, as JSON. */
export function proofFacts({ file, parts, state }: Judgement): VerdictFacts {
  return {
    kind: file.kind,
    chainId: file.chainId,
    batches: parts.map(partFacts),
    retirement: file.retirement ? retirementFacts(file.retirement, parts) : null,
    block: state && blockFacts(state.block),
  };
}

/** The facts that a manifest and the chain give about a batch, before any leaf is looked at. */
export function batchFacts(
  batchId: CheckedPart["batchId"],
  manifest: Manifest,
  anchored: AnchoredBatch | null,
) {
  const { region, vintage, operator, root, leafCount, totalMilligrams } = manifest;
  return {
    batchId,
    region,
    vintage: yearOfDay(vintage.startDay),
    firstDay: dayText(vintage.startDay),
    lastDay: dayText(vintage.endDay),
    format: manifest.format,
    terms: manifestTerms(manifest),
    operator,
    root,
    leafCount,
    totalMilligrams: totalMilligrams.toString(),
    onChain: anchored && chainFacts(anchored),
  };
}

export function blockFacts({ number, hash, timestamp }: StateBlock): NonNullable<VerdictFacts["block"]> {
  return { number: number.toString(), hash, time: utcText(timestamp) };
}

function partFacts(part: JudgedPart): BatchFacts {
  const { batchId, manifest, leaves, tally, line } = part;
  const { region, vintage } = manifest;
  const serial = (start: Milligrams, end: Milligrams) =>
    serialText({ region, year: yearOfDay(vintage.startDay), batchId, start, end });
  return {
    ...batchFacts(batchId, manifest, part.anchored),
    leaves: tally.leaves,
    milligrams: tally.milligrams.toString(),
    serials: line ? [serial(line.start, line.end)] : leaves.map(({ start, end }) => serial(start, end)),
    ...(part.spans
      ? { spans: spanFacts(part.spans, line), ...uncounted(manifest) }
      : { spans: null, ...countedFacts(tally) }),
  };
}

function countedFacts(tally: JudgedPart["tally"]): Pick<BatchFacts, "methodologies" | "providers"> {
  return {
    methodologies: Array.from(tally.methodologies, ([methodology, count]) =>
      methodologyFacts(methodology, count),
    ),
    providers: Array.from(tally.providers, ([{ id, name }, count]) => ({ id, name, leaves: count })),
  };
}

/** All methodologies and providers of a batch, where nobody counted their leaves. */
export function uncounted({
  methodologies,
  providers,
}: Manifest): Pick<BatchFacts, "methodologies" | "providers"> {
  return {
    methodologies: methodologies.map((methodology) => methodologyFacts(methodology, null)),
    providers: providers.map(({ id, name }) => ({ id, name, leaves: null })),
  };
}

function methodologyFacts(
  methodology: Methodology,
  leaves: number | null,
): BatchFacts["methodologies"][number] {
  const { code, version } = methodology;
  return { methodologyId: methodologyIdOf(methodology), code, version, leaves };
}

function spanFacts(spans: NonNullable<JudgedPart["spans"]>, line: JudgedPart["line"]): BatchFacts["spans"] {
  const { backing = null } = line ?? {};
  return {
    ends: spans.map(({ first, last }) => ({ first: first.index, last: last.index })),
    leaves: backing?.leavesByTree ?? null,
    milligrams: line && backing ? (line.end - line.start - backing.unbacked).toString() : null,
  };
}

function chainFacts({ words, status, attesters }: AnchoredBatch): BatchChainFacts {
  return {
    status,
    committedAt: utcText(words.committedAt),
    suspension: words.suspension,
    openDisputes: words.openDisputes,
    mintedMilligrams: words.minted.toString(),
    unmintedMilligrams: words.unminted.toString(),
    retiredMilligrams: words.retired.toString(),
    struckMilligrams: words.struck.toString(),
    shortfallMilligrams: words.shortfall.toString(),
    replacedMilligrams: words.replaced.toString(),
    provenanceHash: words.provenanceHash,
    attesters,
  };
}

function retirementFacts(
  { record, disclosed }: NonNullable<Judgement["file"]["retirement"]>,
  parts: readonly JudgedPart[],
): RetirementFacts {
  const total = record.lines.reduce((sum, { start, end }) => sum + end - start, 0n) as Milligrams;
  return {
    retirementId: record.retirementId,
    holder: record.holder,
    purpose: record.purpose,
    reportingYear: record.reportingYear,
    country: record.country,
    retiredAt: utcText(record.retiredAt),
    milligrams: total.toString(),
    tonnes: formatTonnes(total),
    unbackedMilligrams: parts.some(({ line }) => line?.backing === null)
      ? null
      : parts.reduce((sum, { line }) => sum + (line?.backing?.unbacked ?? 0n), 0n).toString(),
    beneficiary: disclosed
      ? { name: disclosed.beneficiary.name, lei: disclosed.beneficiary.lei ?? null }
      : null,
    use: disclosed?.use ?? null,
    recognition: recognitionFacts(disclosed?.recognition),
  };
}
