import { describe, expect, it } from "vitest";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import type { BatchId, MethodologyId } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../../src/base/types/quantities.ts";
import {
  openGram,
  showBrokenLink,
  showDoubleClaim,
  showOutsideMethodology,
  type ProvenLeaf,
} from "../../../../src/format/proofs/disputes.ts";
import { toldCodeOf, commitmentFrom, proofFrom, vectors, type ProofVector } from "../support/vectors.ts";

type Place = ProofVector & { batchId: BatchId };
interface Terms {
  vintage: { startDay: Day; endDay: Day };
  validity: { methodologyId: MethodologyId; first: Day; last: Day }[];
}
const file = vectors("disputes") as {
  doubleClaim: { name: string; one: Place; other: Place; error?: string }[];
  brokenLink: { name: string; leaf: ProofVector; next: ProofVector | null; fault?: string; error?: string }[];
  outsideMethodology: { name: string; leaf: ProofVector; terms: Terms; fault?: string; error?: string }[];
  openGram: { name: string; leaf: ProofVector; position: string; error?: string }[];
  key: string;
};

const proven = (place: Place): ProvenLeaf => ({
  batchId: place.batchId,
  commitment: commitmentFrom(place),
  proof: proofFrom(place),
});
const termsFrom = ({ vintage, validity }: Terms) => ({
  vintage,
  validity: new Map(validity.map(({ methodologyId, first, last }) => [methodologyId, { first, last }])),
});
/** The same proof with its last step heavier. */
const forged = <T extends ProofVector>(vector: T): T => ({
  ...vector,
  steps: vector.steps.map((step, i) =>
    i === 0 ? { ...step, size: (BigInt(step.size) + 1n).toString() } : step,
  ),
});

describe("evidence of a double claim", () => {
  it("shows one key in two leaves, or is refused", () => {
    for (const { name, one, other, error } of file.doubleClaim) {
      expect([name, toldCodeOf(() => showDoubleClaim(proven(one), proven(other)))]).toEqual([
        name,
        error ?? "accepted",
      ]);
      if (error === undefined) expect(toHex(showDoubleClaim(proven(one), proven(other)))).toBe(file.key);
    }
  });

  it("stands on both proofs", () => {
    const [{ one, other }] = file.doubleClaim as [(typeof file.doubleClaim)[number]];
    expect(toldCodeOf(() => showDoubleClaim(proven(forged(one)), proven(other)))).toBe("proof.total");
    expect(toldCodeOf(() => showDoubleClaim(proven(one), proven(forged(other))))).toBe("proof.total");
  });
});

describe("evidence of a broken link", () => {
  it("shows each of the three faults, or is refused", () => {
    for (const { name, leaf, next, fault, error } of file.brokenLink) {
      const show = () =>
        showBrokenLink(commitmentFrom(leaf), proofFrom(leaf), next === null ? null : proofFrom(next));
      expect([name, toldCodeOf(show)]).toEqual([name, error ?? "accepted"]);
      if (fault !== undefined) expect(show()).toBe(fault);
    }
  });

  it("stands on both proofs", () => {
    const { leaf, next } = file.brokenLink[1] as { leaf: ProofVector; next: ProofVector };
    expect(
      toldCodeOf(() => showBrokenLink(commitmentFrom(leaf), proofFrom(forged(leaf)), proofFrom(next))),
    ).toBe("proof.total");
    expect(
      toldCodeOf(() => showBrokenLink(commitmentFrom(leaf), proofFrom(leaf), proofFrom(forged(next)))),
    ).toBe("proof.total");
  });
});

describe("evidence of a leaf outside its terms", () => {
  it("shows vintage, validity or methodology, or is refused", () => {
    for (const { name, leaf, terms, fault, error } of file.outsideMethodology) {
      const show = () => showOutsideMethodology(commitmentFrom(leaf), proofFrom(leaf), termsFrom(terms));
      expect([name, toldCodeOf(show)]).toEqual([name, error ?? "accepted"]);
      if (fault !== undefined) expect(show().fault).toBe(fault);
    }
  });

  it("counts the first and the last day as inside", () => {
    const { leaf, terms } = file.outsideMethodology[3] as { leaf: ProofVector; terms: Terms };
    const [rule] = terms.validity as [Terms["validity"][number]];
    const day = rule.first;
    const exactly: Terms = {
      vintage: { startDay: day, endDay: day },
      validity: [{ ...rule, first: day, last: day }],
    };
    expect(
      toldCodeOf(() => showOutsideMethodology(commitmentFrom(leaf), proofFrom(leaf), termsFrom(exactly))),
    ).toBe("dispute.inside");
    const ended: Terms = { ...exactly, validity: [{ ...rule, first: 0 as Day, last: (day - 1) as Day }] };
    expect(showOutsideMethodology(commitmentFrom(leaf), proofFrom(leaf), termsFrom(ended)).fault).toBe(
      "validity",
    );
  });
});

describe("opening of a gram", () => {
  it("shows the leaf that holds it, or is refused", () => {
    for (const { name, leaf, position, error } of file.openGram) {
      const answer = () => openGram(commitmentFrom(leaf), BigInt(position) as Milligrams, proofFrom(leaf));
      expect([name, toldCodeOf(answer)]).toEqual([name, error ?? "accepted"]);
    }
  });
});
