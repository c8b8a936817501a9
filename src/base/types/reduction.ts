import type { ActivityRecord } from "./activityRecord.ts";
import type { ActivityKey, Hex, MethodologyId, ProviderId, RegionCode, SubjectKey } from "./ids.ts";
import type { Day, MicroUnits, Milligrams } from "./quantities.ts";
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
  /** True where its key is made from its asset instead of its subject: then it is never one of several. */
  readonly anchored?: boolean;
  /** Its claim on the asset that its record names; none where it names none. */
  readonly claim?: AssetClaim;
  /** The caps of its methodology on more than one act; none where it has none. */
  readonly caps?: PeriodCaps;
}

/**
 * The most that a methodology counts in a day or a year of its zone. Null: no such cap; one of them is none.
 */
export interface PeriodCaps {
  /** Region and code: all versions of a methodology count into one sum. */
  readonly methodology: string;
  readonly subjectDay: Milligrams | null;
  readonly subjectYear: Milligrams | null;
  readonly programmeYear: Milligrams | null;
}

/** What one cap is counted against, in storage by the byte of its kind's place. */
export const CAP_KINDS = ["subject-day", "subject-year", "programme-year"] as const;
export type CapKind = (typeof CAP_KINDS)[number];

/** A subject's day or year, or everybody's year, under one methodology. */
export interface CapAccount {
  /** As in `PeriodCaps`. */
  readonly methodology: string;
  readonly kind: CapKind;
  /** Null of everybody's. */
  readonly subjectKey: SubjectKey | null;
  /** A day since 1970-01-01, or a calendar year, in the methodology's zone. */
  readonly period: number;
}

/** That acts, or a project's month, count what an asset (fleet, network, meter) did in a local month. */
export interface AssetClaim {
  /** The asset's key. */
  readonly asset: Hex;
  /** Months since 1970-01, in the region's zone. */
  readonly month: number;
  readonly side: "act" | "project";
  /**
   * Ascending scenario classes that nobody of the other side may count on it: its own and those it
   * excludes.
   */
  readonly classes: readonly string[];
  /** What a certificate of another registry for the asset's energy does to it. */
  readonly certificates: CertificatePolicy;
  /** Millionths of a kWh of certificates that its quantity leaves out already. */
  readonly certified: bigint;
  /** Of a project's month what it may come to with the project's others of that month; none of an act. */
  readonly limit?: ProjectMonthLimit;
}

/** What a project's installations may come to together in a local month. */
export interface ProjectMonthLimit {
  readonly project: ProviderId;
  /** Null where its capacity says nothing about a month. */
  readonly most: MicroUnits | null;
  /** How many may report. */
  readonly installations: number;
}

/** `voids`: nothing counts; `lowers`: what is certified doesn't; `indifferent`: all does. */
export type CertificatePolicy = "voids" | "lowers" | "indifferent";

/** What may become of a reduction. Exactly one at any time; `open` is where all begin. */
export type Disposition = "open" | "pooled" | "redeemed" | "donated";
