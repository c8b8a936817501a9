import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MicrotonneError } from "../../../../src/base/errors/errors.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { Address, RegionCode } from "../../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { decideRuleStep } from "../../../../src/stages/rules/decideRuleStep.ts";
import type { Rule, RuleContent, RuleEvent, RuleState } from "../../../../src/stages/rules/ports.ts";
import { classesRule, linearRule } from "./support/ruleContents.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const OPERATOR: Address = `0x${"0a".repeat(20)}`;
const REGISTRAR: Address = `0x${"0B".repeat(20)}`;
const CITY: readonly RegionCode[] = [regionCode("CITY")];
const at = (seconds: number): UnixSeconds => seconds as UnixSeconds;
const proposedBy = (by: Address) => ({ state: "proposed", proposedBy: by }) as const;
const publishAt = (seconds: number, by = REGISTRAR, regions: readonly RegionCode[] | null = CITY) =>
  ({ what: "publish", by, regions, at: at(seconds) }) as const;
const published = (...contents: readonly RuleContent[]) =>
  contents.map((content) => ({ ...content, state: "published" as const }));
const beside = (others: readonly (RuleContent & { state: RuleState })[] = [], local = false) => ({
  others,
  local,
  reachBack: false,
  rehearsal: false,
  openProposals: 0,
});
/** What publishing says at 500 s of a proposal beside these. */
const publishing =
  (content: RuleContent, others = beside(), seconds = 500) =>
  () =>
    decideRuleStep(content, proposedBy(OPERATOR), publishAt(seconds), others);
const refused = (code: string): unknown => refusedFor(`rules.${code}`);

