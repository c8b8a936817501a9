import type { ConfidentialLeaf } from "../../base/types/confidentialLeaf.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";
import { CapSums } from "../../format/batch/methodologies/capSums.ts";
import { capsSubjects } from "../../format/batch/methodologies/capsSubjects.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";

/** Leaves of a batch whose methodologies cap days or years. */
export interface CapCounts {
  readonly leaves: number;
  /** Those among them that weigh less than their records come to. */
  readonly cut: number;
}

/**
 * Holds the leaves of a batch against the caps of their methodologies on days and years. What a cap left of a
 * leaf is its operator's to say: other batches may have used the rest, and no verifier of this one sees them.
 * That it is no more than the records come to, and that all leaves together keep to the caps, is seen here.
 */
export class CapCheck {
  readonly #sums: CapSums;
  #leaves = 0;
  #cut = 0;

  constructor(methodologies: readonly Methodology[]) {
    this.#sums = new CapSums(methodologies);
  }

  /**
   * What a leaf weighs.
   * @param counted what its records come to
   * @param refuse throws, by code and reason
   */
  weigh(
    { subjectKey, cutTo }: Pick<ConfidentialLeaf, "subjectKey" | "cutTo">,
    { methodology, day, counted }: { methodology: Methodology; day: Day; counted: Milligrams },
    refuse: (code: "cut" | "cap", what: string) => Error,
  ): Milligrams {
    const weight = cutTo ?? counted;
    const caps = periodCapsOf(methodology);
    if (weight <= 0n) throw refuse("cut", "it weighs nothing");
    if (weight > counted)
      throw refuse("cut", `it weighs ${String(weight)} mg, and its records come to ${String(counted)} mg`);
    if (caps === null) {
      if (weight < counted)
        throw refuse(
          "cut",
          "it weighs less than its records come to, and its methodology caps no day or year",
        );
      return weight;
    }
    if (subjectKey === null && capsSubjects(caps))
      throw refuse("cap", "it names no subject, and its methodology caps what a subject earns");
    const fault = this.#sums.add({ methodology, milligrams: weight, day, subjectKey });
    if (fault !== null)
      throw refuse(
        "cap",
        `with it ${fault.of} comes to ${String(fault.sum)} mg in this batch, and ` +
          `${methodology.code} caps it at ${String(fault.most)} mg`,
      );
    this.#leaves += 1;
    if (weight < counted) this.#cut += 1;
    return weight;
  }

  counts(): CapCounts {
    return { leaves: this.#leaves, cut: this.#cut };
  }
}
