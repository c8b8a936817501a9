import type { ActivityRecord } from "./activityRecord.ts";
import type { ActivityKey, MethodologyId, RegionCode, SubjectKey } from "./ids.ts";
import type { Day, Milligrams } from "./quantities.ts";
import type { StoredEvidence } from "./storedEvidence.ts";

/** An activity record quantified by one methodology version. */
export interface Reduction {
  readonly record: ActivityRecord;
  readonly methodologyId: MethodologyId;
  readonly region: RegionCode;
  /** > 0, rounded down. */
  readonly milligrams: Milligrams;
  /** Day of the start in the methodology's time zone. */
  readonly day: Day;
  /** Null where the provider names nobody. */
  readonly subjectKey: SubjectKey | null;
  readonly activityKey: ActivityKey;
  /** Its provider's signature; none where it did not sign. */
  readonly evidence?: StoredEvidence | null;
}

/** What may become of a reduction. Exactly one at any time; `open` is where all begin. */
export type Disposition = "open" | "pooled" | "redeemed" | "donated";
