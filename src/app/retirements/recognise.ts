import { UsageError } from "../../base/errors/errors.ts";
import { utcText, yearOfDay } from "../../base/lib/time/calendar.ts";
import type { BatchId, RegionCode } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { Purpose } from "../../base/types/retirement.ts";
import type { RetirementRecognition } from "../../format/onchain/retirementRecord.ts";
import { checkClaim, type RecognisedLine } from "../../stages/recognition/checkClaim.ts";
import { recognitionOf, type Recognition } from "../../stages/recognition/recognitionOf.ts";
import { recognitionHash, type RecognitionMatrix } from "../../stages/recognition/matrixSchema.ts";
import type { Holding } from "../../stages/retire/allocateOldestFirst.ts";
import type { Context } from "../context.ts";
import { batchManifest, type ArchiveOf } from "../proofs/batchArchive.ts";

/** Who is asked to recognise a retirement, and for what. */
export interface RecognitionRequest {
  readonly authority: RegionCode;
  /** The authority's rules in force; null where it has published none. */
  readonly matrix: RecognitionMatrix | null;
  readonly purpose: Purpose;
  /** Milligrams that are to be recognised at least. */
  readonly claim: Milligrams;
}

/** Holdings that an authority recognises, each with how. */
export type RecognisedHoldings = ReadonlyMap<BatchId, Recognition>;

/**
 * Which of the holdings the authority recognises.
 * @param archives of batches that other folders made: their manifests name the methodologies
 * @throws UsageError `recognition.not-recognised` where it recognises none of them, naming their regions and
 * the rules that were asked; `prove.archive` where a batch's manifest is not at hand
 */
export async function recognisedHoldings(
  context: Context,
  holdings: readonly Holding[],
  { authority, matrix, purpose }: RecognitionRequest,
  archives: ArchiveOf,
): Promise<RecognisedHoldings> {
  const day = utcText(context.clock.now()).slice(0, 10);
  const found = new Map<BatchId, Recognition>();
  const refused = new Set<RegionCode>();
  for (const { batchId } of holdings) {
    const manifest = await batchManifest(context, batchId, archives);
    const recognition = recognitionOf(authority, matrix, {
      issuer: manifest.region,
      methodologies: manifest.methodologies.map(({ code }) => code),
      vintage: yearOfDay(manifest.vintage.startDay),
      purpose,
      day,
    });
    if (recognition) found.set(batchId, recognition);
    else refused.add(manifest.region);
  }
  if (found.size === 0 && refused.size > 0)
    throw new UsageError(
      "recognition.not-recognised",
      `${authority} does not recognise credits of ${[...refused].toSorted().join(", ")} for ${purpose} on ` +
        `${day}: ${rulesText(authority, matrix)}. Retire credits that it recognises, or leave out who ` +
        "recognises them.",
    );
  return found;
}

/**
 * What stands behind the document hash of the retirement. @throws UsageError `recognition.below-claim`
 */
export function recognitionForRecord(
  amounts: readonly { readonly batchId: BatchId; readonly milligrams: Milligrams }[],
  holdings: RecognisedHoldings,
  { authority, matrix, claim }: RecognitionRequest,
): RetirementRecognition {
  const lines: RecognisedLine[] = amounts.map((amount) => ({
    ...amount,
    ...(holdings.get(amount.batchId) as Recognition),
  }));
  return {
    authority,
    rulesHash: lines.some(({ rule }) => rule !== null) && matrix ? recognitionHash(matrix) : null,
    claim,
    lines: checkClaim(lines, claim).map(({ batchId, rule, discountBps, recognised }) => ({
      batchId,
      rule,
      discountBps,
      recognised,
    })),
  };
}

function rulesText(authority: RegionCode, matrix: RecognitionMatrix | null): string {
  if (matrix === null) return `no rules of recognition of ${authority} are known here`;
  const { version, rules } = matrix;
  const count = String(rules.length);
  return `none of the ${count} rules of its version ${String(version)} (${recognitionHash(matrix)}) does`;
}