describe("a rule", () => {
  it("is retracted by whoever proposed it, until it is published", () => {
    const rule = linearRule();
    const retract = { what: "retract", by: OPERATOR, at: at(500) } as const;
    const step = (standing: Parameters<typeof decideRuleStep>[1], by = OPERATOR) =>
      decideRuleStep(rule, standing, { ...retract, by }, beside());
    expect(step(proposedBy(OPERATOR))).toEqual({ before: "proposed", after: "retracted" });
    expect(() => step(proposedBy(OPERATOR), REGISTRAR)).toThrow(refused("other-key"));
    expect(() => step(null)).toThrow(refused("unknown"));
    for (const state of ["published", "withdrawn"] as const)
      expect(() => step({ state, proposedBy: OPERATOR })).toThrow(refused("published"));
  });

  it("is not taken beside a hundred proposals that nobody published", () => {
    const propose = { what: "propose", by: OPERATOR, at: at(500) } as const;
    const among = (openProposals: number) => () =>
      decideRuleStep(linearRule(), null, propose, { ...beside(), openProposals });
    expect(among(99)().after).toBe("proposed");
    expect(among(100)).toThrow(refused("too-many"));
    // The same file again is no other proposal.
    expect(
      decideRuleStep(linearRule(), proposedBy(OPERATOR), propose, { ...beside(), openProposals: 100 }),
    ).toEqual({ before: "proposed", after: "proposed" });
  });

  it("may begin before it is published where a local network rehearses", () => {
    const past = { ...beside(), rehearsal: true };
    expect(publishing(linearRule(), beside(), 5_000)).toThrow(refused("reaches-back"));
    expect(publishing(linearRule(), past, 5_000)().after).toBe("published");
  });

  it("is proposed by an operator, published by the registrar of its region and withdrawn for good", () => {
    const rule = linearRule();
    const propose = { what: "propose", by: OPERATOR, at: at(500) } as const;
    expect(decideRuleStep(rule, null, propose, beside())).toEqual({ before: null, after: "proposed" });
    expect(publishing(rule)()).toEqual({ before: "proposed", after: "published" });
    const standing = { state: "published", proposedBy: OPERATOR } as const;
    const withdraw = { what: "withdraw", by: REGISTRAR, regions: CITY, at: at(600), why: "x" } as const;
    expect(decideRuleStep(rule, standing, withdraw, beside())).toEqual({
      before: "published",
      after: "withdrawn",
    });
    const gone = { state: "withdrawn", proposedBy: OPERATOR } as const;
    expect(() => decideRuleStep(rule, gone, publishAt(700), beside())).toThrow(refused("withdrawn"));
    expect(decideRuleStep(rule, gone, propose, beside()).after).toBe("withdrawn");
  });

  it("is not published by the key that proposed it, however its address is written", () => {
    const loud = OPERATOR.toUpperCase().replace("0X", "0x") as Address;
    const own = () => decideRuleStep(linearRule(), proposedBy(OPERATOR), publishAt(500, loud), beside());
    expect(own).toThrow(refused("same-key"));
    const shown = { what: "shown", by: loud, at: at(500) } as const;
    expect(() => decideRuleStep(linearRule(), proposedBy(OPERATOR), shown, beside())).toThrow(
      refused("same-key"),
    );
  });

  it("doesn't bind where the chain shows that it was published after it began", () => {
    const { validFrom } = linearRule();
    const shownAt = (seconds: number) =>
      decideRuleStep(linearRule(), null, { what: "shown", by: REGISTRAR, at: at(seconds) }, beside());
    expect(shownAt(validFrom)).toMatchObject({ after: "published" });
    expect(() => shownAt(validFrom + 1)).toThrow(refused("reaches-back"));
    // On local networks as well, unless one says that it is opened for past years.
    const shown = { what: "shown", by: REGISTRAR, at: at(validFrom + 1) } as const;
    const local = beside([], true);
    expect(() => decideRuleStep(linearRule(), null, shown, local)).toThrow(refused("reaches-back"));
    expect(decideRuleStep(linearRule(), null, shown, { ...local, reachBack: true })).toMatchObject({
      after: "published",
    });
  });

  it("is neither published nor withdrawn by the registrar of another region", () => {
    const other = [regionCode("WUHAN")];
    expect(() =>
      decideRuleStep(linearRule(), proposedBy(OPERATOR), publishAt(500, REGISTRAR, other), beside()),
    ).toThrow(refused("other-registrar"));
    const withdraw = { what: "withdraw", by: REGISTRAR, regions: other, at: at(600), why: "x" } as const;
    expect(() =>
      decideRuleStep(linearRule(), { state: "published", proposedBy: OPERATOR }, withdraw, beside()),
    ).toThrow(refused("other-registrar"));
  });

  it("is not withdrawn before it is published", () => {
    const withdraw = { what: "withdraw", by: REGISTRAR, regions: null, at: at(600), why: "x" } as const;
    for (const standing of [null, proposedBy(OPERATOR)])
      expect(() => decideRuleStep(linearRule(), standing, withdraw, beside())).toThrow(
        refused("not-published"),
      );
  });

  it("has a code for tests on a local network only", () => {
    const test = linearRule({ name: "test-bike" });
    expect(publishing(test)).toThrow(refused("test-only"));
    expect(publishing(test, beside([], true))().after).toBe("published");
  });

  it("shares its name, its days' zone and its acts with no other", () => {
    const rule = linearRule();
    expect(publishing(rule, beside(published(linearRule({ file: { gramsPerUnit: "51" } }))))).toThrow(
      refused("name-taken"),
    );
    const zone = linearRule({ version: "2", scenario: "bus", timeZone: "UTC" });
    expect(publishing(rule, beside(published(zone)))).toThrow(refused("zone"));
    const before = linearRule({ version: "2", validFrom: at(0), validTo: at(1001) });
    expect(publishing(rule, beside(published(before)))).toThrow(refused("overlap"));
    const endless = linearRule({ version: "2", validFrom: at(1999), validTo: null });
    expect(publishing(rule, beside(published(endless)))).toThrow(refused("overlap"));
    const adjoining = linearRule({ version: "2", validFrom: at(0), validTo: at(1000) });
    expect(publishing(rule, beside(published(adjoining)))().after).toBe("published");
    const elsewhere = linearRule({ version: "2", region: regionCode("WUHAN"), name: "WUHAN-BIKE" });
    expect(publishing(rule, beside(published(elsewhere)))().after).toBe("published");
    const gone = [{ ...before, state: "withdrawn" as const }];
    expect(publishing(rule, beside(gone))().after).toBe("published");
  });

  it("begins after it is published, unless it lowers every result", () => {
    const rule = linearRule({ validFrom: at(960) });
    expect(publishing(rule, beside(), 959)().after).toBe("published");
    for (const seconds of [960, 961, 1500])
      expect(publishing(rule, beside(), seconds)).toThrow(refused("reaches-back"));

    const before = (gramsPerUnit: string) =>
      beside(
        published(linearRule({ version: "0", validFrom: at(0), validTo: at(960), file: { gramsPerUnit } })),
      );
    expect(publishing(rule, before("50.1"), 960)().after).toBe("published");
    expect(publishing(rule, before("50"), 1019)().after).toBe("published");
    expect(publishing(rule, before("49.999"), 960)).toThrow(refused("reaches-back"));
    // At once is the minute in which it is published, and none before.
    expect(publishing(rule, before("50.1"), 1020)).toThrow(refused("reaches-back"));
    const gone = before("50.1").others.map((other) => ({ ...other, state: "withdrawn" as const }));
    expect(publishing(rule, beside(gone), 960)).toThrow(refused("reaches-back"));
  });

  it("binds nobody where it lowers every result and was published on chain after its first minute", () => {
    const before = linearRule({ version: "0", validFrom: at(0), validTo: at(960) });
    const rule = linearRule({ validFrom: at(960), file: { gramsPerUnit: "49.9" } });
    for (const standing of [null, proposedBy(OPERATOR)]) {
      const shownAt = (seconds: number, more = {}) =>
        decideRuleStep(
          rule,
          standing,
          { what: "shown", by: REGISTRAR, at: at(seconds) },
          { ...beside(published(before)), ...more },
        );
      for (const seconds of [960, 1019]) expect(shownAt(seconds).after).toBe("published");
      for (const seconds of [1020, 16_000_000])
        expect(() => shownAt(seconds)).toThrow(refused("reaches-back"));
      expect(shownAt(1020, { local: true, reachBack: true }).after).toBe("published");
    }
  });

  it.each(["gramsPerSubjectDay", "gramsPerSubjectYear", "gramsPerProgrammeYear"])(
    "lowers every result of a version with %s under its own code alone",
    (cap) => {
      const file = { caps: { unitsPerAct: null, [cap]: "1000" } };
      const before = linearRule({ version: "0", validFrom: at(0), validTo: at(960), file });
      const follows = (name: string) => linearRule({ name, validFrom: at(960), file });
      expect(publishing(follows("CITY-BIKE"), beside(published(before)), 960)().after).toBe("published");
      expect(publishing(follows("CITY-RIDE"), beside(published(before)), 960)).toThrow(
        refused("reaches-back"),
      );
      // Without such caps there is no allowance to begin anew.
      const plain = linearRule({ version: "0", validFrom: at(0), validTo: at(960) });
      expect(publishing(follows("CITY-RIDE"), beside(published(plain)), 960)().after).toBe("published");
    },
  );

  it.each([
    ["a cap that is gone", { caps: { unitsPerAct: null } }, { caps: { unitsPerAct: "10" } }],
    ["a higher cap", { caps: { unitsPerAct: "10.5" } }, { caps: { unitsPerAct: "10" } }],
    ["another unit", { unit: "trip" }, { unit: "km" }],
    ["acts after behaviour", { category: "act" }, { category: "behaviour" }],
    ["acts of the first form after behaviour", {}, { category: "behaviour" }],
    ["projects after acts", { category: "project" }, { category: "act" }],
    ["a smaller deduction", { deductions: [{ bps: 99 }] }, { deductions: [{ bps: 100 }] }],
    ["a condition less", { predicates: [] }, { predicates: [{ attribute: "kw", atMost: "1" }] }],
    ["no signatures", { signatures: null }, { signatures: { least: 2, of: null } }],
    ["a table", { rule: { kind: "table" } }, {}],
    ["a table before it", {}, { rule: { kind: "table" } }],
  ])("does not lower every result with %s", (_what, own, earlier) => {
    const before = linearRule({ version: "0", validFrom: at(0), validTo: at(960), file: earlier });
    const rule = linearRule({ validFrom: at(960), file: own });
    expect(publishing(rule, beside(published(before)), 960)).toThrow(refused("reaches-back"));
  });

  it("lowers every result by a deduction, a cap or a condition more", () => {
    const before = linearRule({ version: "0", validFrom: at(0), validTo: at(960) });
    const lower = {
      deductions: [{ bps: 100 }],
      caps: { unitsPerAct: "10" },
      predicates: [{ attribute: "kw", atMost: "1" }],
      signatures: { least: 2, of: null },
    };
    for (const [name, value] of Object.entries(lower)) {
      const rule = linearRule({ validFrom: at(960), file: { [name]: value } });
      expect(publishing(rule, beside(published(before)), 960)().after).toBe("published");
    }
    // 51 less 2 % is 49.98.
    const factor = linearRule({
      validFrom: at(960),
      file: { gramsPerUnit: "51", deductions: [{ bps: 200 }] },
    });
    expect(publishing(factor, beside(published(before)), 960)().after).toBe("published");
  });

  it("that lists scenario classes goes on from the longest published list", () => {
    const first = classesRule("2", ["bike", "bus"]);
    expect(publishing(classesRule("3", ["bike", "bus", "ferry"]), beside(published(first)))().after).toBe(
      "published",
    );
    for (const names of [["bike", "bus"], ["bike"], ["bus", "bike", "ferry"], ["bike", "ferry", "bus"]])
      expect(publishing(classesRule("3", names), beside(published(first)))).toThrow(refused("classes"));
  });
});

