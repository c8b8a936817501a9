import { describe, expect, it } from "vitest";
import { closingTerms } from "../../../../src/app/batches/closingTerms.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { BoundsBook } from "../../../../src/stages/plausibility/boundsBook.ts";
import { shippedPlausibility } from "../../../../src/stages/plausibility/shippedPlausibility.ts";
import type { ClosingCategory } from "../../../../src/stages/pool/ports.ts";
import { codeOf } from "../../format/support/vectors.ts";

const WUHAN = regionCode("WUHAN");
const DAY = 20_000 as Day;
const plausibility = new BoundsBook(shippedPlausibility());
const HASH = `0x${"AB".repeat(32)}`;
const termsBy = (settings: Record<string, string>, local: boolean, category: ClosingCategory = "act") =>
  closingTerms(
    { config: parseConfig(settings), local, plausibility, classLists: SHIPPED_CLASS_LISTS },
    WUHAN,
    category,
    DAY,
  );

describe("the terms of a closing", () => {
  it("have values to try things out with on a local network", () => {
    const { version, hash } = SHIPPED_CLASS_LISTS.newest;
    expect(termsBy({}, true)).toEqual({
      bufferBps: 500,
      claimPeriodDays: 90,
      placeOfActs: "WUHAN",
      hostCountry: "CN",
      correspondingAdjustment: "none",
      useBy: null,
      title: {
        kind: "consent-scope",
        documentHash: "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
      },
      campaign: null,
      scenarioClasses: { version, hash },
      plausibility: plausibility.versionFor(WUHAN, DAY),
      previousDeployment: null,
      verification: null,
      audience: { leaves: "public", tiles: "public" },
    });
  });

  it("leave the title of a batch of projects to their owners", () => {
    expect(termsBy({}, true, "project").title).toBeNull();
    expect(termsBy({ MICROTONNE_HOST_COUNTRY: "SG" }, false, "project").title).toBeNull();
  });

  it("are the settings' elsewhere, which must say whose and by what right", () => {
    const title = { MICROTONNE_TITLE_KIND: "programme", MICROTONNE_TITLE_DOCUMENT: HASH };
    expect(codeOf(() => termsBy(title, false))).toBe("close.host-country");
    expect(codeOf(() => termsBy({ MICROTONNE_HOST_COUNTRY: "SG" }, false))).toBe("close.title");
    expect(
      termsBy(
        {
          ...title,
          MICROTONNE_HOST_COUNTRY: "SG",
          MICROTONNE_PLACE_OF_ACTS: "JURONG",
          MICROTONNE_CORRESPONDING_ADJUSTMENT: "applied",
        },
        false,
      ),
    ).toMatchObject({
      placeOfActs: "JURONG",
      hostCountry: "SG",
      correspondingAdjustment: "applied",
      title: { kind: "programme", documentHash: HASH.toLowerCase() },
    });
  });
});

describe("the plausibility rules in force in a region", () => {
  it("have a hash that only what counts there can change", () => {
    const rules = shippedPlausibility();
    const changed = (region: string) =>
      new BoundsBook(
        rules.map((one) =>
          one.scenario === "metro"
            ? {
                ...one,
                regions: { ...one.regions, [region]: { act: { seconds: { max: 60, source: "Ours." } } } },
              }
            : one,
        ),
      ).versionFor(WUHAN, DAY);
    expect(plausibility.versionFor(WUHAN, DAY)).toEqual(
      new BoundsBook(rules.toReversed()).versionFor(WUHAN, DAY),
    );
    expect(changed("SHENZHEN")).toEqual(plausibility.versionFor(WUHAN, DAY));
    expect(changed("WUHAN").hash).not.toBe(plausibility.versionFor(WUHAN, DAY).hash);
    expect(plausibility.versionFor(regionCode("LUZHOU"), DAY).hash).not.toBe(
      plausibility.versionFor(WUHAN, DAY).hash,
    );
  });
});
