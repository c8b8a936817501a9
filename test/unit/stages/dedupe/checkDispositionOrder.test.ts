import { describe, expect, it } from "vitest";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { Disposition } from "../../../../src/base/types/reduction.ts";
import { checkDispositionOrder } from "../../../../src/stages/dedupe/checkDispositionOrder.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const ALL: readonly Disposition[] = ["open", "pooled", "redeemed", "donated"];
const metro = providerId("metro");
const check = (from: Disposition, to: Disposition, ids: readonly string[], found = ids.length): void => {
  const records = ids.map((recordId) => ({ provider: metro, recordId }));
  checkDispositionOrder({ from, to, records, reference: "test" }, found);
};
const refusal = (code: string): unknown => refusedFor(code);

describe("an order to move dispositions", () => {
  it("uses up what is open, and nothing else ever moves", () => {
    const allowed = ALL.flatMap((from) => ALL.map((to) => `${from} ${to}`)).filter((move) => {
      const [from, to] = move.split(" ") as [Disposition, Disposition];
      try {
        check(from, to, ["a"]);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: "disposition.not-allowed" });
        return false;
      }
    });
    expect(allowed).toEqual(["open redeemed", "open donated"]);
  });

  it("names records, each once; the same id of two providers is two records", () => {
    for (const ids of [[], ["a", "b", "a"]])
      expect(() => check("open", "donated", ids)).toThrowError(refusal("disposition.list"));
    const records = [metro, providerId("bus")].map((provider) => ({ provider, recordId: "a" }));
    expect(() =>
      checkDispositionOrder({ from: "open", to: "donated", records, reference: "test" }, 2),
    ).not.toThrow();
  });

  it.each([0, 1, 3])("moves all or none: %i of two found", (found) => {
    expect(() => check("open", "redeemed", ["a", "b"], found)).toThrowError(refusal("disposition.not-there"));
  });

  it("says what may never be before it says what is not there", () => {
    expect(() => check("pooled", "open", ["a", "a"], 0)).toThrowError(refusal("disposition.not-allowed"));
    expect(() => check("open", "donated", ["a", "a"], 1)).toThrowError(refusal("disposition.list"));
  });
});
