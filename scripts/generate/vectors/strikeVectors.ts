import type { Milligrams } from "../../../src/base/types/quantities.ts";
import * as accounts from "../../../src/format/batch/accounting.ts";
import {
  gramsBehind,
  NO_STRIKES,
  nextStrikesHash,
  strikesHashOf,
  type Strike,
} from "../../../src/format/batch/strikes.ts";

const mg = (value: number) => BigInt(value) as Milligrams;
const strike = (index: number, start: number, end: number): Strike => ({
  index,
  start: mg(start),
  end: mg(end),
});

interface StrikeHistory {
  readonly name: string;
  readonly total: number;
  readonly strikes: readonly Strike[];
  readonly covered: number;
  /** Positions [0, end). */
  readonly end: number;
}

/** Batches of a few grams, struck in every way. */
export const STRIKE_HISTORIES: readonly StrikeHistory[] = [
  { name: "no strike", total: 100, strikes: [], covered: 0, end: 100 },
  { name: "one in the middle", total: 100, strikes: [strike(2, 20, 35)], covered: 15, end: 85 },
  { name: "the tail itself", total: 100, strikes: [strike(9, 90, 100)], covered: 10, end: 90 },
  { name: "over the new end", total: 100, strikes: [strike(7, 80, 95)], covered: 15, end: 85 },
  {
    name: "two, the second hits a substitute",
    total: 100,
    strikes: [strike(2, 20, 35), strike(9, 85, 90)],
    covered: 20,
    end: 80,
  },
  {
    name: "two, the second hits part of a substitute",
    total: 100,
    strikes: [strike(2, 20, 30), strike(9, 94, 100)],
    covered: 16,
    end: 84,
  },
  {
    name: "three that leave little",
    total: 100,
    strikes: [strike(0, 0, 40), strike(5, 70, 100), strike(3, 50, 60)],
    covered: 80,
    end: 20,
  },
  { name: "all", total: 30, strikes: [strike(1, 10, 30), strike(0, 0, 10)], covered: 20, end: 10 },
  {
    name: "second not covered",
    total: 100,
    strikes: [strike(2, 20, 35), strike(4, 40, 60)],
    covered: 15,
    end: 85,
  },
  {
    name: "second covered in part is not covered",
    total: 100,
    strikes: [strike(2, 20, 35), strike(4, 40, 60)],
    covered: 34,
    end: 85,
  },
  { name: "second cured", total: 100, strikes: [strike(2, 20, 35), strike(4, 40, 60)], covered: 35, end: 65 },
  {
    name: "first not covered, so the small second is not either",
    total: 100,
    strikes: [strike(2, 20, 60), strike(7, 70, 75)],
    covered: 10,
    end: 100,
  },
  {
    name: "uncovered strike of a substitute",
    total: 100,
    strikes: [strike(2, 20, 35), strike(9, 85, 90)],
    covered: 15,
    end: 85,
  },
];

type Step =
  | { readonly op: "mintMain" }
  | { readonly op: "mintRest" }
  | { readonly op: "strike" | "burn" | "replace" | "retire"; readonly milligrams: number };
type Refusal = Step & { readonly error: string };

const ACCOUNT_HISTORIES: readonly {
  name: string;
  total: number;
  buffer: number;
  steps: readonly Step[];
  afterwards: readonly Refusal[];
}[] = [
  {
    name: "a quiet life",
    total: 1000,
    buffer: 100,
    steps: [
      { op: "mintMain" },
      { op: "retire", milligrams: 300 },
      { op: "mintRest" },
      { op: "retire", milligrams: 700 },
    ],
    afterwards: [
      { op: "retire", milligrams: 1, error: "accounts.retire" },
      { op: "mintMain", error: "accounts.minted" },
    ],
  },
  {
    name: "struck before the mint",
    total: 1000,
    buffer: 100,
    steps: [{ op: "strike", milligrams: 250 }, { op: "mintMain" }],
    afterwards: [{ op: "retire", milligrams: 651, error: "accounts.retire" }],
  },
  {
    name: "struck so far that the buffer no longer fits, so that the rest comes with it",
    total: 1000,
    buffer: 100,
    steps: [{ op: "strike", milligrams: 950 }, { op: "mintMain" }, { op: "mintRest" }],
    afterwards: [{ op: "strike", milligrams: 51, error: "accounts.strike" }],
  },
  {
    name: "struck after the mint, the buffer bears it",
    total: 1000,
    buffer: 100,
    steps: [{ op: "mintMain" }, { op: "strike", milligrams: 60 }, { op: "mintRest" }],
    afterwards: [{ op: "burn", milligrams: 1, error: "accounts.cure" }],
  },
  {
    name: "struck beyond the buffer, cured by burning and replacing",
    total: 1000,
    buffer: 100,
    steps: [
      { op: "mintMain" },
      { op: "retire", milligrams: 400 },
      { op: "strike", milligrams: 300 },
      { op: "burn", milligrams: 120 },
      { op: "replace", milligrams: 80 },
    ],
    afterwards: [{ op: "burn", milligrams: 1, error: "accounts.cure" }],
  },
  {
    name: "suspended",
    total: 1000,
    buffer: 0,
    steps: [{ op: "mintMain" }, { op: "strike", milligrams: 10 }],
    afterwards: [
      { op: "retire", milligrams: 1, error: "accounts.suspended" },
      { op: "mintRest", error: "accounts.suspended" },
      { op: "replace", milligrams: 11, error: "accounts.cure" },
    ],
  },
];

