import type {
  Address,
  BatchId,
  Hex,
  MethodologyId,
  ProviderId,
  RegionCode,
  RetirementId,
} from "../base/types/ids.ts";
import type { Purpose } from "../base/types/retirement.ts";
import type { ManifestTerms } from "../format/batch/manifestTerms.ts";
import type { RecognitionFacts } from "../format/onchain/recognitionFacts.ts";
import type { BatchStatus, SuspensionCause } from "../format/onchain/storageLayout.ts";
import type { TrustMode } from "./trust.ts";

/**
 * The answer of a verifier that refused nothing. JSON as it stands: masses are decimal strings of milligrams,
 * counts are numbers.
 */
export interface Verdict {
  readonly ok: true;
  readonly mode: TrustMode;
  /** Plain sentences. */
  readonly checked: readonly string[];
  readonly notChecked: readonly string[];
  readonly facts: VerdictFacts;
}

/**
 * What was found, each fact to be read with the mode in mind: unanchored facts are only what the file says.
 */
export interface VerdictFacts {
  readonly kind: "act" | "retirement" | "archive";
  /** Decimal string. */
  readonly chainId: string;
  readonly batches: readonly BatchFacts[];
  readonly retirement: RetirementFacts | null;
  /** The block that the facts are of; null where no chain was looked at. */
  readonly block: { readonly number: string; readonly hash: Hex; readonly time: string } | null;
}

/** One batch, as its manifest and what was looked at of it say. */
export interface BatchFacts {
  readonly batchId: BatchId;
  readonly region: RegionCode;
  /** Calendar year. */
  readonly vintage: number;
  /** `YYYY-MM-DD`, both inclusive. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Format of its manifest. */
  readonly format: string;
  readonly terms: ManifestTerms;
  readonly operator: Address;
  readonly root: Hex;
  /** Leaves of the whole batch. */
  readonly leafCount: number;
  readonly totalMilligrams: string;
  /** Leaves that were looked at, and their milligrams; where there are `spans`, their ends. */
  readonly leaves: number;
  readonly milligrams: string;
  /** One per act or retired range. */
  readonly serials: readonly string[];
  /**
   * Where a file shows what stands behind a retired range by its ends alone; null elsewhere. `leaves` and
   * `milligrams` are the tree's word: how many leaves from end to end are not struck, and how much of the
   * range they hold; null where a batch has strikes and no chain was looked at.
   */
  readonly spans: {
    readonly ends: readonly { readonly first: number; readonly last: number }[];
    readonly leaves: number | null;
    readonly milligrams: string | null;
  } | null;
  /** `leaves`: how many of those looked at; null in an archive and in spans, where they are not counted. */
  readonly methodologies: readonly {
    readonly methodologyId: MethodologyId;
    readonly code: string;
    readonly version: string;
    readonly leaves: number | null;
  }[];
  readonly providers: readonly {
    readonly id: ProviderId;
    readonly name: string;
    readonly leaves: number | null;
  }[];
  /** From the chain; null where it was not looked at. */
  readonly onChain: BatchChainFacts | null;
}

/** One batch, as the registry keeps it. Masses are decimal strings of milligrams. */
export interface BatchChainFacts {
  readonly status: Exclude<BatchStatus, "none">;
  /** UTC, ISO 8601. */
  readonly committedAt: string;
  /** Why the batch stands still: nothing of it is transferred or retired meanwhile; empty where it moves. */
  readonly suspension: readonly SuspensionCause[];
  readonly openDisputes: number;
  readonly mintedMilligrams: string;
  readonly unmintedMilligrams: string;
  readonly retiredMilligrams: string;
  readonly struckMilligrams: string;
  readonly shortfallMilligrams: string;
  readonly replacedMilligrams: string;
  /** Of attesters and methodologies. */
  readonly provenanceHash: Hex;
  /** Ascending, held against `provenanceHash`; null where the file does not name them. */
  readonly attesters: readonly Address[] | null;
}

/** The retirement that a proof file is about. */
export interface RetirementFacts {
  readonly retirementId: RetirementId;
  readonly holder: Address;
  readonly purpose: Purpose;
  readonly reportingYear: number;
  readonly country: string;
  /** UTC, ISO 8601. */
  readonly retiredAt: string;
  readonly milligrams: string;
  /** Minimal decimal. */
  readonly tonnes: string;
  /**
   * Positions that nothing stands behind after strikes; null where a batch has strikes and no chain was
   * looked at.
   */
  readonly unbackedMilligrams: string | null;
  /** Null where the file does not disclose it. */
  readonly beneficiary: { readonly name: string; readonly lei: string | null } | null;
  readonly use: string | null;
  /** Who recognises it, and how much by the discounts in its record; null where the file names nobody. */
  readonly recognition: RecognitionFacts | null;
}
