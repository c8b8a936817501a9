import type {
  BatchId,
  MethodologyId,
  ProviderId,
  RegionCode,
  SubjectKey,
  ActivityKey,
} from "../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { StoredEvidence } from "../../base/types/storedEvidence.ts";
import type { Manifest2 } from "../../format/batch/manifest.ts";

/** What a closing takes: behaviour is counted and never closed. */
export type ClosingCategory = "act" | "project";

/** What a manifest says that follows neither from the leaves nor from the methodologies. */
export type ClosingTerms = Pick<
  Manifest2,
  | "bufferBps"
  | "claimPeriodDays"
  | "placeOfActs"
  | "hostCountry"
  | "correspondingAdjustment"
  | "useBy"
  | "campaign"
  | "scenarioClasses"
  | "plausibility"
  | "previousDeployment"
  | "verification"
  | "audience"
> & {
  /** Null for a batch of projects, whose owners give it. */
  readonly title: Manifest2["title"] | null;
};

/** Of closings that began before buffer and claim period were kept, these two are not there. */
export type KeptTerms = Omit<ClosingTerms, "bufferBps" | "claimPeriodDays"> &
  Partial<Pick<ClosingTerms, "bufferBps" | "claimPeriodDays">>;

/**
 * A batch that is being closed: everything that its bytes depend on is fixed in the transaction that starts
 * it.
 */
export interface Closing {
  /** 32 random bytes, the context of the batch's leaf salts. */
  readonly closingId: Uint8Array;
  readonly region: RegionCode;
  readonly category: ClosingCategory;
  /** Inclusive, within one calendar year, in `timeZone`. */
  readonly startDay: Day;
  readonly endDay: Day;
  readonly timeZone: string;
  readonly createdAt: UnixSeconds;
  readonly previousBatchId: BatchId | null;
  /** Null where it began before they were kept. */
  readonly terms: KeptTerms | null;
  /** Count and sum of the reductions frozen for it. */
  readonly reductions: number;
  readonly milligrams: Milligrams;
}

/** An asset's month that a closing would count against another side's claim. */
export interface ExcludedClaim {
  /** Whose records the closing would take. */
  readonly provider: string;
  readonly claimant: string;
  /** Months since January 1970. */
  readonly month: number;
}

/** What is asked in the transaction that starts a closing. */
export interface ClosingChecks {
  /**
   * Each manifest names the batch before it. Throws StateError `closing.head-moved` where the batch sealed
   * last, null for none, is another one than the caller read.
   */
  head(head: BatchId | null, previousBatchId: BatchId | null): void;
  /** Throws StateError `closing.nothing-open` where no open reduction is in the days asked for. */
  open(region: RegionCode, reductions: bigint): void;
  /** Throws StateError `closing.excluded` unless null. */
  excluded(claim: ExcludedClaim | null): void;
}

/** A frozen reduction as the leaf builder reads it, ordered by (activityKey, recordId). */
export interface PooledReduction {
  readonly record: ActivityRecord;
  readonly methodologyId: MethodologyId;
  readonly milligrams: Milligrams;
  readonly day: Day;
  readonly subjectKey: SubjectKey | null;
  readonly activityKey: ActivityKey;
  /** The sealed salt key of the subject, or of the provider where there is no subject; null once erased. */
  readonly storedSaltKey: Uint8Array | null;
  /** Its provider's signature; null where it did not sign. */
  readonly evidence: StoredEvidence | null;
}

/** Life of a batch here. Each step is advanced by what the chain says, never before it. */
export type BatchState = "closing" | "sealed" | "committing" | "committed" | "minting" | "minted";

/**
 * What happens to a sealed batch. `begun`: we ask the chain for a step; `failed`: the chain refused it for
 * good, and it is taken again from its beginning; `shown`: what the chain says that the batch is.
 */
export type BatchEvent =
  | { readonly kind: "begun" | "failed"; readonly step: "commit" | "mint" }
  | { readonly kind: "shown"; readonly state: "committed" }
  | { readonly kind: "shown"; readonly state: "minted"; readonly mintedMilligrams: Milligrams };

/** Where a batch goes, and what integrators are told of it. */
export interface BatchStep {
  readonly to: BatchState;
  readonly told: readonly ("committed" | "minted")[];
}

/** Throws StateError `batch.state` where the batch, null where it is not here, can't go there. */
export type DecideBatchStep = (batchId: BatchId, state: BatchState | null, event: BatchEvent) => BatchStep;

/** What is known of a half-written archive. */
export interface HalfArchiveFacts {
  /** When something in it was last written. */
  readonly changedAt: UnixSeconds;
  /** What was written to since then is young. */
  readonly before: UnixSeconds;
  /** Whether a process holds it. */
  readonly isLocked: boolean;
}

/** `young`: written too lately; `locked`: somebody writes it. Both are left alone. */
export type HalfArchiveState = "stale" | "young" | "locked";

export type DecideHalfArchive = (facts: HalfArchiveFacts) => HalfArchiveState;

/** Throws CheckFailedError where a batch is not what its closing froze, or does not follow `head`. */
export type CheckSeal = (
  closing: Pick<Closing, "milligrams" | "previousBatchId">,
  totalMilligrams: Milligrams,
  head: BatchId | null,
) => void;

/** What is asked in the transaction that gives a sealed batch up. */
export interface ReopenFacts {
  readonly batchId: BatchId;
  readonly state: BatchState;
  /** The batch sealed last. */
  readonly newest: BatchId | null;
  /** Whether a closing is unfinished, which follows the batch sealed last. */
  readonly isClosing: boolean;
}

/** Throws StateError where the batch is committed or may be, or is not the last one. */
export type CheckReopen = (facts: ReopenFacts) => void;

export interface BatchSummary {
  readonly batchId: BatchId;
  readonly state: BatchState;
  readonly region: RegionCode;
  readonly startDay: Day;
  readonly endDay: Day;
  readonly leafCount: number;
  readonly totalMilligrams: Milligrams;
  readonly bufferMilligrams: Milligrams;
  readonly mintedMilligrams: Milligrams;
  readonly retiredMilligrams: Milligrams;
  readonly root: Uint8Array;
  readonly createdAt: UnixSeconds;
}

export interface ProviderName {
  readonly id: ProviderId;
  readonly name: string;
}
