import { describe, expect, it } from "vitest";
import { sampleMethodology } from "../../../../scripts/generate/vectors/methodologyVectors.ts";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { concatBytes } from "../../../../src/base/lib/bytes.ts";
import type { MethodologyId } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../../src/base/types/quantities.ts";
import { LeafCheck, leafFault, leafRules, type LeafRules } from "../../../../src/format/archive/leafCheck.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { decodeLeaf, encodeLeaf, LAST_ACTIVITY_KEY, type Leaf } from "../../../../src/format/batch/leaf.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const { manifest, leaves } = await sampleBatch();
const sample = decodeLeaf(leaves[0] as Uint8Array);
const list = SHIPPED_CLASS_LISTS.newest;
const shipped = leafRules(manifest, list);
/** The sample's rules with a vintage that begins before the methodology and ends after it. */
const own = shipped.methodologies.get(sample.methodologyId);
if (own === undefined) throw new Error("the sample's leaf has no methodology");
const FIRST = 20_000;
const LAST = 20_009;
const rules: LeafRules = {
  startDay: (FIRST - 2) as Day,
  endDay: (LAST + 2) as Day,
  providers: 3,
  methodologies: new Map([[sample.methodologyId, { ...own, first: FIRST as Day, last: LAST as Day }]]),
};
const key = (byte: number) => new Uint8Array(32).fill(byte);
/** Leaves whose links are whole, of the sample's methodology; the changes of each. */
function chain(...changes: readonly Partial<Leaf>[]): Uint8Array[] {
  return changes.map((change, i) =>
    encodeLeaf({
      ...sample,
      day: FIRST as Day,
      providerIndex: 0,
      activityKey: key(i + 1) as Leaf["activityKey"],
      nextActivityKey: i + 1 < changes.length ? key(i + 2) : LAST_ACTIVITY_KEY,
      ...change,
    }),
  );
}
/** What a check says of leaves that come in so many pieces; null where nothing. */
function verdict(all: readonly Uint8Array[], size = all.length, by: LeafRules = rules): string | null {
  const check = new LeafCheck(by);
  try {
    for (let at = 0; at < all.length; at += size) check.push(concatBytes(...all.slice(at, at + size)));
    check.end();
    return null;
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`;
  }
}

describe("a leaf held against its manifest", () => {
  const day = (value: number): Partial<Leaf> => ({ day: value as Day });
  const faults: [string, Partial<Leaf>, string | null][] = [
    ["the methodology's first day", day(FIRST), null],
    ["its last day", day(LAST), null],
    ["the day before its first", day(FIRST - 1), "has a day on which its methodology is not valid"],
    ["the day after its last", day(LAST + 1), "has a day on which its methodology is not valid"],
    ["the vintage's first day", day(FIRST - 2), "has a day on which its methodology is not valid"],
    ["the vintage's last day", day(LAST + 2), "has a day on which its methodology is not valid"],
    ["the day before the vintage", day(FIRST - 3), "has a day outside the vintage"],
    ["the day after the vintage", day(LAST + 3), "has a day outside the vintage"],
    ["the last provider", { providerIndex: 2 }, null],
    ["one provider too many", { providerIndex: 3 }, "names a provider that the manifest does not have"],
    [
      "another methodology",
      { methodologyId: `0x${"11".repeat(32)}` as MethodologyId },
      "was counted by a methodology that the manifest does not have",
    ],
    [
      "a methodology whose id begins alike",
      { methodologyId: `${sample.methodologyId.slice(0, 20)}${"0".repeat(46)}` as MethodologyId },
      "was counted by a methodology that the manifest does not have",
    ],
    [
      "another class",
      { scenarioClass: sample.scenarioClass + 1 },
      "has another scenario class than its methodology",
    ],
    ["the least mass", { milligrams: 1n as Milligrams }, null],
    ["a mass of 2^32", { milligrams: (2n ** 32n) as Milligrams }, null],
    ["the greatest mass", { milligrams: (2n ** 63n - 1n) as Milligrams }, null],
  ];

  it.each(faults)("with %s, wherever it stands", (_, change, fault) => {
    const leaf = chain(change);
    expect(leafFault(rules, decodeLeaf(leaf[0] as Uint8Array))).toBe(fault);
    for (const at of [0, 1, 2]) {
      const all = chain(...[0, 1, 2].map((i) => (i === at ? change : {})));
      for (const size of [1, 2, 3])
        expect(verdict(all, size)).toBe(fault === null ? null : `archive.leaf: Leaf ${String(at)} ${fault}.`);
    }
  });

  it("is refused for its form before anything else", () => {
    const [one] = chain({}) as [Uint8Array];
    expect(verdict([one.with(0, 2)])).toMatch(/^leaf\.version: /);
    const mass = (...bytes: number[]) => {
      const changed = one.slice();
      changed.set(bytes, 161);
      return changed;
    };
    expect(verdict([mass(0, 0, 0, 0, 0, 0, 0, 0)])).toMatch(/^leaf\.zero-size: /);
    expect(verdict([mass(0x80, 0, 0, 0, 0, 0, 0, 0)])).toMatch(/^leaf\.too-large: /);
    expect(verdict([mass(0, 0, 0, 1, 0, 0, 0, 0)])).toBeNull();
  });
});

describe("links between leaves", () => {
  const broken = (index: number, fault: string) =>
    `archive.link: Leaf ${String(index)} breaks the chain of links (${fault}).`;

  it("are held within a piece and between pieces, up to the end", () => {
    const whole = chain({}, {}, {}, {});
    for (const size of [1, 2, 3, 4]) {
      expect(verdict(whole, size)).toBeNull();
      expect(verdict(whole.slice(0, 3), size)).toBe(broken(2, "last-does-not-end"));
      expect(verdict(whole.toSpliced(1, 1), size)).toBe(broken(0, "next-is-not-the-next-leaf"));
      expect(verdict(whole.toSpliced(2, 1), size)).toBe(broken(1, "next-is-not-the-next-leaf"));
      expect(verdict(chain({}, { nextActivityKey: key(2) }, {}), size)).toBe(broken(1, "key-not-below-next"));
    }
  });

  it("are held in every byte of the keys", () => {
    for (let at = 0; at < 32; at++) {
      const next = key(2).with(at, 3);
      expect([at, verdict(chain({ nextActivityKey: next }, {}))]).toEqual([
        at,
        broken(0, "next-is-not-the-next-leaf"),
      ]);
      const lower = key(1).with(at, 0);
      expect([at, verdict(chain({ nextActivityKey: lower }, {}))]).toEqual([
        at,
        broken(0, "key-not-below-next"),
      ]);
      const own32 = key(5).with(at, 6) as Leaf["activityKey"];
      const ascending = chain(
        { activityKey: key(5) as Leaf["activityKey"], nextActivityKey: own32 },
        { activityKey: own32 },
      );
      expect([at, verdict(ascending)]).toEqual([at, null]);
    }
  });
});

describe("caps on days and years", () => {
  const capped = sampleMethodology({
    caps: { ...sampleMethodology().caps, gramsPerSubjectDay: "0.1", gramsPerProgrammeYear: "0.25" },
  });
  const id = methodologyIdOf(capped);
  const scenarioClass = list.codeOf(capped.scenario) as number;
  const under: LeafRules = {
    ...rules,
    methodologies: new Map([
      ...rules.methodologies,
      [id, { methodology: capped, first: FIRST as Day, last: LAST as Day, scenarioClass }],
    ]),
  };
  const of = (milligrams: number): Partial<Leaf> => ({
    methodologyId: id,
    scenarioClass,
    milligrams: BigInt(milligrams) as Milligrams,
  });

  it("bound a leaf alone and all together, and no leaf of another methodology", () => {
    const all = (...masses: number[]) => chain(...masses.map(of), { milligrams: 10_000n as Milligrams });
    expect(verdict(all(100, 100, 50), 4, under)).toBeNull();
    expect(verdict(all(101), 2, under)).toBe(
      "archive.cap: Leaf 0 brings a subject's day to 101 mg, above the cap of TEST-VECTOR, 100 mg.",
    );
    expect(verdict(all(100, 100, 51), 4, under)).toBe(
      "archive.cap: Leaf 2 brings everybody's year to 251 mg, above the cap of TEST-VECTOR, 250 mg.",
    );
  });
});

it("a methodology whose class the batch's list has not is refused by its name", () => {
  const [first] = manifest.methodologies;
  const strange = {
    ...manifest,
    methodologies: [{ ...first, scenario: "ferry", code: "FERRY" }],
  } as typeof manifest;
  const read = () => leafRules(strange, list);
  expect(read).toThrow(refusedFor("archive.class"));
  expect(read).toThrow(
    `The methodology FERRY counts ferry, which is not in version ${String(list.version)} of the list of ` +
      "scenario classes, by which the batch is read.",
  );
});
