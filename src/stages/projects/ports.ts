import type { Address, BatchId, Hex, ProviderId, RegionCode, TenantId } from "../../base/types/ids.ts";
import type { Day, UnixSeconds } from "../../base/types/quantities.ts";
import type { ProjectClosingCode } from "./reasonCodes.ts";

/**
 * Life of a project. Once registered it goes round: each monitored period is verified, and issued when a
 * batch of it is minted. There is no way out of `expired`. A proposal that its operator took back before the
 * notice is `retracted`, and may be proposed anew, with other content.
 */
export const PROJECT_STATES = [
  "proposed",
  "noticed",
  "registered",
  "monitored",
  "verified",
  "issued",
  "expired",
  "retracted",
] as const;
export type ProjectState = (typeof PROJECT_STATES)[number];

/** Days of the region's zone, both inclusive. */
export interface DayRange {
  readonly startDay: Day;
  readonly endDay: Day;
}

/** What a project's file says (`microtonne-project/1`), as far as anything depends on it. */
export interface ProjectContent {
  /** A provider's id: the project's monitoring reports are its records. */
  readonly id: ProviderId;
  readonly name: string;
  readonly region: RegionCode;
  /** Scenario class of its months. */
  readonly scenario: string;
  readonly creditingPeriod: DayRange;
  /** Code as a region's: where its installations are. */
  readonly place: RegionCode;
  /** Of all its installations together; `value` is a plain decimal above 0. */
  readonly capacity: { readonly value: string; readonly unit: "kW" | "MW" | "vehicles" | "berths" | "t" };
  readonly baselineHash: Hex;
  /** Hash of the document by which the owner lets the operator pool. */
  readonly ownerHash: Hex;
  /** What its records name as their asset: meter, fleet, network. */
  readonly installationKind: string;
  /** How many of them there are. */
  readonly installationCount: number;
  /** Ascending scenario classes whose acts on its assets don't count beside it. */
  readonly excludes: readonly string[];
  /** Whole days for which objections are taken. */
  readonly noticeDays: number;
  /** Canonical JSON of the whole file. */
  readonly json: string;
}

/** A project of a tenant with its standing. */
export interface Project extends ProjectContent {
  readonly tenant: TenantId;
  readonly state: ProjectState;
  readonly proposedBy: Address;
  /** When its public notice began; null before. */
  readonly noticedAt: UnixSeconds | null;
  readonly objections: number;
  /** The registry's number; null before it is registered. */
  readonly registration: string | null;
  /** What was done to it and said with it (`ProjectDecision`), oldest first. */
  readonly decisions: readonly Pick<ProjectDecision, "what" | "said">[];
}

export type ProjectStanding = Pick<
  Project,
  "json" | "state" | "proposedBy" | "noticedAt" | "objections" | "registration" | "decisions"
>;

/** A period that was monitored or verified, with the hash of the document that says so. */
export interface ReportedPeriod extends DayRange {
  readonly documentHash: Hex;
}

/** Regions for which a registrar's key signs; null for all. */
export type Regions = readonly RegionCode[] | null;

/** What somebody does to a project. The operator proposes and monitors, the registrar does the rest. */
export type ProjectEvent = { readonly by: Address; readonly at: UnixSeconds } & (
  | { readonly what: "propose" }
  /** `content` is keccak-256 of the file that is taken back, as canonical JSON. */
  | { readonly what: "retract"; readonly content: Hex }
  | { readonly what: "notice"; readonly regions: Regions }
  /** Whoever objects does so at the registrar's desk; `why` is the objection. */
  | { readonly what: "object"; readonly regions: Regions; readonly why: string }
  | {
      readonly what: "register";
      readonly regions: Regions;
      readonly registration: string;
      /** How objections were answered; null where there are none. */
      readonly why: string | null;
      /** There where a local network rehearses it before its notice is over. */
      readonly rehearsal?: true;
    }
  | { readonly what: "monitor"; readonly report: ReportedPeriod }
  | { readonly what: "verify"; readonly regions: Regions; readonly report: ReportedPeriod }
  /** The chain shows a batch of it as minted. */
  | { readonly what: "issue"; readonly batchId: BatchId }
  | { readonly what: "expire"; readonly regions: Regions; readonly today: Day; readonly why: string | null }
);

/** Where an event takes a project. `written` is false where it was there already. */
export interface ProjectStep {
  readonly before: ProjectState | null;
  readonly after: ProjectState;
  readonly written: boolean;
}

export type DecideProjectStep = (
  content: ProjectContent,
  standing: ProjectStanding | null,
  event: ProjectEvent,
) => ProjectStep;

/** A stored file is read as it was when it came in. @throws InputError `project.schema` */
export type ParseProject = (value: unknown) => ProjectContent;

/** One row of what people decided, chained to the one before it by its hash. */
export interface ProjectDecision {
  /** From 1, without gaps, within a tenant. */
  readonly sequence: number;
  readonly project: ProviderId;
  readonly what: ProjectEvent["what"];
  readonly by: Address;
  readonly before: ProjectState | null;
  readonly after: ProjectState;
  /** What the step said besides, as canonical JSON; `{}` where nothing. */
  readonly said: string;
  readonly at: UnixSeconds;
}

/** A day of which something is open of a provider whose methodology counts projects. */
export interface OpenProjectDay {
  readonly provider: ProviderId;
  readonly day: Day;
  /** How many open records begin on it. */
  readonly records: number;
}

/** Days that a closing takes of a project: whole months. There may be several ranges of one project. */
export interface ClosingProject extends DayRange {
  readonly project: ProviderId;
}

/** Why what is open of a project stays out of a closing. */
export interface LeftOutProject {
  readonly project: ProviderId;
  /** Ascending, as YYYY-MM. */
  readonly months: readonly string[];
  /** Open records of these months. */
  readonly records: number;
  readonly code: ProjectClosingCode;
  readonly sentence: string;
}

/** @throws StateError with the code of what was left out first, where nothing is left to close */
export type DecideClosingProjects = (
  projects: readonly Project[],
  open: readonly OpenProjectDay[],
) => { readonly taken: readonly ClosingProject[]; readonly leftOut: readonly LeftOutProject[] };
