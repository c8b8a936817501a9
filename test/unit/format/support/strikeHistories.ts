import fc from "fast-check";
import type { WholeBatch } from "../../../../scripts/generate/vectors/honestSpans.ts";
import { StateError } from "../../../../src/base/errors/errors.ts";
import { bigEndian } from "../../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import {
  accountsAtCommit,
  coveredMilligrams,
  cureByBurning,
  cureByReplacing,
  mintMain,
  mintRest,
  retireNext,
  strikeLeaf,
  type BatchAccounts,
} from "../../../../src/format/batch/accounting.ts";
import { encodeLeaf, LAST_ACTIVITY_KEY } from "../../../../src/format/batch/leaf.ts";
import type { Strike } from "../../../../src/format/batch/strikes.ts";
import { buildSumTree, leafNode, type MassRange } from "../../../../src/format/batch/sumTree.ts";

/** A small batch after some life: minted, retired from, struck, cured, in any order that the books allow. */
export interface StrikeHistory extends WholeBatch {
  /** Milligrams of each leaf. */
  readonly places: readonly MassRange[];
  /** Ranges that were retired, ascending. */
  readonly retired: readonly MassRange[];
}

const event = fc.record({
  op: fc.constantFrom(
    "mint",
    "retire",
    "retire",
    "retire",
    "strike",
    "strike",
    "strike",
    "strike",
    "cure",
    "rest",
  ),
  /** Read as a share or as a place, whatever the event needs. */
  amount: fc.nat(2 ** 20),
  atEnd: fc.boolean(),
});
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

export const strikeHistories: fc.Arbitrary<StrikeHistory> = fc
  .record({
    sizes: fc.oneof(
      { weight: 7, arbitrary: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 24 }) },
      { weight: 2, arbitrary: fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 24 }) },
      { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 20, maxLength: 60 }) },
    ),
    /** In percent of the batch. */
    buffer: fc.oneof(fc.integer({ min: 40, max: 90 }), fc.integer({ min: 0, max: 33 })),
    events: fc.array(event, { minLength: 2, maxLength: 26 }),
  })
  .map(({ sizes, buffer, events }) => live(sizes, buffer, events));

function live(sizes: readonly number[], buffer: number, events: readonly Event[]): StrikeHistory {
  const { tree, leaves, places } = batchOf(sizes);
  let accounts = accountsAtCommit(tree.total, 0n as Milligrams);
  const strikes: Strike[] = [];
  const retired: MassRange[] = [];
  const allowed = (change: () => void): void => {
    try {
      change();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
    }
  };
  const quarter = tree.total / 4n + 1n;
  for (const one of [{ op: "mint", amount: 0, atEnd: false }, ...events]) {
    const amount = BigInt(one.amount);
    const free = places.flatMap((place, index) =>
      strikes.some((strike) => strike.index === index) ? [] : [{ index, ...place }],
    );
    allowed(() => {
      if (one.op === "mint")
        accounts = mintMain(accounts, ((tree.total * BigInt(buffer)) / 100n) as Milligrams);
      else if (one.op === "rest") accounts = mintRest(accounts);
      else if (one.op === "cure") accounts = cured(accounts, amount, one.atEnd);
      else if (one.op === "retire") {
        const { accounts: next, start, end } = retireNext(accounts, (amount % quarter) + 1n);
        accounts = next;
        retired.push({ start, end });
      } else {
        const struck = free.at(
          one.atEnd ? -1 - (one.amount % Math.min(3, free.length)) : one.amount % free.length,
        );
        if (!struck) return;
        accounts = strikeLeaf(accounts, struck.end - struck.start);
        strikes.push(struck);
      }
    });
  }
  return { tree, leaves, places, strikes, covered: coveredMilligrams(accounts), retired };
}

function cured(accounts: BatchAccounts, amount: bigint, byBurning: boolean): BatchAccounts {
  const mass = accounts.shortfall === 0n ? 1n : (amount % accounts.shortfall) + 1n;
  return byBurning ? cureByBurning(accounts, mass) : cureByReplacing(accounts, mass);
}

/** Leaves with ascending keys, linked; everything else about them is the same. */
function batchOf(sizes: readonly number[]) {
  const keyOf = (index: number) => (index < sizes.length ? bigEndian(index + 1, 32) : LAST_ACTIVITY_KEY);
  const leaves = sizes.map((size, i) =>
    encodeLeaf({
      activityKey: keyOf(i) as never,
      nextActivityKey: keyOf(i + 1),
      methodologyId: `0x${"11".repeat(32)}` as never,
      holderCommitment: new Uint8Array(32),
      recordHash: new Uint8Array(32),
      milligrams: BigInt(size) as Milligrams,
      day: 20_000 as never,
      scenarioClass: 1,
      providerIndex: 0,
    }),
  );
  let at = 0n;
  const places = sizes.map((size): MassRange => {
    const start = at;
    at += BigInt(size);
    return { start: start as Milligrams, end: at as Milligrams };
  });
  return { tree: buildSumTree(leaves.map(leafNode)), leaves, places };
}