/** What a folder must be after any history, told from the events alone. */
class Model {
  readonly states = new Map<string, RuleState>();
  readonly proposers = new Map<string, Address>();
}

const KEYS: readonly Address[] = [OPERATOR, REGISTRAR, `0x${"0c".repeat(20)}`];
const RULES: readonly RuleContent[] = [
  linearRule({ version: "1", validFrom: at(60), validTo: at(600) }),
  linearRule({ version: "2", validFrom: at(600), validTo: at(1200) }),
  linearRule({ version: "3", validFrom: at(540), validTo: at(900), file: { gramsPerUnit: "40" } }),
  linearRule({ version: "4", validFrom: at(600), validTo: null, file: { gramsPerUnit: "40" } }),
  linearRule({ version: "1", validFrom: at(60), region: regionCode("WUHAN"), name: "WUHAN-BIKE" }),
  linearRule({ version: "1", validFrom: at(1260), validTo: null, name: "TEST-BIKE" }),
];

const step = fc.record({
  rule: fc.constantFrom(...RULES),
  what: fc.constantFrom("propose", "publish", "shown", "withdraw"),
  by: fc.constantFrom(...KEYS),
  regions: fc.constantFrom<readonly RegionCode[] | null>(null, CITY, [regionCode("WUHAN")]),
  wait: fc.integer({ min: 0, max: 120 }),
});

