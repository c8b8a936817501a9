import type { Hex, RegionCode } from "../../base/types/ids.ts";
import type { RetirementRecognition } from "./retirementRecord.ts";

/** Who recognises a retirement, and how much of it, as JSON: masses are decimal strings of milligrams. */
export interface RecognitionFacts {
  readonly authority: RegionCode;
  /** Hash of the authority's rules; null where it recognises its own region. */
  readonly rulesHash: Hex | null;
  readonly claimMilligrams: string;
  readonly recognisedMilligrams: string;
}

/** The recognition of a retirement in sums, or null where nobody was asked. */
export function recognitionFacts(recognition: RetirementRecognition | undefined): RecognitionFacts | null {
  if (recognition === undefined) return null;
  const { authority, rulesHash, claim, lines } = recognition;
  return {
    authority,
    rulesHash,
    claimMilligrams: claim.toString(),
    recognisedMilligrams: lines.reduce((sum, { recognised }) => sum + recognised, 0n).toString(),
  };
}