/** One step of the history of a batch with this buffer. */
export function applyStep(
  state: accounts.BatchAccounts,
  step: Step,
  buffer: Milligrams,
): accounts.BatchAccounts {
  if (step.op === "mintMain") return accounts.mintMain(state, buffer);
  if (step.op === "mintRest") return accounts.mintRest(state);
  const mass = mg(step.milligrams);
  if (step.op === "strike") return accounts.strikeLeaf(state, mass);
  if (step.op === "burn") return accounts.cureByBurning(state, mass);
  if (step.op === "replace") return accounts.cureByReplacing(state, mass);
  return accounts.retireNext(state, mass).accounts;
}

const accountsJson = (state: accounts.BatchAccounts) =>
  Object.fromEntries(
    Object.entries({ ...state, unminted: accounts.unmintedOf(state) }).map(([name, mass]) => [
      name,
      String(mass),
    ]),
  );

export function strikeVectors(): Record<string, unknown> {
  const sample = [strike(2, 20, 35), strike(9, 85, 90)];
  return {
    about:
      "Books and strikes, in whole milligrams. `accounts`: states after each step, with what is " +
      "unminted by them; `afterwards` is refused for `error`. `substitution`: what lies behind " +
      "positions [0, end) after the strikes, in order, when the books say that `covered` struck grams " +
      "are covered; grams null: nothing. strikesHash = keccak256(previous, uint64 index, uint64 start, " +
      "uint64 end), 32 zero bytes at first.",
    accounts: ACCOUNT_HISTORIES.map(({ name, total, buffer, steps, afterwards }) => {
      let state = accounts.accountsAtCommit(mg(total), mg(buffer));
      const states = [accountsJson(state)];
      for (const step of steps) {
        state = applyStep(state, step, mg(buffer));
        states.push(accountsJson(state));
      }
      return { name, total: String(total), buffer: String(buffer), steps, states, afterwards };
    }),
    substitution: STRIKE_HISTORIES.map(({ name, total, strikes, covered, end }) => ({
      name,
      total: String(total),
      strikes: strikes.map(strikeJson),
      strikesHash: strikesHashOf(strikes),
      covered: String(covered),
      end: String(end),
      behind: gramsBehind(mg(total), strikes, mg(covered), { start: mg(0), end: mg(end) }).map((piece) => ({
        start: String(piece.start),
        end: String(piece.end),
        grams:
          piece.grams === null ? null : { start: String(piece.grams.start), end: String(piece.grams.end) },
      })),
    })),
    refused: [
      {
        name: "leaf struck twice",
        strikes: [strike(2, 20, 35), strike(2, 40, 45)],
        covered: 0,
        end: 1,
        error: "strike.repeated",
      },
      {
        name: "overlapping strikes",
        strikes: [strike(2, 20, 35), strike(3, 34, 45)],
        covered: 0,
        end: 1,
        error: "strike.range",
      },
      { name: "beyond the batch", strikes: [strike(9, 95, 101)], covered: 0, end: 1, error: "strike.range" },
      { name: "empty strike", strikes: [strike(9, 95, 95)], covered: 0, end: 1, error: "strike.range" },
      {
        name: "more covered than struck",
        strikes: [strike(2, 20, 35)],
        covered: 16,
        end: 1,
        error: "strike.covered",
      },
      {
        name: "position beyond the live end",
        strikes: [strike(2, 20, 35)],
        covered: 15,
        end: 86,
        error: "strike.position",
      },
    ].map((one) => ({
      ...one,
      total: "100",
      strikes: one.strikes.map(strikeJson),
      covered: String(one.covered),
      end: String(one.end),
    })),
    strikesHash: {
      first: nextStrikesHash(NO_STRIKES, sample[0] as Strike),
      second: strikesHashOf(sample),
      strikes: sample.map(strikeJson),
    },
  };
}

function strikeJson({ index, start, end }: Strike) {
  return { index, start: start.toString(), end: end.toString() };
}
