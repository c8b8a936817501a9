import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActivityKey, SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../../src/base/types/quantities.ts";
import type { CapAccount, PeriodCaps, Reduction } from "../../../../src/base/types/reduction.ts";
import { decideAdmission } from "../../../../src/stages/dedupe/decideAdmission.ts";
import { openCapUse } from "../../../../src/stages/dedupe/openCapUse.ts";
import type { KnownKeys, NamedReduction } from "../../../../src/stages/dedupe/ports.ts";
import { PlainCaps } from "./support/plainCaps.ts";

const NOTHING: KnownKeys = { records: new Set(), holders: new Map() };
/** 31 December 2025. */
const NEW_YEARS_EVE = 20_453;

interface CappedAct {
  readonly subject: number;
  /** Days from the eve. */
  readonly day: number;
  readonly at: number;
  readonly milligrams: bigint;
  readonly caps: PeriodCaps | null;
}

function named(act: CappedAct, id: number): NamedReduction {
  const key = new Uint8Array(32).fill(id % 251) as ActivityKey;
  key[0] = (id * 7) % 256;
  const day = (NEW_YEARS_EVE + act.day) as Day;
  const reduction = {
    record: { provider: "metro", recordId: String(id), startedAt: day * 86_400 + act.at, endedAt: null },
    milligrams: act.milligrams as Milligrams,
    day,
    subjectKey: new Uint8Array(32).fill(act.subject) as SubjectKey,
    activityKey: key,
    ...(act.caps && { caps: act.caps }),
  } as unknown as Reduction;
  return { reduction, record: `metro ${String(id)}`, key: String(id) };
}

/** Storage as plain as can be: what is used by the name of its account. */
class Used {
  readonly sums = new Map<string, bigint>();

  admit(chunk: readonly NamedReduction[]) {
    const caps = openCapUse(chunk.map(({ reduction }) => reduction));
    caps.accounts.forEach((account, of) => {
      const used = this.sums.get(nameOf(account));
      if (used !== undefined) caps.enter(of, used);
    });
    const decision = decideAdmission(chunk, NOTHING, null, null, caps);
    for (const [of, milligrams] of caps.added) {
      const name = nameOf(caps.accounts[of] as CapAccount);
      this.sums.set(name, (this.sums.get(name) ?? 0n) + milligrams);
    }
    return decision;
  }
}

const nameOf = ({ methodology, kind, subjectKey, period }: CapAccount): string =>
  `${methodology} ${kind} ${String(subjectKey)} ${String(period)}`;

const caps = (more: Partial<PeriodCaps> = {}): PeriodCaps => ({
  methodology: "WUHAN METRO",
  subjectDay: null,
  subjectYear: null,
  programmeYear: null,
  ...more,
});

const cap = fc.option(fc.bigInt(1n, 60n), { nil: null });
const someCaps = fc
  .record({
    methodology: fc.constantFrom("WUHAN METRO", "WUHAN BUS"),
    subjectDay: cap,
    subjectYear: cap,
    programmeYear: cap,
  })
  .map((one) => one as PeriodCaps);
const acts = fc
  .tuple(fc.array(fc.option(someCaps, { nil: null, freq: 6 }), { minLength: 1, maxLength: 3 }), fc.nat(20))
  .chain(([versions, most]) =>
    fc.array(
      fc.record({
        subject: fc.integer({ min: 1, max: 3 }),
        day: fc.integer({ min: 0, max: 2 }),
        at: fc.integer({ min: 0, max: 3 }),
        milligrams: fc.bigInt(1n, 40n),
        caps: fc.constantFrom(...versions),
      }),
      { maxLength: most },
    ),
  );

/** By start, activity key and record id, written down once more. */
function inOrder(chunk: readonly NamedReduction[]): NamedReduction[] {
  const nameOfAct = ({ reduction: { record, activityKey } }: NamedReduction): string =>
    `${String(record.startedAt).padStart(12, "0")} ${Buffer.from(activityKey).toString("hex")}`;
  return [...chunk].toSorted((a, b) =>
    nameOfAct(a) === nameOfAct(b) ? (a.record < b.record ? -1 : 1) : nameOfAct(a) < nameOfAct(b) ? -1 : 1,
  );
}

const CASES = 12_000;

