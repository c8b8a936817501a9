import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ImplausibleDayCode } from "../../../../src/base/types/plausibility.ts";
import type { Reduction } from "../../../../src/base/types/reduction.ts";
import { decideAdmission } from "../../../../src/stages/dedupe/decideAdmission.ts";
import type { ActJudge, KeyHolder, KnownKeys, NamedReduction } from "../../../../src/stages/dedupe/ports.ts";
import { holderOf, named, type Act } from "./support/reductions.ts";

const NOTHING: KnownKeys = { records: new Set(), holders: new Map() };

/** Lets at most `most` acts be kept, and notes who was judged. */
function capOf(most: number): ActJudge & { readonly judged: string[]; readonly kept: Reduction[] } {
  const judged: string[] = [];
  const kept: Reduction[] = [];
  return {
    judged,
    kept,
    judge(reduction): ImplausibleDayCode | null {
      judged.push(reduction.record.recordId);
      return kept.length < most ? null : "plausibility.acts-a-day";
    },
    keep: (reduction) => void kept.push(reduction),
  };
}

const outcomesOf = (acts: readonly Act[], known = NOTHING, judge: ActJudge | null = null) =>
  decideAdmission(acts.map(named), known, judge).outcomes;

describe("a chunk's admission", () => {
  it("lets the first of two with one record id win", () => {
    const { outcomes, accepted } = decideAdmission(
      [named({ id: "a" }), named({ id: "a", at: 7200 })],
      NOTHING,
      null,
    );
    expect(outcomes).toEqual(["accepted", "duplicate.record-id"]);
    expect(accepted.map(({ record }) => record.startedAt)).toEqual([
      named({ id: "a" }).reduction.record.startedAt,
    ]);
    expect(outcomesOf([{ id: "a" }, { id: "a", provider: "bus", subject: 2 }])).toEqual([
      "accepted",
      "accepted",
    ]);
  });

  it("knows what is stored, and compares with all of it and with the chunk's own", () => {
    const known: KnownKeys = {
      records: new Set([named({ id: "old" }).record]),
      holders: new Map([[named({ id: "old" }).key, [holderOf({ id: "old" })]]]),
    };
    const acts: Act[] = [
      { id: "old", at: 7200 },
      { id: "b" },
      { id: "c", at: 20 },
      { id: "d", at: 20 },
      { id: "e" },
      { id: "f", at: 30 },
    ];
    expect(outcomesOf(acts, known)).toEqual([
      "duplicate.record-id",
      "duplicate.same-content",
      "accepted",
      "duplicate.same-content",
      "duplicate.same-content",
      "accepted",
    ]);
    expect(known.records.size).toBe(1);
    expect(known.holders.get(named({ id: "old" }).key)).toEqual([holderOf({ id: "old" })]);
  });

  it("leaves the record id and the key of a refused row free for a later one", () => {
    const acts: Act[] = [{ id: "a" }, { id: "b" }, { id: "b", at: 120 }];
    expect(outcomesOf(acts)).toEqual(["accepted", "duplicate.same-content", "accepted"]);
    const cap = capOf(1);
    expect(outcomesOf([{ id: "a" }, { id: "b", at: 120 }, { id: "c", at: 120 }], NOTHING, cap)).toEqual([
      "accepted",
      "plausibility.acts-a-day",
      "plausibility.acts-a-day",
    ]);
  });

  it("calls nothing impossible that is here already, and counts only what it accepts", () => {
    const cap = capOf(1);
    const acts: Act[] = [{ id: "a" }, { id: "a" }, { id: "b" }, { id: "c", at: 120 }];
    expect(outcomesOf(acts, NOTHING, cap)).toEqual([
      "accepted",
      "duplicate.record-id",
      "duplicate.same-content",
      "plausibility.acts-a-day",
    ]);
    expect(cap.judged).toEqual(["a", "c"]);
    expect(cap.kept.map(({ record }) => record.recordId)).toEqual(["a"]);
  });

  const someActs = fc.array(
    fc.record({
      id: fc.constantFrom("a", "b", "c", "d", "e", "f"),
      provider: fc.constantFrom("metro", "bus"),
      subject: fc.constantFrom(null, 1, 2),
      methodology: fc.constantFrom(1, 1, 1, 2),
      at: fc.constantFrom(0, 20, 60, 80),
      milligrams: fc.bigInt(1n, 1000n),
    }),
    { maxLength: 30 },
  );

  it("comes to the same wherever the chunk is cut, as if each row before had been stored", () => {
    fc.assert(
      fc.property(someActs, fc.nat(30), fc.integer({ min: 1, max: 12 }), (acts, cut, most) => {
        const rows = acts.map(named);
        const whole = decideAdmission(rows, NOTHING, capOf(most));
        const cap = capOf(most);
        const before = decideAdmission(rows.slice(0, cut), NOTHING, cap);
        const after = decideAdmission(rows.slice(cut), stored(rows.slice(0, cut), before.accepted), cap);
        expect([...before.outcomes, ...after.outcomes]).toEqual(whole.outcomes);
        expect(before.counts.milligrams + after.counts.milligrams).toBe(whole.counts.milligrams);
      }),
    );
  });

  it("counts every row once, and admits no record id twice", () => {
    fc.assert(
      fc.property(someActs, (acts) => {
        const rows = acts.map(named);
        const { outcomes, accepted, counts } = decideAdmission(rows, NOTHING, capOf(5));
        const { duplicates, implausible } = counts;
        const refused = Object.values(duplicates).reduce((sum, count) => sum + count, implausible);
        expect(counts.accepted + refused).toBe(rows.length);
        expect(outcomes.filter((outcome) => outcome === "accepted")).toHaveLength(accepted.length);
        expect(counts.milligrams).toBe(accepted.reduce((sum, { milligrams }) => sum + milligrams, 0n));
        const kept = rows.filter(({ reduction }) => accepted.includes(reduction));
        expect(new Set(kept.map(({ record }) => record)).size).toBe(kept.length);
      }),
    );
  });
});

/** What storage would know after these. */
function stored(rows: readonly NamedReduction[], accepted: readonly Reduction[]): KnownKeys {
  const records = new Set<string>();
  const holders = new Map<string, KeyHolder[]>();
  for (const { reduction, record, key } of rows) {
    if (!accepted.includes(reduction)) continue;
    const { provider, scenario, startedAt, endedAt, quantity, unit } = reduction.record;
    const { methodologyId, subjectKey } = reduction;
    const act = { provider, scenario, startedAt, endedAt, quantity, unit, methodologyId };
    records.add(record);
    const holder = { ...act, hasSubject: subjectKey !== null, closed: false, dropped: false };
    holders.set(key, [...(holders.get(key) ?? []), holder]);
  }
  return { records, holders };
}