describe("any history of proposals, publications and withdrawals", () => {
  it("keeps the promises that its readers rely on", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (history, local) => {
        const model = new Model();
        let now = 0;
        for (const { rule, what, by, regions, wait } of history) {
          now += wait;
          const state = model.states.get(rule.id) ?? null;
          const proposer = model.proposers.get(rule.id) ?? null;
          const others = RULES.flatMap((other) => {
            const standing = model.states.get(other.id);
            return standing && standing !== "proposed" ? [{ ...other, state: standing }] : [];
          });
          const event: RuleEvent = { what, by, regions, at: at(now), why: "because" };
          const standing: Pick<Rule, "state" | "proposedBy"> | null =
            state === null ? null : { state, proposedBy: proposer };
          let after: RuleState;
          try {
            ({ after } = decideRuleStep(rule, standing, event, beside(others, local)));
          } catch (error) {
            expect((error as MicrotonneError).code).toMatch(/^rules\./);
            continue;
          }
          if (after === state) continue;
          // Nothing goes back, nothing is skipped but by what the chain shows.
          expect([state, what, after]).toSatisfy(([from, doing, to]) =>
            [
              [null, "propose", "proposed"],
              ["proposed", "publish", "published"],
              ["proposed", "shown", "published"],
              [null, "shown", "published"],
              ["published", "withdraw", "withdrawn"],
            ].some((allowed) => allowed[0] === from && allowed[1] === doing && allowed[2] === to),
          );
          if (what === "propose") model.proposers.set(rule.id, by);
          if (after === "published") {
            expect(by).not.toBe(model.proposers.get(rule.id));
            expect(local || !rule.name.startsWith("TEST-")).toBe(true);
            // At one moment at most one published version counts an act.
            for (const other of others)
              if (other.state === "published" && other.region === rule.region)
                expect(
                  rule.validFrom >= (other.validTo ?? Infinity) ||
                    other.validFrom >= (rule.validTo ?? Infinity),
                ).toBe(true);
          }
          if (what === "publish") {
            expect(rule.validFrom).toBeGreaterThanOrEqual(now - (now % 60));
            if (rule.validFrom <= now)
              expect(
                others.some((other) => other.state === "published" && other.validTo === rule.validFrom),
              ).toBe(true);
          }
          if (what === "publish" || what === "withdraw")
            expect(regions === null || regions.includes(rule.region)).toBe(true);
          model.states.set(rule.id, after);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
