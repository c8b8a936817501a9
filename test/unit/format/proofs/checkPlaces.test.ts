import { describe, expect, it } from "vitest";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { checkPlaces } from "../../../../src/format/proofs/checkPlaces.ts";
import { checkSpans } from "../../../../src/format/proofs/checkSpans.ts";

const mg = (mass: number) => BigInt(mass) as Milligrams;
const known = (index: number, start: number, end: number) => ({ index, start: mg(start), end: mg(end) });
/** Five leaves of 100 mg together. */
const batch = { total: mg(100), count: 5 };
const fault = (...leaves: ReturnType<typeof known>[]): string | null => {
  try {
    checkPlaces(batch, leaves);
    return null;
  } catch (error) {
    expect((error as { code: string }).code).toBe("span.places");
    return (error as Error).message.replace("The leaves that are shown and struck don't fit together: ", "");
  }
};

describe("places of leaves in one batch", () => {
  it("fit together where every leaf between has its milligram at least", () => {
    expect(fault()).toBeNull();
    expect(fault(known(0, 0, 96))).toBeNull();
    expect(fault(known(4, 4, 100))).toBeNull();
    expect(fault(known(2, 2, 98), known(1, 1, 2))).toBeNull();
    expect(fault(known(1, 10, 20), known(1, 10, 20))).toBeNull();
    expect(fault(known(0, 0, 10), known(1, 10, 11), known(2, 11, 20))).toBeNull();
  });

  it("do not, and it is said which two", () => {
    for (const [leaves, told] of [
      [
        [known(0, 0, 97)],
        "What is after the last leaf can't begin at milligram 100 where leaf 0 ends at 97.",
      ],
      [
        [known(4, 4, 99)],
        "What is after the last leaf can't begin at milligram 100 where leaf 4 ends at 99.",
      ],
      [[known(0, 1, 9)], "Leaf 0 can't begin at milligram 1 where what is before the first leaf ends at 0."],
      [[known(2, 1, 9)], "Leaf 2 can't begin at milligram 1 where what is before the first leaf ends at 0."],
      [[known(1, 10, 20), known(2, 21, 30)], "Leaf 2 can't begin at milligram 21 where leaf 1 ends at 20."],
      [[known(1, 10, 20), known(2, 19, 30)], "Leaf 2 can't begin at milligram 19 where leaf 1 ends at 20."],
      [[known(1, 10, 20), known(3, 20, 30)], "Leaf 3 can't begin at milligram 20 where leaf 1 ends at 20."],
      [
        [known(1, 10, 10)],
        "Leaf 1 can't begin at milligram 10 where what is before the first leaf ends at 0.",
      ],
      [[known(1, 10, 20), known(1, 10, 21)], "Leaf 1 stands at two places."],
      [[known(1, 10, 20), known(1, 9, 20)], "Leaf 1 stands at two places."],
      [[known(6, 10, 20)], "Leaf 6 "],
    ] as const)
      expect(fault(...leaves)).toContain(told === "Leaf 6 " ? "What is after the last leaf" : told);
  });
});

describe("spans that are not those behind a range", () => {
  const leaf = (index: number, start: number, end: number) => ({
    ...known(index, start, end),
    leaf: new Uint8Array(179),
  });
  const span = (first: ReturnType<typeof leaf>, last = first) => ({ first, last });
  const whole = { total: mg(100), strikes: [], covered: mg(0) };
  const range = { start: mg(10), end: mg(30) };
  const verdict = (...spans: ReturnType<typeof span>[]) => {
    try {
      return checkSpans(whole, range, spans).leaves;
    } catch (error) {
      return `${(error as { code: string }).code}: ${(error as Error).message}`;
    }
  };

  it("are refused by the milligram where they begin or end elsewhere", () => {
    expect(verdict(span(leaf(1, 10, 20), leaf(2, 20, 30)))).toBe(2);
    expect(verdict(span(leaf(1, 0, 11), leaf(2, 29, 40)))).toBe(2);
    const first = (index: number) =>
      `span.first: The span begins with leaf ${String(index)}, which does not hold milligram 10, ` +
      "where what stands behind the range begins.";
    const last = (index: number) =>
      `span.last: The span ends with leaf ${String(index)}, which does not hold milligram 29, ` +
      "where what stands behind the range ends.";
    expect(verdict(span(leaf(1, 11, 20), leaf(2, 20, 30)))).toBe(first(1));
    expect(verdict(span(leaf(0, 0, 10), leaf(2, 20, 30)))).toBe(first(0));
    expect(verdict(span(leaf(1, 10, 20), leaf(2, 20, 29)))).toBe(last(2));
    expect(verdict(span(leaf(1, 10, 20), leaf(3, 30, 40)))).toBe(last(3));
    expect(verdict()).toBe("span.count: The range stands on 1 spans of leaves; the file shows 0.");
  });
});
