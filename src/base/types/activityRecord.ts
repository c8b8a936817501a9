import type { Hex, ProviderId } from "./ids.ts";
import type { MicroUnits, UnixSeconds } from "./quantities.ts";

/** Units in which an act is measured. A methodology counts in exactly one. */
export type Unit = "passenger-km" | "km" | "trip" | "kWh" | "meal" | "g";

/**
 * One act as its provider reports it, after a profile mapped it. The first seven members are those of
 * `microtonne-record/1`; the others came with `microtonne-record/2`, and what they say where they are left
 * out is told by `fullRecord` (`format/batch/records`).
 */
export interface ActivityRecord extends Partial<RecordAdditions> {
  readonly provider: ProviderId;
  /** The provider's own id of the record, NFC, 1 to 128 UTF-8 bytes. */
  readonly recordId: string;
  /** Name of a scenario class (`format/batch/classes/scenario-classes.json`). */
  readonly scenario: string;
  readonly startedAt: UnixSeconds;
  /** Null where the provider does not say. Never before `startedAt`. */
  readonly endedAt: UnixSeconds | null;
  readonly quantity: MicroUnits;
  readonly unit: Unit;
}

/** What `microtonne-record/2` says besides. */
export interface RecordAdditions {
  /** How the provider knows of the act. */
  readonly evidence: EvidenceGrade;
  /** Version of the text that the person consented to, never a consent's id; null where nobody says. */
  readonly consentText: string | null;
  /** The vehicle, meter, connector, installation or fleet of the act. */
  readonly asset: RecordAsset | null;
  /** What methodologies ask of a record beside its quantity. At most 16. */
  readonly attributes: Readonly<Record<string, string>>;
  /** 0 at first; each correction is one more, and names the canonical JSON's hash of the one before. */
  readonly revision: number;
  readonly previousRevision: Hex | null;
}

export const EVIDENCE_GRADES = ["metered", "transactional", "photo", "declared"] as const;
export type EvidenceGrade = (typeof EVIDENCE_GRADES)[number];

export interface RecordAsset {
  readonly kind: string;
  /** 32 bytes that the key service made of the asset's number, which itself is kept nowhere. */
  readonly key: Hex;
}
