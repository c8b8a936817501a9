import { dayText } from "../../base/lib/time/calendar.ts";
import type { Hex, ProviderId, RegionCode } from "../../base/types/ids.ts";
import { MANIFEST_FORMAT_1 } from "../v1/manifest.ts";
import { categoryOf, type BatchCategory, type Manifest, type Manifest2 } from "./manifest.ts";

/** What a manifest says of its batch beside what is counted, as JSON. Days are YYYY-MM-DD, inclusive. */
export interface ManifestTerms {
  readonly category: BatchCategory;
  /** Null, as whatever follows: a manifest of the first format does not say it. */
  readonly placeOfActs: RegionCode | null;
  readonly hostCountry: string | null;
  readonly correspondingAdjustment: Manifest2["correspondingAdjustment"] | null;
  /** Null also where the batch may be retired for ever. */
  readonly useBy: string | null;
  readonly title: Manifest2["title"] | null;
  readonly verification: Manifest2["verification"];
  readonly campaign: { readonly id: ProviderId; readonly documentHash: Hex } | null;
  readonly projects: readonly {
    readonly id: ProviderId;
    readonly name: string;
    readonly registration: string;
    readonly firstDay: string;
    readonly lastDay: string;
    readonly place: RegionCode;
  }[];
}

/** The terms of a batch, for people and programs. */
export function manifestTerms(manifest: Manifest): ManifestTerms {
  const category = categoryOf(manifest);
  if (manifest.format === MANIFEST_FORMAT_1) {
    const unsaid = { placeOfActs: null, hostCountry: null, correspondingAdjustment: null, useBy: null };
    return { category, ...unsaid, title: null, verification: null, campaign: null, projects: [] };
  }
  const { placeOfActs, hostCountry, correspondingAdjustment, useBy, title, verification, campaign } =
    manifest;
  return {
    category,
    placeOfActs,
    hostCountry,
    correspondingAdjustment,
    useBy: useBy === null ? null : dayText(useBy),
    title,
    verification,
    campaign,
    projects: manifest.projects.map(({ id, name, registration, creditingPeriod, place }) => ({
      id,
      name,
      registration,
      firstDay: dayText(creditingPeriod.startDay),
      lastDay: dayText(creditingPeriod.endDay),
      place,
    })),
  };
}
