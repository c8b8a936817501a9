import type { SubjectKey } from "../../../base/types/ids.ts";
import type { Methodology } from "../../../base/types/methodology.ts";
import type { Day, Milligrams } from "../../../base/types/quantities.ts";
import type { CapKind } from "../../../base/types/reduction.ts";
import { AccountSums } from "./accountSums.ts";
import { capAccounts, type CapBound } from "./capAccounts.ts";
import { periodCapsOf } from "./periodCapsOf.ts";

/** A leaf as caps see it. */
export interface CappedLeaf {
  readonly methodology: Methodology;
  readonly milligrams: Milligrams;
  readonly day: Day;
  /** Null where it is not known whose it is: then a subject's caps bound the leaf alone. */
  readonly subjectKey: SubjectKey | null;
}

/** How leaves go beyond a cap. */
export interface CapFault {
  readonly of: (typeof NAMES)[CapKind];
  readonly sum: bigint;
  readonly most: Milligrams;
}

const NAMES = {
  "subject-day": "a subject's day",
  "subject-year": "a subject's year",
  "programme-year": "everybody's year",
} as const satisfies Record<CapKind, string>;

/** A bound that some version of a methodology has, with a number of its own. */
interface Bound {
  readonly number: number;
  readonly most: Milligrams;
}

/**
 * Adds up leaves against the caps on days and years, for whoever verifies. Versions of a methodology count
 * into one sum, and where their caps differ, those of the lower ones are held against theirs besides: whoever
 * admitted the last of them had no more before it.
 */
export class CapSums {
  /** By methodology and kind: all bounds that its versions have, ascending, each once. */
  readonly #bounds = new Map<string, readonly Bound[]>();
  readonly #sums = new AccountSums();

  constructor(methodologies: readonly Methodology[]) {
    const mosts = new Map<string, Set<Milligrams>>();
    for (const methodology of methodologies) {
      const caps = periodCapsOf(methodology);
      // The kinds and bounds are those of any day and anybody.
      for (const { account, most } of caps === null ? [] : capAccounts(caps, 0 as Day, null)) {
        const name = kindOf(account);
        mosts.set(name, (mosts.get(name) ?? new Set()).add(most));
      }
    }
    let number = 0;
    for (const [name, all] of mosts) {
      const ascending = [...all].toSorted((a, b) => (a < b ? -1 : 1));
      this.#bounds.set(
        name,
        ascending.map((most) => ({ number: number++, most })),
      );
    }
  }

  /** Adds a leaf; the first cap that it goes beyond, or null. */
  add({ methodology, milligrams, day, subjectKey }: CappedLeaf): CapFault | null {
    const caps = periodCapsOf(methodology);
    if (caps === null) return null;
    for (const bound of capAccounts(caps, day, subjectKey)) {
      const fault = this.#addTo(bound, milligrams);
      if (fault !== null) return fault;
    }
    return null;
  }

  #addTo({ account, most: own }: CapBound, milligrams: Milligrams): CapFault | null {
    const { kind, subjectKey, period } = account;
    if (subjectKey === null && kind !== "programme-year")
      return milligrams > own ? { of: NAMES[kind], sum: milligrams, most: own } : null;
    for (const { number, most } of this.#bounds.get(kindOf(account)) ?? []) {
      if (most < own) continue;
      const place = this.#sums.placeOf(subjectKey, period, number);
      const sum = this.#sums.at(place) + milligrams;
      if (sum > most) return { of: NAMES[kind], sum, most };
      this.#sums.set(place, sum);
    }
    return null;
  }
}

const kindOf = ({ methodology, kind }: CapBound["account"]): string => `${methodology} ${kind}`;
