import { toHex } from "../../base/lib/bytes.ts";
import { yearOfDay } from "../../base/lib/time/calendar.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import { decodeLeaf } from "../../format/batch/leaf.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import { methodologyIdOf } from "../../format/batch/methodology.ts";
import { CapSums } from "../../format/batch/methodologies/capSums.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";

/** Of a leaf, where its methodology's id stands. */
const METHODOLOGY = { from: 65, to: 97 };

/**
 * Holds a batch and earlier ones of its operator together against the caps of its methodologies on
 * everybody's year. Whoever admitted honestly had used no more, whatever the order and however it was cut
 * into batches: nothing that is in a batch gives room back.
 */
export class YearCheck {
  /** By id, all versions of the batch's methodologies that have such a cap. */
  readonly #capped = new Map<string, Methodology>();
  readonly #sums: CapSums;
  #fault: string | null = null;

  constructor(batch: Manifest, earlier: readonly Manifest[]) {
    const own = new Set(batch.methodologies.flatMap((one) => nameOfCapped(one) ?? []));
    const all = [batch, ...earlier].flatMap(({ methodologies }) => methodologies);
    for (const methodology of all)
      if (own.has(nameOfCapped(methodology) ?? ""))
        this.#capped.set(methodologyIdOf(methodology), methodology);
    this.#sums = new CapSums([...this.#capped.values()]);
  }

  /** Whether leaves of a batch may count. */
  concerns({ methodologies }: Manifest): boolean {
    return methodologies.some((methodology) => this.#capped.has(methodologyIdOf(methodology)));
  }

  /** @param bytes a leaf of one of the batches, each leaf once */
  add(bytes: Uint8Array): void {
    if (this.#fault !== null) return;
    const methodology = this.#capped.get(toHex(bytes.subarray(METHODOLOGY.from, METHODOLOGY.to)));
    if (methodology === undefined) return;
    const { milligrams, day } = decodeLeaf(bytes);
    const fault = this.#sums.add({ methodology, milligrams, day, subjectKey: null });
    if (fault === null) return;
    this.#fault =
      `${fault.of} ${String(yearOfDay(day))} comes to ${String(fault.sum)} mg or more, and ` +
      `${methodology.code} caps it at ${String(fault.most)} mg`;
  }

  /** The first cap that they went beyond, without a full stop; null where there is none. */
  fault(): string | null {
    return this.#fault;
  }
}

/** Under which name a methodology's versions share everybody's year; null where it has no cap on that. */
function nameOfCapped(methodology: Methodology): string | null {
  const caps = periodCapsOf(methodology);
  return caps === null || caps.programmeYear === null ? null : caps.methodology;
}
