import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hex, ProviderId } from "../../../../src/base/types/ids.ts";
import type { MicroUnits } from "../../../../src/base/types/quantities.ts";
import type { AssetClaim, ProjectMonthLimit, Reduction } from "../../../../src/base/types/reduction.ts";
import { openAssetMonths } from "../../../../src/stages/dedupe/openAssetMonths.ts";

const ASSET = `0x${"33".repeat(32)}` as const;
const claimOf = (more: Partial<AssetClaim> = {}): AssetClaim => ({
  asset: ASSET,
  month: 660,
  side: "act",
  classes: ["bike"],
  certificates: "voids",
  certified: 0n,
  ...more,
});
const reduction = (provider: string, claim?: AssetClaim): Reduction =>
  ({ record: { provider }, ...(claim && { claim }) }) as unknown as Reduction;
const ride = (provider = "bikes") => reduction(provider, claimOf());
const month = (provider = "fleet", classes = ["bike", "bike-fleet"]) =>
  reduction(provider, claimOf({ side: "project", classes }));
/** What becomes of these, one after another. */
function outcomes(all: readonly Reduction[]) {
  const opened = openAssetMonths(all);
  return all.map((one) => {
    const code = opened.judge(one);
    if (code === null) opened.keep(one);
    return code;
  });
}

describe("an asset's month", () => {
  it("is counted by acts or by one project: the first keeps", () => {
    expect(outcomes([month(), ride(), month(), month("rival")])).toEqual([
      null,
      "claim.project-month",
      null,
      "claim.project-month",
    ]);
    expect(outcomes([ride(), ride("others"), month(), ride()])).toEqual([null, null, "claim.acts", null]);
    const bus = reduction("buses", claimOf({ classes: ["bus"] }));
    expect(outcomes([month(), bus, month("rival", ["bus"])])).toEqual([null, null, "claim.acts"]);
  });

  it("asks for nothing where no asset is named, and for each asset and month once", () => {
    expect(openAssetMonths([reduction("bikes")]).months).toEqual([]);
    const later = reduction("bikes", claimOf({ month: 661 }));
    expect(openAssetMonths([ride(), month(), later, later]).months).toEqual([
      { asset: ASSET, month: 660 },
      { asset: ASSET, month: 661 },
    ]);
  });

  it("adds what is new, once", () => {
    const all = [ride(), ride(), ride("others")];
    const opened = openAssetMonths(all);
    for (const one of all) opened.keep(one);
    expect(opened.added).toEqual([{ of: 0, class: "bike", side: "act", claimant: "bikes", certified: 0n }]);
  });

  it.each([
    ["voids", 0n, "claim.certificate"],
    ["voids", 5n, "claim.certificate"],
    ["lowers", 4n, "claim.certificate"],
    ["lowers", 5n, null],
    ["indifferent", 0n, null],
  ] as const)(
    "with a certificate that %s what leaves out %d comes to %s",
    (certificates, certified, code) => {
      const one = reduction("pv", claimOf({ side: "project", certificates, certified }));
      const opened = openAssetMonths([one]);
      expect(opened.judge(one)).toBeNull();
      opened.enter({ of: 0, class: "", side: "certificate", claimant: "GEC-1", certified: 5n });
      expect(opened.judge(one)).toBe(code);
    },
  );

  /** A project's months, each an installation's, of so many units. */
  const installed = (limit: Pick<ProjectMonthLimit, "installations" | "most">, quantities: bigint[]) =>
    quantities.map((quantity, at): Reduction => {
      const project = "solar" as ProviderId;
      const asset: Hex = `0x${String(at).padStart(64, "0")}`;
      const one = reduction(project, claimOf({ asset, side: "project", limit: { project, ...limit } }));
      return { ...one, record: { ...one.record, quantity: quantity as MicroUnits } };
    });
  const most = (units: bigint) => units as MicroUnits;

  it("has no more installations of a project than are registered, and as many", () => {
    const all = installed({ installations: 2, most: null }, [1n, 1n, 1n]);
    expect(outcomes(all)).toEqual([null, null, "project.above-count"]);
    const opened = openAssetMonths(all);
    opened.enterSum({ of: 0, installations: 1, quantity: 0n });
    expect(opened.judge(all[0] as Reduction)).toBeNull();
    opened.enterSum({ of: 0, installations: 2, quantity: 0n });
    expect(opened.judge(all[0] as Reduction)).toBe("project.above-count");
  });

  it("has no more of a project than its capacity gives, and all of that", () => {
    expect(outcomes(installed({ installations: 9, most: most(10n) }, [4n, 7n, 6n, 1n]))).toEqual([
      null,
      "project.above-capacity",
      null,
      "project.above-capacity",
    ]);
    const all = installed({ installations: 9, most: most(10n) }, [3n]);
    const opened = openAssetMonths(all);
    opened.enterSum({ of: 0, installations: 5, quantity: 7n });
    expect(opened.judge(all[0] as Reduction)).toBeNull();
    opened.enterSum({ of: 0, installations: 5, quantity: 8n });
    expect(opened.judge(all[0] as Reduction)).toBe("project.above-capacity");
  });

  it("of a project raises what its other installations find, and no other month's", () => {
    const all = installed({ installations: 9, most: most(10n) }, [4n, 6n]);
    const opened = openAssetMonths(all);
    for (const one of all) opened.keep(one);
    expect(opened.projectMonths).toEqual([{ project: "solar", month: 660 }]);
    expect(opened.raised).toEqual([
      { of: 0, installations: 1, quantity: 4n },
      { of: 0, installations: 1, quantity: 6n },
    ]);
    const [first] = all as [Reduction];
    const later = { ...first, claim: { ...(first.claim as AssetClaim), month: 661 } };
    expect(outcomes([...all, later])).toEqual([null, null, null]);
  });

  it("never has a class on both sides, whatever comes in whatever order", () => {
    const classes = fc.subarray(["bike", "bus", "pv"], { minLength: 1 });
    const any = fc
      .tuple(
        fc.constantFrom("act" as const, "project" as const),
        classes,
        fc.constantFrom("a", "b", "c"),
        fc.integer({ min: 0, max: 2 }),
      )
      .map(([side, list, provider, at]) =>
        reduction(provider, claimOf({ side, month: at, classes: side === "act" ? list.slice(0, 1) : list })),
      );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (all) => {
        const codes = outcomes(all);
        const kept = all.filter((_, index) => codes[index] === null);
        for (const one of kept)
          for (const other of kept) {
            const [a, b] = [one.claim, other.claim];
            if (!a || !b || a.month !== b.month || !a.classes.some((name) => b.classes.includes(name)))
              continue;
            expect(a.side).toBe(b.side);
            if (a.side === "project") expect(one.record.provider).toBe(other.record.provider);
          }
      }),
    );
  });
});
