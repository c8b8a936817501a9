import type { ProviderId } from "../../base/types/ids.ts";
import type { AssetClaim, Reduction } from "../../base/types/reduction.ts";
import type { AssetMonthClaim, AssetMonths, ClaimCode, ProjectMonthSum } from "./ports.ts";

/** The assets' months that these reductions touch; of those without an asset there are none. */
export function openAssetMonths(reductions: readonly Reduction[]): AssetMonths {
  const opened = new OpenedMonths();
  for (const { claim } of reductions) if (claim) opened.place(claim);
  return opened;
}

/**
 * A class on an asset's month is counted by acts, or by one project: whoever was admitted first. Within a
 * chunk the first by order wins, as everywhere in admission. So it does of a project's months: whichever
 * would take them above what the project is registered with stays out.
 */
class OpenedMonths implements AssetMonths {
  readonly months: { readonly asset: AssetClaim["asset"]; readonly month: number }[] = [];
  readonly added: AssetMonthClaim[] = [];
  readonly #places = new Map<string, number>();
  readonly projectMonths: { readonly project: ProviderId; readonly month: number }[] = [];
  readonly raised: ProjectMonthSum[] = [];
  readonly #projectPlaces = new Map<string, number>();
  readonly #sums = new Map<number, Omit<ProjectMonthSum, "of">>();
  /** By place and class. */
  readonly #known = new Map<string, AssetMonthClaim>();

  place({ asset, month, limit }: AssetClaim): void {
    if (limit) this.#placeProject(limit.project, month);
    const name = nameOf(asset, month);
    if (this.#places.has(name)) return;
    this.#places.set(name, this.months.length);
    this.months.push({ asset, month });
  }

  enter(claim: AssetMonthClaim): void {
    this.#known.set(classOf(claim.of, claim.class), claim);
  }

  enterSum({ of, installations, quantity }: ProjectMonthSum): void {
    this.#sums.set(of, { installations, quantity });
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
    if (isCertified(claim, this.#known.get(classOf(place, CERTIFICATES)))) return "claim.certificate";
    return this.#isAboveLimit(claim, record.quantity);
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
    this.#raise(claim, record.quantity);
  }

  #isAboveLimit({ limit, month }: AssetClaim, quantity: bigint): ClaimCode | null {
    if (!limit) return null;
    const sum = this.#sumOf(this.#placeProject(limit.project, month));
    if (sum.installations >= limit.installations) return "project.above-count";
    return limit.most !== null && sum.quantity + quantity > limit.most ? "project.above-capacity" : null;
  }

  /** An installation's month is one record: its key is the installation's, a second one a duplicate. */
  #raise({ limit, month }: AssetClaim, quantity: bigint): void {
    if (!limit) return;
    const of = this.#placeProject(limit.project, month);
    const by = { installations: 1, quantity: limit.most === null ? 0n : quantity };
    const sum = this.#sumOf(of);
    this.#sums.set(of, {
      installations: sum.installations + by.installations,
      quantity: sum.quantity + by.quantity,
    });
    this.raised.push({ of, ...by });
  }

  #sumOf(of: number): Omit<ProjectMonthSum, "of"> {
    return this.#sums.get(of) ?? { installations: 0, quantity: 0n };
  }

  #placeProject(project: ProviderId, month: number): number {
    const name = nameOf(project, month);
    const known = this.#projectPlaces.get(name);
    if (known !== undefined) return known;
    this.#projectPlaces.set(name, this.projectMonths.length);
    return this.projectMonths.push({ project, month }) - 1;
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

const nameOf = (asset: string, month: number): string => `${asset} ${String(month)}`;
const classOf = (place: number, scenario: string): string => `${String(place)} ${scenario}`;
