import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairTaps, TAP, type Tap, type TapGroup } from "../../../../../src/stages/ingest/groups/pairTaps.ts";

const MAX = 100;
const tap = (kind: keyof typeof TAP, at: number, id: string = `${kind}${String(at)}`): Tap => ({
  kind: TAP[kind],
  at,
  id,
  raw: id,
});
/** Each group as one word. */
const words = (taps: readonly Tap[]): string[] => pairTaps(taps, MAX).map(word).toSorted();
function word(group: TapGroup<Tap>): string {
  if ("ride" in group) return `${group.ride.entry.id}>${group.ride.exit.id}`;
  if ("single" in group) return group.single.id;
  return "exitOnly" in group ? `>${group.exitOnly.id}` : `${group.refused.id} ${group.code}`;
}
function tapsOf(group: TapGroup<Tap>): Tap[] {
  if ("ride" in group) return [group.ride.entry, group.ride.exit];
  if ("single" in group) return [group.single];
  return ["exitOnly" in group ? group.exitOnly : group.refused];
}

describe("taps of one card", () => {
  it("make rides of an entry and the exit after it", () => {
    expect(words([tap("entry", 0), tap("exit", 50), tap("entry", 60), tap("exit", 90)])).toEqual([
      "entry0>exit50",
      "entry60>exit90",
    ]);
  });

  it("that have no counterpart say why", () => {
    expect(
      words([
        tap("exit", 1),
        tap("entry", 2),
        tap("entry", 3),
        tap("exit", 103),
        tap("entry", 200),
        tap("exit", 301),
        tap("entry", 400),
      ]),
    ).toEqual([
      ">exit1",
      "entry2 pair.entry-replaced",
      "entry200 pair.too-long",
      "entry3>exit103",
      "entry400 pair.entry-without-exit",
      "exit301 pair.too-long",
    ]);
  });

  it("on a bus stand by themselves and break no ride", () => {
    expect(words([tap("entry", 0), tap("single", 10), tap("exit", 20)])).toEqual([
      "entry0>exit20",
      "single10",
    ]);
  });

  it("that stand there twice count once", () => {
    expect(words([tap("entry", 0), tap("exit", 9), tap("entry", 0), tap("exit", 9)])).toEqual([
      "entry0 pair.repeated",
      "entry0>exit9",
      "exit9 pair.repeated",
    ]);
  });

  it("in one second end one ride before they begin the next", () => {
    expect(words([tap("entry", 50), tap("exit", 50), tap("entry", 0), tap("exit", 60)])).toEqual([
      "entry0>exit50",
      "entry50>exit60",
    ]);
  });
});

describe("for any taps", () => {
  const arbitrary = fc.array(
    fc.record({
      kind: fc.constantFrom<keyof typeof TAP>("entry", "exit", "single"),
      at: fc.integer({ min: 0, max: 300 }),
      gate: fc.constantFrom("a", "b"),
    }),
    { maxLength: 40 },
  );
  const build = (drawn: readonly { kind: keyof typeof TAP; at: number; gate: string }[]): Tap[] =>
    drawn.map(({ kind, at, gate }) => tap(kind, at, `${gate}|${kind}|${String(at)}`));

  it("each is in exactly one group, and none in two rides", () => {
    fc.assert(
      fc.property(arbitrary, (drawn) => {
        const taps = build(drawn);
        const grouped = pairTaps(taps, MAX).flatMap(tapsOf);
        expect(new Set(grouped).size).toBe(grouped.length);
        expect(new Set(grouped)).toEqual(new Set(taps));
      }),
      { numRuns: 1000 },
    );
  });

  it("a ride is an entry and the next tap at a gate, an exit within the time allowed", () => {
    fc.assert(
      fc.property(arbitrary, (drawn) => {
        const taps = build(drawn);
        for (const group of pairTaps(taps, MAX)) {
          if (!("ride" in group)) continue;
          const { entry, exit } = group.ride;
          expect([entry.kind, exit.kind]).toEqual([TAP.entry, TAP.exit]);
          expect(exit.at - entry.at).toBeGreaterThanOrEqual(0);
          expect(exit.at - entry.at).toBeLessThanOrEqual(MAX);
          const between = taps.filter(
            (one) => one.kind !== TAP.single && one.at > entry.at && one.at < exit.at,
          );
          expect(between).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("the order in which they come makes no difference", () => {
    fc.assert(
      fc.property(arbitrary, fc.infiniteStream(fc.nat()), (drawn, keys) => {
        const taps = build(drawn);
        const shuffled = taps
          .map((one) => ({ one, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key);
        expect(words(shuffled.map(({ one }) => one))).toEqual(words(taps));
      }),
      { numRuns: 1000 },
    );
  });
});
