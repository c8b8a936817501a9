import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { fromHex } from "../../../../src/base/lib/bytes.ts";
import { MicrotonneError } from "../../../../src/base/errors/errors.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import type { SumCommitment, SumNode } from "../../../../src/format/batch/sumTree.ts";
import { SENTENCE } from "../../../support/refusedFor.ts";
import type { InclusionProof } from "../../../../src/format/proofs/inclusionProof.ts";

/** One file of test/vectors. Its shape is what the test says it is. */
export function vectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../vectors/${name}.json`, import.meta.url), "utf8"));
}

/** The code of what a call throws, or "accepted". */
export function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return codeIn(error);
  }
  return "accepted";
}

/** As `codeOf`; what the refusal says is a snapshot of the test. Not for what is drawn at random. */
export function toldCodeOf(call: () => unknown): string {
  return codeOf(() => {
    try {
      call();
    } catch (error) {
      if (error instanceof MicrotonneError) expect(`${error.code}: ${error.message}`).toMatchSnapshot();
      throw error;
    }
  });
}

/** As `codeOf`, for promises. */
export async function codeOfAsync(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
  } catch (error) {
    return codeIn(error);
  }
  return "accepted";
}

/** The code of a refusal; fails where its message is no whole sentence. Throws again what is no refusal. */
function codeIn(error: unknown): string {
  if (!(error instanceof MicrotonneError)) throw error;
  expect(error.message).toMatch(SENTENCE);
  return error.code;
}

export interface ProofVector {
  readonly name: string;
  readonly root: string;
  readonly total: string;
  readonly count: number;
  readonly index: number;
  readonly leaf: string;
  readonly steps: readonly { size: string; hash: string }[];
}

export function commitmentFrom(vector: { root: string; total: string; count: number }): SumCommitment {
  return { root: fromHex(vector.root), total: BigInt(vector.total) as Milligrams, count: vector.count };
}

export function stepsFrom(steps: readonly { size: string; hash: string }[]): SumNode[] {
  return steps.map(({ size, hash }) => ({ size: BigInt(size), hash: fromHex(hash) }));
}

export function proofFrom(vector: Pick<ProofVector, "index" | "leaf" | "steps">): InclusionProof {
  return { index: vector.index, leaf: fromHex(vector.leaf), steps: stepsFrom(vector.steps) };
}

/** What each case is refused for, beside its name. */
export function codesOf<T extends { name: string }>(
  cases: readonly T[],
  run: (one: T) => unknown,
): string[][] {
  return cases.map((one) => [one.name, codeOf(() => run(one))]);
}

/** What each case should be refused for, beside its name. */
export function expectedCodes(cases: readonly { name: string; error: string }[]): string[][] {
  return cases.map(({ name, error }) => [name, error]);
}
