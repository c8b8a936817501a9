import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { Day } from "../../base/types/quantities.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";

/**
 * Those members of a manifest of `microtonne-batch/2` that only `termsHash` binds on chain; what they say is
 * with the manifest.
 */
export interface BatchTerms {
  readonly audience: unknown;
  readonly campaign: unknown;
  readonly category: "act" | "project" | "behaviour";
  readonly correspondingAdjustment: "none" | "authorised" | "applied";
  /** ISO 3166-1 alpha-2. */
  readonly hostCountry: string;
  readonly placeOfActs: unknown;
  readonly plausibility: unknown;
  readonly previousDeployment: unknown;
  readonly projects: unknown;
  readonly scenarioClasses: unknown;
  readonly title: unknown;
  readonly useBy: Day | null;
  readonly verification: unknown;
}

/** A manifest of either format; the first has no such members. */
export type TermedManifest =
  { readonly format: "microtonne-batch/1" } | ({ readonly format: "microtonne-batch/2" } & BatchTerms);

/**
 * keccak-256 of the canonical JSON of these members, as they stand in the manifest.
 * @returns null for a manifest of the first format
 */
export function termsHashOf(manifest: TermedManifest & { readonly format: "microtonne-batch/2" }): Hex;
export function termsHashOf(manifest: TermedManifest): Hex | null;
export function termsHashOf(manifest: TermedManifest): Hex | null {
  if (manifest.format === "microtonne-batch/1") return null;
  const terms: Record<keyof BatchTerms, unknown> = {
    audience: manifest.audience,
    campaign: manifest.campaign,
    category: manifest.category,
    correspondingAdjustment: manifest.correspondingAdjustment,
    hostCountry: manifest.hostCountry,
    placeOfActs: manifest.placeOfActs,
    plausibility: manifest.plausibility,
    previousDeployment: manifest.previousDeployment,
    projects: manifest.projects,
    scenarioClasses: manifest.scenarioClasses,
    title: manifest.title,
    useBy: manifest.useBy,
    verification: manifest.verification,
  };
  return toHex(keccak(utf8(canonicalJson(terms))));
}
