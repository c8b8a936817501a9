import type { ImplausibleActCode, ImplausibleDayCode } from "../../base/types/plausibility.ts";

/**
 * Every reason for which an act is held to be impossible, with its sentence. Closed, like the reason codes of
 * ingest.
 */
export const IMPLAUSIBLE_SENTENCES: Readonly<Record<ImplausibleActCode | ImplausibleDayCode, string>> = {
  "plausibility.too-much": "No act of this kind comes to such a quantity.",
  "plausibility.too-long": "No act of this kind lasts so long.",
  "plausibility.too-fast": "No vehicle of this kind covers such a distance in this time.",
  "plausibility.too-strong": "No connection of this kind carries so much energy in this time.",
  "plausibility.closed-hours": "Nothing runs in the region at the local hour at which the act started.",
  "plausibility.no-bounds":
    "The region had no bounds for acts of this class on the day on which it started, so nobody can say " +
    "whether it can be true. Have the registrar publish plausibility rules that name the class.",
  "plausibility.asset-kind": "Acts of this class don't name assets of this kind.",
  "plausibility.acts-a-day":
    "The subject has as many acts of this kind on this local day as one person can have.",
  "plausibility.quantity-a-day":
    "With this act the subject would have more on this local day than one person can have.",
  "plausibility.too-soon":
    "The subject's act of this kind before or after it is closer than two of one person can be.",
  "plausibility.at-once": "The subject has an act that goes on at the same time, and nobody can be in both.",
};

/** Why a record is held to be impossible; `field` names what of the record decided. */
export interface Implausible {
  readonly code: ImplausibleActCode | ImplausibleDayCode;
  readonly field: "startedAt" | "endedAt" | "quantity" | "scenario" | "asset";
  readonly sentence: string;
}

/** What of the record decides under each code. */
const FIELDS: Readonly<Record<Implausible["code"], Implausible["field"]>> = {
  "plausibility.too-much": "quantity",
  "plausibility.too-long": "endedAt",
  "plausibility.too-fast": "quantity",
  "plausibility.too-strong": "quantity",
  "plausibility.closed-hours": "startedAt",
  "plausibility.no-bounds": "scenario",
  "plausibility.asset-kind": "asset",
  "plausibility.acts-a-day": "startedAt",
  "plausibility.quantity-a-day": "quantity",
  "plausibility.too-soon": "startedAt",
  "plausibility.at-once": "startedAt",
};

export function implausible(code: Implausible["code"]): Implausible {
  return { code, field: FIELDS[code], sentence: IMPLAUSIBLE_SENTENCES[code] };
}
