import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import type { ActProof, ProofFile, ProofPart } from "../../../../src/format/proofs/proofFile.ts";
import { proveRange } from "../../../../src/format/proofs/rangeProof.ts";
import { sampleBatch, sampleWord } from "../support/sampleBatch.ts";
import {
  actFile,
  actsPart,
  partUnder,
  rangePart,
  retirementFile,
  sampleRetirement,
  starts,
} from "../support/sampleProof.ts";
import { code, verifyFile } from "../support/verifyFile.ts";

const batch = sampleBatch("proof", 23);
const begins = starts(batch);
const [start, end] = [(begins[3] as bigint) + 5n, (begins[9] as bigint) - 7n];
const record = sampleRetirement([{ batch, start, end }]);
const retirement = retirementFile(record, [partUnder(batch, start, end)]);
const act = actFile(actsPart(batch, [4]));

function withPart(file: ProofFile, change: Partial<ProofPart>): ProofFile {
  return { ...file, parts: [{ ...(file.parts[0] as ProofPart), ...change }] };
}

function withAct(change: Partial<ActProof>): ProofFile {
  return withPart(act, { acts: [{ ...(act.parts[0]?.acts?.[0] as ActProof), ...change }] });
}

describe("leaves of a proof", () => {
  const own = (act.parts[0] as ProofPart & { acts: [ActProof] }).acts[0];
  const steps = own.steps;

  it.each<[string, ProofFile, string]>([
    ["another index", withAct({ index: 5 }), "proof.root"],
    ["an index outside", withAct({ index: 23 }), "proof.index"],
    ["a step less", withAct({ steps: steps.slice(0, -1) }), "proof.truncated"],
    ["a step more", withAct({ steps: [...steps, { size: 1n, hash: sampleWord("x") }] }), "proof.extended"],
    ["steps in another order", withAct({ steps: steps.toReversed() }), "proof.root"],
    [
      "a step of no mass",
      withAct({ steps: [{ ...(steps[0] as (typeof steps)[number]), size: 0n }, ...steps.slice(1)] }),
      "proof.zero-size",
    ],
    [
      "a heavier step",
      withAct({ steps: steps.map((step, i) => (i === 1 ? { ...step, size: step.size + 1n } : step)) }),
      "proof.total",
    ],
    ["another leaf's bytes", withAct({ leaf: batch.leaves[5] as Uint8Array }), "proof.total"],
    ["an act twice", withPart(act, { acts: [own, own] }), "verify.order"],
    ["acts out of order", actFile(actsPart(batch, [4, 2])), "verify.order"],
    [
      "ranges over each other",
      withPart(retirement, {
        ranges: [...(rangePart(batch, 3, 6).ranges ?? []), ...(rangePart(batch, 6, 8).ranges ?? [])],
      }),
      "verify.order",
    ],
    [
      "a range with a leaf exchanged",
      withPart(retirement, {
        ranges: [{ first: 3, leaves: batch.leaves.slice(4, 10), steps: proveRange(batch.tree, 3, 8) }],
      }),
      "proof.total",
    ],
  ])("are refused with %s", async (_, file, expected) => {
    await expect(verifyFile(file)).rejects.toThrow(code(expected));
  });

  it("are refused where any byte of a leaf is changed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(178), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const leaf = own.leaf.slice();
        leaf[at] = (leaf[at] as number) ^ mask;
        await expect(verifyFile(withAct({ leaf }))).rejects.toThrow(code(/^(?:proof|leaf)\./));
      }),
    );
  });

  const wrong = (change: Parameters<typeof sampleBatch>[2]) => {
    const made = sampleBatch("wrong", 9, change);
    return actFile(actsPart(made, [2, 3, 4], false));
  };
  it.each<[string, ProofFile, string]>([
    [
      "a day outside the vintage",
      wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, day: 17_441 as never } : leaf) }),
      "verify.leaf",
    ],
    [
      "a day outside the methodology's validity",
      wrong({
        leaf: (leaf, i) => (i === 3 ? { ...leaf, day: 17_532 as never } : leaf),
        manifest: {
          vintage: {
            startDay: 17_420 as never,
            endDay: 17_531 as never,
            timeZone: "Asia/Singapore",
            tzdata: "2025b",
          },
        },
      }),
      "verify.leaf",
    ],
    [
      "a methodology that the manifest has not",
      wrong({
        leaf: (leaf, i) => (i === 3 ? { ...leaf, methodologyId: toHex(sampleWord("m")) as never } : leaf),
      }),
      "verify.leaf",
    ],
    [
      "a provider that the manifest has not",
      wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, providerIndex: 2 } : leaf) }),
      "verify.leaf",
    ],
    [
      "another scenario class than its methodology",
      wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, scenarioClass: 8 } : leaf) }),
      "verify.leaf",
    ],
    [
      "a link to another leaf",
      wrong({ leaf: (leaf, i) => (i === 3 ? { ...leaf, nextActivityKey: sampleWord("n") } : leaf) }),
      "verify.link",
    ],
    [
      "a link that ends the chain too early",
      wrong({
        leaf: (leaf, i) => (i === 4 ? { ...leaf, nextActivityKey: new Uint8Array(32).fill(0xff) } : leaf),
      }),
      "verify.link",
    ],
    [
      "a link to below itself",
      wrong({ leaf: (leaf, i) => (i === 4 ? { ...leaf, nextActivityKey: new Uint8Array(32) } : leaf) }),
      "verify.link",
    ],
    [
      "a list of scenario classes that is not ours",
      wrong({
        manifest: {
          scenarioClasses: { version: 2, hash: toHex(sampleWord("list")) },
        },
      }),
      "verify.scenario-classes",
    ],
  ])("of a batch with %s are refused although they are well proven", async (_, file, expected) => {
    await expect(verifyFile(file)).rejects.toThrow(code(expected));
  });

  it("of a batch whose keys fall across a gap are refused", async () => {
    const made = sampleBatch("gap", 9, {
      leaf: (leaf, i) => (i === 6 ? { ...leaf, activityKey: new Uint8Array(32).fill(1) as never } : leaf),
    });
    await expect(verifyFile(actFile(actsPart(made, [2, 6], false)))).rejects.toThrow(code("verify.link"));
  });

  it("of a last leaf that does not end the chain are refused", async () => {
    const made = sampleBatch("last", 9, {
      leaf: (leaf, i) => (i === 8 ? { ...leaf, nextActivityKey: new Uint8Array(32).fill(0xfe) } : leaf),
    });
    await expect(verifyFile(actFile(actsPart(made, [8], false)))).rejects.toThrow(code("verify.link"));
  });

  it("of a manifest with another total, root or count are refused", async () => {
    for (const manifest of [
      { totalMilligrams: (batch.tree.total + 1n) as Milligrams },
      { root: toHex(sampleWord("root")) },
      { leafCount: 40 },
    ]) {
      const other = sampleBatch("proof", 23, { manifest });
      await expect(verifyFile(actFile(actsPart(other, [4])))).rejects.toThrow(code(/^proof\./));
    }
  });
});
