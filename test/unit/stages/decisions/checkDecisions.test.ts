import { describe, expect, it } from "vitest";
import type { Hex } from "../../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { checkDecisions } from "../../../../src/stages/decisions/checkDecisions.ts";
import { decisionHash } from "../../../../src/stages/decisions/decisionHash.ts";
import type { Decision } from "../../../../src/stages/rules/ports.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

function chainOf(length: number): { decision: Decision; hash: Hex }[] {
  const rows: { decision: Decision; hash: Hex }[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    const decision: Decision = {
      sequence,
      kind: "methodology",
      id: `0x${"11".repeat(32)}`,
      what: "propose",
      by: `0x${"0a".repeat(20)}`,
      before: null,
      after: "proposed",
      why: null,
      at: (1000 + sequence) as UnixSeconds,
    };
    rows.push({ decision, hash: decisionHash(decision, rows.at(-1)?.hash ?? null) });
  }
  return rows;
}

describe("the chain of decisions", () => {
  it("holds as it was written, and tells its last hash", () => {
    const rows = chainOf(3);
    expect(checkDecisions("rules", rows)).toBe(rows[2]?.hash);
    expect(checkDecisions("rules", [])).toBeNull();
  });

  it("breaks where a row was changed, taken out, put in or exchanged", () => {
    const [first, second, third] = chainOf(3) as [
      ReturnType<typeof chainOf>[0],
      ...ReturnType<typeof chainOf>,
    ];
    const changed = { ...second, decision: { ...second?.decision, why: "else" } } as typeof first;
    for (const rows of [
      [first, changed, third],
      [first, third],
      [second, third],
      [first, first, second, third],
      [first, third, second],
    ])
      expect(() => checkDecisions("rules", rows as (typeof first)[])).toThrow(refusedFor("rules.decisions"));
  });

  it("breaks from the changed row on even where its own hash was made anew", () => {
    const rows = chainOf(3);
    const decision = { ...(rows[0] as (typeof rows)[0]).decision, at: 1 as UnixSeconds };
    rows[0] = { decision, hash: decisionHash(decision, null) };
    expect(() => checkDecisions("rules", rows)).toThrow(/Row 2/);
  });
});
