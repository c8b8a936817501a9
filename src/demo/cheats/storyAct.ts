import type { Unit } from "../../base/types/activityRecord.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { Chance } from "../generate/chanceOf.ts";
import type { CityClock } from "../generate/cityClock.ts";

/** How hard a cheat tries not to be seen. */
export const STRENGTHS = ["subtle", "blatant"] as const;
export type Strength = (typeof STRENGTHS)[number];

/** One act of the city as it is reported, true or not. */
export interface StoryAct {
  readonly person: number;
  readonly scenario: "metro" | "bus" | "bike" | "ev-charging" | "clean-plate";
  readonly startedAt: UnixSeconds;
  readonly endedAt: UnixSeconds | null;
  /** Thousandths of the scenario's unit. */
  readonly milli: number;
}

/** An act that happened, by the kind of person whose it is; or one that did not. */
export type Label =
  | { readonly isCheat: false; readonly kind: HonestKind }
  | { readonly isCheat: true; readonly kind: CheatKind; readonly strength: Strength; readonly story: number };

export type LabelledAct = StoryAct & { readonly label: Label };

/** Whose honest acts: those of the generated city day, and of people whose days look odd and are not. */
export const HONEST_KINDS = [
  "city-day",
  "courier",
  "taxi",
  "two-cars",
  "transfer",
  "late-rider",
  "diner",
] as const;
export type HonestKind = (typeof HONEST_KINDS)[number];

export const CHEAT_KINDS = [
  "teleport",
  "inflated-distance",
  "parked-in-station",
  "night-metro",
  "phone-shaker",
  "chopped-ride",
  "shifted-clone",
  "two-places-at-once",
  "too-many-trips",
  "charging-repeated",
  "oversized-battery",
  "impossible-power",
  "too-many-meals",
  "meal-told-twice",
  "wrong-date",
] as const;
export type CheatKind = (typeof CHEAT_KINDS)[number];

/** What a story is made of. */
export interface Stuff {
  readonly chance: Chance;
  readonly clock: CityClock;
  /** Somebody who has no other acts. */
  readonly stranger: number;
  /** An honest ride of somebody with honest acts. */
  readonly ride: StoryAct;
}

export const UNITS: Readonly<Record<StoryAct["scenario"], Unit>> = {
  metro: "passenger-km",
  bus: "trip",
  bike: "km",
  "ev-charging": "kWh",
  "clean-plate": "meal",
};