describe("caps on days and years", () => {
  it("leave what a plain model leaves, in whatever chunks the acts come", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(acts, fc.nat(20), (all, cut) => {
        const rows = all.map(named);
        const [model, used] = [new PlainCaps(), new Used()];
        for (const chunk of [rows.slice(0, cut), rows.slice(cut)]) {
          const earned = new Map(inOrder(chunk).map((one) => [one.record, model.take(one.reduction)]));
          const isCapped = chunk.some(({ reduction }) => reduction.caps);
          const { outcomes, cuts, accepted, counts } = used.admit(chunk);
          chunk.forEach(({ reduction, record }, place) => {
            const found = outcomes[place] === "accepted" ? (cuts.get(place) ?? reduction.milligrams) : 0n;
            if (isCapped || reduction.caps === undefined) expect(found).toBe(earned.get(record));
            if (found === 0n) expect(outcomes[place]).toMatch(/^cap\./);
          });
          expect(counts.milligrams).toBe([...earned.values()].reduce((sum, one) => sum + one, 0n));
          expect(accepted).toHaveLength([...earned.values()].filter((one) => one > 0n).length);
        }
        // Nothing is ever above a cap that all of it has, and what is stored is what was kept.
        for (const [name, sum] of used.sums) expect(sum, name).toBeGreaterThan(0n);
      }),
      { numRuns: CASES },
    );
  });

  it("leave the same whatever the order of a chunk's rows", () => {
    fc.assert(
      fc.property(
        acts.chain((all) => {
          const rows = all.map(named);
          return fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }));
        }),
        ([rows, shuffled]) => {
          if (!rows.some(({ reduction }) => reduction.caps)) return;
          const result = (some: readonly NamedReduction[]) => {
            const { outcomes, cuts } = new Used().admit(some);
            return Object.fromEntries(
              some.map(({ record }, place) => [record, [outcomes[place], cuts.get(place)]]),
            );
          };
          expect(result(shuffled)).toEqual(result(rows));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  const day = caps({ subjectDay: 100n as Milligrams });
  const act = (more: Partial<CappedAct> = {}): CappedAct => ({
    subject: 1,
    day: 0,
    at: 0,
    milligrams: 60n,
    caps: day,
    ...more,
  });
  const outcomesOf = (all: readonly CappedAct[], used = new Used()) => {
    const { outcomes, cuts } = used.admit(all.map(named));
    return outcomes.map((outcome, place) => cuts.get(place) ?? outcome);
  };

  it("cut the act that reaches them, and leave nothing of the next", () => {
    expect(outcomesOf([act({ at: 1 }), act({ at: 2 }), act({ at: 3 }), act({ subject: 2, at: 4 })])).toEqual([
      "accepted",
      40n,
      "cap.subject-day",
      "accepted",
    ]);
    // The earlier act keeps, though its row comes later; where starts are equal the lesser key does.
    expect(outcomesOf([act({ at: 9 }), act({ at: 1 })])).toEqual([40n, "accepted"]);
    expect(outcomesOf([act({ milligrams: 100n }), act({ day: 1 })])).toEqual(["accepted", "accepted"]);
  });

  it("give way by activity key where starts are equal, and by record id where keys are too", () => {
    const tied = (key: number, recordId: string, milligrams: bigint): NamedReduction => {
      const { reduction, ...names } = named(act({ milligrams }), 0);
      const activityKey = new Uint8Array(32).fill(7) as ActivityKey;
      activityKey[31] = key;
      return { ...names, record: `metro ${recordId}`, reduction: { ...reduction, activityKey } };
    };
    /** What each is left, by record id, in both orders of the rows. */
    const left = (...rows: readonly NamedReduction[]) =>
      [rows, rows.toReversed()].map((some) => {
        // Keys that nothing holds: what is one act of two records is no matter of caps.
        const chunk = some.map((one, at) => ({ ...one, key: String(at) }));
        const { outcomes, cuts } = new Used().admit(chunk);
        const told = chunk.map(({ record }, at) => [record, cuts.get(at) ?? outcomes[at]] as const);
        return Object.fromEntries(told);
      });
    // The keys stand against the ids: by id alone, b would be cut.
    const byKey = { "metro b": "accepted", "metro a": 40n };
    expect(left(tied(1, "b", 60n), tied(2, "a", 60n))).toEqual([byKey, byKey]);
    const byId = { "metro a": "accepted", "metro b": 30n };
    expect(left(tied(1, "b", 50n), tied(1, "a", 70n))).toEqual([byId, byId]);
  });

  it("hold all together: the least room counts, and is used up of each", () => {
    const all = caps({
      subjectDay: 100n as Milligrams,
      subjectYear: 130n as Milligrams,
      programmeYear: 150n as Milligrams,
    });
    const given = [
      act({ caps: all }),
      act({ caps: all, at: 1 }),
      act({ caps: all, subject: 2, at: 2 }),
      act({ caps: all, subject: 2, at: 3 }),
      // The next year's first day.
      act({ caps: all, day: 1 }),
    ];
    expect(outcomesOf(given)).toEqual(["accepted", 40n, 50n, "cap.programme-year", "accepted"]);
    const year = caps({ subjectYear: 70n as Milligrams });
    expect(outcomesOf([act({ caps: year }), act({ caps: year, at: 1 }), act({ caps: year, at: 2 })])).toEqual(
      ["accepted", 10n, "cap.subject-year"],
    );
  });

  it("are shared by the versions of a methodology, each with its own bound", () => {
    const lower = caps({ subjectDay: 50n as Milligrams });
    // 60 of 100 are used when the version with 50 begins; that of 100 has 40 left all the same.
    expect(outcomesOf([act(), act({ caps: lower, at: 1 }), act({ at: 2 })])).toEqual([
      "accepted",
      "cap.subject-day",
      40n,
    ]);
    // Another methodology has sums of its own, and so has a version without the cap.
    const others = [caps({ methodology: "WUHAN BUS", subjectDay: 100n as Milligrams }), null];
    expect(
      outcomesOf([act({ milligrams: 100n }), ...others.map((one) => act({ caps: one, at: 1 }))]),
    ).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("are asked after duplicates and what can't be true, which use up nothing", () => {
    const [first, second] = [act({ milligrams: 100n }), act({ at: 1 })].map(named) as [
      NamedReduction,
      NamedReduction,
    ];
    const opened = openCapUse([first, second].map(({ reduction }) => reduction));
    const judge = {
      judge: ({ milligrams }: Reduction) => (milligrams === 100n ? ("plausibility.at-once" as const) : null),
      keep: () => undefined,
    };
    const { outcomes } = decideAdmission([first, second], NOTHING, judge, null, opened);
    expect(outcomes).toEqual(["plausibility.at-once", "accepted"]);
    const known = { records: new Set([first.record]), holders: new Map() };
    const again = decideAdmission([first, second], known, null, null, openCapUse([second.reduction]));
    expect(again.outcomes).toEqual(["duplicate.record-id", "accepted"]);
  });
});
