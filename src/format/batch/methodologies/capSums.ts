import { yearOfDay } from "../../../base/lib/calendar.ts";
import { toHex } from "../../../base/lib/bytes.ts";
import type { SubjectKey } from "../../../base/types/ids.ts";
import type { Methodology } from "../../../base/types/methodology.ts";
import type { Day, Milligrams } from "../../../base/types/quantities.ts";
import type { PeriodCaps } from "../../../base/types/reduction.ts";
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
  readonly of: "a subject's day" | "a subject's year" | "everybody's year";
  readonly sum: bigint;
  readonly most: Milligrams;
}

interface Cap {
  readonly of: CapFault["of"];
  readonly name: "subjectDay" | "subjectYear" | "programmeYear";
}
const CAPS: readonly Cap[] = [
  { of: "a subject's day", name: "subjectDay" },
  { of: "a subject's year", name: "subjectYear" },
  { of: "everybody's year", name: "programmeYear" },
];

/**
 * Adds up leaves of one batch against the caps on days and years, for whoever verifies. Versions of a
 * methodology count into one sum, and where their caps differ, those of the lower ones are held against
 * theirs besides: whoever admitted the last of them had no more before it.
 */
export class CapSums {
  /** By methodology and cap: all bounds that its versions have, ascending, each once. */
  readonly #bounds = new Map<string, readonly Milligrams[]>();
  readonly #sums = new Map<string, bigint>();

  constructor(methodologies: readonly Methodology[]) {
    const all = methodologies.flatMap((methodology) => periodCapsOf(methodology) ?? []);
    for (const { methodology } of all) {
      const versions = all.filter((other) => other.methodology === methodology);
      for (const { name } of CAPS) {
        const bounds = new Set(versions.flatMap((caps) => caps[name] ?? []));
        this.#bounds.set(
          `${methodology} ${name}`,
          [...bounds].toSorted((a, b) => (a < b ? -1 : 1)),
        );
      }
    }
  }

  /** Adds a leaf; the first cap that it goes beyond, or null. */
  add(leaf: CappedLeaf): CapFault | null {
    const caps = periodCapsOf(leaf.methodology);
    if (caps === null) return null;
    for (const cap of CAPS) {
      const fault = this.#addTo(cap, caps, leaf);
      if (fault !== null) return fault;
    }
    return null;
  }

  #addTo({ of, name }: Cap, caps: PeriodCaps, leaf: CappedLeaf): CapFault | null {
    const own = caps[name];
    if (own === null) return null;
    const { milligrams, subjectKey } = leaf;
    const isEverybodys = name === "programmeYear";
    if (subjectKey === null && !isEverybodys)
      return milligrams > own ? { of, sum: milligrams, most: own } : null;
    const whose = isEverybodys || subjectKey === null ? "" : toHex(subjectKey);
    const period = name === "subjectDay" ? leaf.day : yearOfDay(leaf.day);
    for (const most of this.#bounds.get(`${caps.methodology} ${name}`) ?? [own]) {
      if (most < own) continue;
      const account = `${caps.methodology} ${name} ${String(most)} ${String(period)} ${whose}`;
      const sum = (this.#sums.get(account) ?? 0n) + milligrams;
      if (sum > most) return { of, sum, most };
      this.#sums.set(account, sum);
    }
    return null;
  }
}
