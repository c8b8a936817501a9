import type { ActivityRecord } from "./activityRecord.ts";
import type { ActivityKey, MethodologyId, SubjectKey } from "./ids.ts";
import type { Day, Milligrams } from "./quantities.ts";
import type { StoredEvidence } from "./storedEvidence.ts";

/**
 * What stands behind a leaf: disclosed to verifiers, and of one leaf to its holder and to auditors; never
 * published.
 */
export interface ConfidentialLeaf {
  /** Null where the provider names nobody. */
  readonly subjectKey: SubjectKey | null;
  /** 32 bytes. */
  readonly salt: Uint8Array;
  /**
   * The acts of one provider, methodology, subject, scenario class and minute; at least one, by record id.
   */
  readonly records: readonly ActivityRecord[];
  /**
   * What its leaf weighs, where its methodology caps days or years: the caps left it of what its records come
   * to. None if left out: then all counts.
   */
  readonly cutTo?: Milligrams;
  /** The provider's signatures, as `evidenceByRecord` reads them; none if left out. */
  readonly signatures?: readonly Uint8Array[];
}

/** A leaf as its operator drafts it, before it is linked to the next one. */
export interface LeafDraft extends ConfidentialLeaf {
  readonly activityKey: ActivityKey;
  readonly methodologyId: MethodologyId;
  readonly milligrams: Milligrams;
  readonly day: Day;
  /** What is stored of the provider's signature over each record; null where it did not sign. */
  readonly evidence: readonly (StoredEvidence | null)[];
}
