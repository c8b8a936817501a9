import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SubjectKey, ActivityKey, MethodologyId } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../../src/base/types/quantities.ts";
import type { Reduction } from "../../../../src/base/types/reduction.ts";
import { openSubjectDays } from "../../../../src/stages/plausibility/openSubjectDays.ts";
import type { SubjectDays } from "../../../../src/stages/plausibility/ports.ts";
import { admitAll, DAY, dayAct, HOUR, MIDNIGHT, record, WUHAN, wuhanDay } from "./support/helpers.ts";

const rules = wuhanDay();

/** `start` in seconds after midnight of `DAY`. */
function act(subject: number | null, start: number, seconds: number, scenario = "metro"): Reduction {
  return {
    record: record(scenario, 1_000_000n, MIDNIGHT + start, seconds),
    methodologyId: "0x" as MethodologyId,
    region: WUHAN,
    milligrams: 1n as Milligrams,
    day: (DAY + Math.floor(start / 86_400)) as Day,
    subjectKey: subject === null ? null : (new Uint8Array(32).fill(subject) as SubjectKey),
    activityKey: new Uint8Array(32) as ActivityKey,
  };
}

/** Judges each and keeps what may be true. */
function admit(days: SubjectDays, reductions: readonly Reduction[]) {
  return reductions.map((reduction) => {
    const refusal = days.judge(reduction);
    if (refusal === null) days.keep(reduction);
    return refusal;
  });
}

describe("the days of a chunk's subjects", () => {
  it("are each named once, by subject and local day, with those that a ride reaches into", () => {
    const acts = [
      act(1, 0, 600),
      act(1, HOUR, 600),
      act(2, 0, 600),
      act(1, 24 * HOUR - 60, 600),
      act(null, 0, 60),
    ];
    const { days } = openSubjectDays(rules, acts);
    expect(days.map(({ subjectKey, day }) => [subjectKey[0], day])).toEqual([
      [1, DAY],
      [2, DAY],
      [1, DAY + 1],
    ]);
  });

  it("judge an act beside what is stored of its own subject, and beside what was kept", () => {
    const [own, other, later] = [act(1, 100, 600), act(2, 100, 600), act(2, 160, 600)];
    const days = openSubjectDays(rules, [own, other, later]);
    for (const day of days.days) if (day.subjectKey[0] === 1) day.acts.push(dayAct("metro", 0, 600));
    expect(admit(days, [own, other, later])).toEqual(["plausibility.at-once", null, "plausibility.at-once"]);
    expect(days.days.map(({ added }) => added.length)).toEqual([0, 1]);
  });

  it("keep an act under each day that it touches, and find it from the next one", () => {
    const [late, early] = [act(1, 24 * HOUR - 600, 1200), act(1, 24 * HOUR + 60, 300)];
    const days = openSubjectDays(rules, [late, early]);
    expect(admit(days, [late, early])).toEqual([null, "plausibility.at-once"]);
    expect(days.days.map(({ acts, added }) => [acts.length, added.length])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it("say that a key may be claimed where the class and minute have an act, or nobody is named", () => {
    const [ride, bus, next, nobody] = [
      act(1, 59, 60),
      act(1, 0, 60, "bus"),
      act(1, 60, 60),
      act(null, 0, 60),
    ];
    const days = openSubjectDays(rules, [ride, bus, next, nobody]);
    expect([ride, bus, next, nobody].map((one) => days.mayBeClaimed(one))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    days.days[0]?.acts.push(dayAct("metro", 0, 600));
    expect([ride, bus, next].map((one) => days.mayBeClaimed(one))).toEqual([true, false, false]);
  });

  it("never judge, nor keep, acts that name nobody", () => {
    const acts = Array.from({ length: 40 }, () => act(null, 0, 3600));
    const days = openSubjectDays(rules, acts);
    expect(new Set(admit(days, acts))).toEqual(new Set([null]));
    expect(days.days).toEqual([]);
  });

  it("come to the same in one chunk or in two, with what was added handed over", () => {
    const acts = fc.array(
      fc.record({
        subject: fc.constantFrom(1, 2),
        start: fc.integer({ min: 0, max: 30 * 60 }).map((minute) => minute * 60),
        seconds: fc.integer({ min: 60, max: 7200 }),
        scenario: fc.constantFrom("metro", "bus", "bike"),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(acts, fc.nat(25), (list, cut) => {
        const reductions = list.map(({ subject, start, seconds, scenario }) =>
          act(subject, start, seconds, scenario),
        );
        const whole = admit(openSubjectDays(rules, reductions), reductions);
        const [head, tail] = [reductions.slice(0, cut), reductions.slice(cut)];
        const [first, second] = [openSubjectDays(rules, head), openSubjectDays(rules, tail)];
        const before = admit(first, head);
        for (const day of second.days) {
          const same = first.days.find(
            ({ day: number, subjectKey }) => number === day.day && subjectKey[0] === day.subjectKey[0],
          );
          day.acts.push(...(same?.added ?? []));
        }
        expect([...before, ...admit(second, tail)]).toEqual(whole);
        const ofOne = reductions.filter(({ subjectKey }) => subjectKey?.[0] === 1);
        expect(admit(openSubjectDays(rules, ofOne), ofOne)).toEqual(
          admitAll(
            rules,
            ofOne.map((one) => rules.actOf(one)),
          ).outcomes,
        );
      }),
    );
  });
});
