import type { AssetClaim, Reduction } from "../../base/types/reduction.ts";
import type { AssetMonthClaim, AssetMonths, ClaimCode } from "./ports.ts";

/** The assets' months that these reductions touch; of those without an asset there are none. */
export function openAssetMonths(reductions: readonly Reduction[]): AssetMonths {
  const opened = new OpenedMonths();
  for (const { claim } of reductions) if (claim) opened.place(claim);
  return opened;
}

/**
 * A class on an asset's month is counted by acts, or by one project: whoever was admitted first. Within a
 * chunk the first by order wins, as everywhere in admission.
 */
class OpenedMonths implements AssetMonths {
  readonly months: { readonly asset: AssetClaim["asset"]; readonly month: number }[] = [];
  readonly added: AssetMonthClaim[] = [];
  readonly #places = new Map<string, number>();
  /** By place and class. */
  readonly #known = new Map<string, AssetMonthClaim>();

  place({ asset, month }: AssetClaim): void {
    const name = nameOf(asset, month);
    if (this.#places.has(name)) return;
    this.#places.set(name, this.months.length);
    this.months.push({ asset, month });
  }

  enter(claim: AssetMonthClaim): void {
    this.#known.set(classOf(claim.of, claim.class), claim);
  }

  judge({ claim, record }: Reduction): ClaimCode | null {
    const place = this.#placeOf(claim);
    if (!claim || place === null) return null;
    for (const scenario of claim.classes) {
      const other = this.#known.get(classOf(place, scenario));
      if (!other) continue;
      if (other.side === "project" && (claim.side === "act" || other.claimant !== record.provider))
        return "claim.project-month";
      if (other.side === "act" && claim.side === "project") return "claim.acts";
    }
    return isCertified(claim, this.#known.get(classOf(place, CERTIFICATES))) ? "claim.certificate" : null;
  }

  keep({ claim, record }: Reduction): void {
    const place = this.#placeOf(claim);
    if (!claim || place === null) return;
    for (const scenario of claim.classes) {
      if (this.#known.has(classOf(place, scenario))) continue;
      const entered: AssetMonthClaim = {
        of: place,
        class: scenario,
        side: claim.side,
        claimant: record.provider,
        certified: 0n,
      };
      this.enter(entered);
      this.added.push(entered);
    }
  }

  #placeOf(claim: AssetClaim | undefined): number | null {
    return claim ? (this.#places.get(nameOf(claim.asset, claim.month)) ?? null) : null;
  }
}

/** The class under which certificates stand. */
const CERTIFICATES = "";

function isCertified({ certificates, certified }: AssetClaim, other: AssetMonthClaim | undefined): boolean {
  if (!other || certificates === "indifferent") return false;
  return certificates === "voids" || certified < other.certified;
}

const nameOf = (asset: string, month: number): string => `${asset}${String(month)}`;
const classOf = (place: number, scenario: string): string => `${String(place)} ${scenario}`;
