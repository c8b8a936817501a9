import { expect, it } from "vitest";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import type { ProviderId, RegionCode } from "../../../../src/base/types/ids.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { decodeManifest, type Manifest2 } from "../../../../src/format/batch/manifest.ts";
import { manifestTerms } from "../../../../src/format/batch/manifestTerms.ts";
import { vectors } from "../support/vectors.ts";

it("the terms of a batch are told with days as dates", async () => {
  const { manifest } = await sampleBatch();
  const project = {
    id: "pv-1" as ProviderId,
    name: "Roofs",
    registration: "HB-1",
    creditingPeriod: { startDay: 20_454 as Day, endDay: 20_818 as Day },
    place: "HUBEI" as RegionCode,
    baselineHash: `0x${"11".repeat(32)}`,
    excludes: ["metro"],
  } as const;
  const campaign = { id: "spring" as ProviderId, documentHash: `0x${"22".repeat(32)}` } as const;
  const one: Manifest2 = { ...manifest, useBy: 20_818 as Day, projects: [project], campaign };
  expect(manifestTerms(one)).toEqual({
    category: manifest.category,
    placeOfActs: manifest.placeOfActs,
    hostCountry: manifest.hostCountry,
    correspondingAdjustment: manifest.correspondingAdjustment,
    useBy: "2026-12-31",
    title: manifest.title,
    verification: manifest.verification,
    campaign,
    projects: [
      {
        id: "pv-1",
        name: "Roofs",
        registration: "HB-1",
        firstDay: "2026-01-01",
        lastDay: "2026-12-31",
        place: "HUBEI",
      },
    ],
  });
  expect(manifestTerms({ ...one, useBy: null }).useBy).toBeNull();
  expect(manifestTerms({ ...one, useBy: 0 as Day }).useBy).toBe("1970-01-01");
});

it("a manifest of the first format says nothing of them but that it is of acts", () => {
  const { manifest } = vectors("v1/batch") as { manifest: string };
  expect(manifestTerms(decodeManifest(utf8(manifest)))).toEqual({
    category: "act",
    placeOfActs: null,
    hostCountry: null,
    correspondingAdjustment: null,
    useBy: null,
    title: null,
    verification: null,
    campaign: null,
    projects: [],
  });
});
