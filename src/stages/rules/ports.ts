import type { Address, Hex, RegionCode, TenantId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";

/** What a folder's rules are of. */
export const RULE_KINDS = ["methodology", "scenario-classes", "plausibility", "recognition"] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/**
 * `proposed` → `published` → `withdrawn`; there is no way back. A proposal that was taken back is
 * `retracted`: nothing is left of it but what was decided.
 */
export type RuleState = "proposed" | "published" | "withdrawn" | "retracted";

/** What a rule's file says of itself, as far as its standing depends on it. */
export interface RuleContent {
  readonly kind: RuleKind;
  /** keccak-256 of `json`. */
  readonly id: Hex;
  /** Canonical JSON of the whole file. */
  readonly json: string;
  readonly region: RegionCode;
  /** A methodology's code; of any other kind the kind itself. */
  readonly name: string;
  readonly version: string;
  /** The zone of its region's days; null where the kind has none. */
  readonly timeZone: string | null;
  /** What it counts; null where the kind counts nothing. */
  readonly scenario: string | null;
  /** The first second of its validity; 0 where it has always been valid. */
  readonly validFrom: UnixSeconds;
  /** The first second behind its validity; null where it has no end. */
  readonly validTo: UnixSeconds | null;
}

/** A rule of this folder with its standing. */
export interface Rule extends RuleContent {
  readonly state: RuleState;
  /** Who brought it here; a proposal is nobody else's to see. */
  readonly tenant: TenantId;
  /** Null where a published one was taken over. */
  readonly proposedBy: Address | null;
  readonly publishedBy: Address | null;
  readonly publishedAt: UnixSeconds | null;
  readonly withdrawnAt: UnixSeconds | null;
}

/** Regions for which a registrar signs; null for all. */
type Regions = readonly RegionCode[] | null;

/** What somebody does to a rule, or what the chain shows of it. */
export type RuleEvent =
  | { readonly what: "propose"; readonly by: Address; readonly at: UnixSeconds }
  /** Whoever proposed it takes it back. */
  | { readonly what: "retract"; readonly by: Address; readonly at: UnixSeconds }
  | {
      readonly what: "publish";
      readonly by: Address;
      readonly regions: Regions;
      readonly at: UnixSeconds;
    }
  /** The chain's registry has it as published, by whom and since when. */
  | { readonly what: "shown"; readonly by: Address; readonly at: UnixSeconds }
  | {
      readonly what: "withdraw";
      readonly by: Address;
      readonly regions: Regions;
      readonly at: UnixSeconds;
      readonly why: string;
    };

/** The rules beside which one is judged. */
export interface RuleSurroundings {
  /** Published and withdrawn ones of any kind, those that ship among them. */
  readonly others: readonly (RuleContent & Pick<Rule, "state">)[];
  /** True on a local network, where `TEST-` methodologies count. */
  readonly local: boolean;
  /** Whether the chain's time is not held against a rule's beginning: opened on local networks alone. */
  readonly reachBack: boolean;
  /** True where a local network rehearses what takes months: a version may begin before it is published. */
  readonly rehearsal: boolean;
  /** How many proposals of the tenant no registrar has published yet. */
  readonly openProposals: number;
}

/** Where an event takes a rule. Equal states: it was there already, and nothing is to be written. */
export interface RuleStep {
  readonly before: RuleState | null;
  readonly after: RuleState;
}

export type DecideRuleStep = (
  content: RuleContent,
  standing: Pick<Rule, "state" | "proposedBy"> | null,
  event: RuleEvent,
  around: RuleSurroundings,
) => RuleStep;

/** One row of what people decided, chained to the one before it by its hash. */
export interface Decision {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly kind: RuleKind;
  readonly id: Hex;
  readonly what: RuleEvent["what"];
  readonly by: Address;
  readonly before: RuleState | null;
  readonly after: RuleState;
  /** Null where the step needs no reason. */
  readonly why: string | null;
  readonly at: UnixSeconds;
}
