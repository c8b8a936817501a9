import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchId } from "../../../../src/base/lib/ids.ts";
import { milligrams } from "../../../../src/base/lib/mass.ts";
import { decideBatchStep } from "../../../../src/stages/pool/decideBatchStep.ts";
import type { BatchEvent, BatchState } from "../../../../src/stages/pool/ports.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const ID = batchId(`0x${"a".repeat(64)}`);
const LIFE: readonly BatchState[] = ["sealed", "committing", "committed", "minting", "minted"];
const COMMIT = { kind: "begun", step: "commit" } as const;
const MINT = { kind: "begun", step: "mint" } as const;
const NO_COMMIT = { kind: "failed", step: "commit" } as const;
const NO_MINT = { kind: "failed", step: "mint" } as const;
const COMMITTED = { kind: "shown", state: "committed" } as const;
const MINTED = { kind: "shown", state: "minted", mintedMilligrams: milligrams(1n) } as const;
const EVENTS: readonly BatchEvent[] = [COMMIT, MINT, NO_COMMIT, NO_MINT, COMMITTED, MINTED];
const reach = (state: BatchState, event: BatchEvent): BatchState | null => {
  try {
    return decideBatchStep(ID, state, event).to;
  } catch {
    return null;
  }
};

describe("a batch's next state", () => {
  it.each<[BatchEvent, (BatchState | null)[]]>([
    [COMMIT, ["committing", "committing", null, null, null]],
    [NO_COMMIT, ["sealed", "sealed", null, null, null]],
    [MINT, [null, null, "minting", "minting", null]],
    [NO_MINT, [null, null, "committed", "committed", null]],
    [COMMITTED, ["committed", "committed", "committed", "minting", "minted"]],
    [MINTED, ["minted", "minted", "minted", "minted", "minted"]],
  ])("after %o", (event, expected) => {
    expect(LIFE.map((state) => reach(state, event))).toEqual(expected);
  });

  it("is refused by name for a batch that is not here, or not sealed yet", () => {
    for (const event of EVENTS) {
      for (const state of [null, "closing"] as const)
        expect(() => decideBatchStep(ID, state, event)).toThrowError(refusedFor("batch.state"));
    }
  });

  it.each<[BatchState | null, BatchEvent, string]>([
    [null, COMMIT, "is not here, so its commit can't begin"],
    ["committed", COMMIT, "is committed, so its commit can't begin"],
    ["sealed", MINT, "is sealed, so its mint can't begin"],
    ["minting", NO_COMMIT, "is minting, so its commit can't have failed"],
    ["sealed", NO_MINT, "is sealed, so its mint can't have failed"],
    ["closing", COMMITTED, "is closing, so it can't be committed on chain"],
    [null, MINTED, "is not here, so it can't be minted on chain"],
  ])("where it is %s says of %o what can't be", (state, event, told) => {
    expect(() => decideBatchStep(ID, state, event)).toThrow(`Batch ${ID} ${told}. Run the command again.`);
  });

  it("tells integrators of each milestone once on any way, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 20 }), (events) => {
        let state: BatchState = "sealed";
        const told: string[] = [];
        for (const event of events) {
          if (reach(state, event) === null) continue;
          const step = decideBatchStep(ID, state, event);
          told.push(...step.told);
          state = step.to;
        }
        const reached = new Set<string>(LIFE.slice(0, LIFE.indexOf(state) + 1));
        expect(told).toEqual(["committed", "minted"].filter((one) => reached.has(one)));
      }),
    );
  });

  it("changes nothing where the same happens again", () => {
    for (const event of EVENTS) {
      for (const state of LIFE) {
        const to = reach(state, event);
        const again = to === null ? null : decideBatchStep(ID, to, event);
        expect(again).toEqual(to === null ? null : { to, told: [] });
      }
    }
  });
});
