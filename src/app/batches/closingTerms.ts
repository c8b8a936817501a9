import { UsageError } from "../../base/errors/errors.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import type { Day } from "../../base/types/quantities.ts";
import { keccak } from "../../format/keccak.ts";
import type { ClosingCategory, ClosingTerms } from "../../stages/pool/ports.ts";
import type { SaidTerms } from "../../stages/pool/readAskedTerms.ts";
import type { Context } from "../context.ts";

/**
 * The terms under which this operator closes a batch of a region: what is said of this one, else by its
 * settings. On a local network those that are not given have values to try things out with.
 * @param day on which the closing begins, in the region's zone: the plausibility rules of that day are named
 * @throws UsageError `close.host-country`, `close.title` on any other network
 */
export function closingTerms(
  {
    config,
    local,
    plausibility,
    classLists,
  }: Pick<Context, "config" | "local" | "plausibility" | "classLists">,
  region: RegionCode,
  category: ClosingCategory,
  day: Day,
  said: SaidTerms = {},
): ClosingTerms {
  const { hostCountry, placeOfActs, correspondingAdjustment, title } = config.terms;
  const { version, hash } = classLists.newest;
  return {
    bufferBps: config.bufferBps,
    claimPeriodDays: config.claimPeriodDays,
    placeOfActs: placeOfActs ?? region,
    hostCountry:
      hostCountry ??
      (local
        ? "CN"
        : missing("close.host-country", "in whose inventory the reductions are", "MICROTONNE_HOST_COUNTRY")),
    correspondingAdjustment,
    useBy: said.useBy ?? null,
    title: category === "project" ? null : (said.title ?? title ?? (local ? LOCAL_TITLE : titleMissing())),
    campaign: said.campaign ?? null,
    scenarioClasses: { version, hash },
    plausibility: plausibility.versionFor(region, day),
    previousDeployment: null,
    verification: said.verification ?? null,
    audience: said.audience ?? { leaves: "public", tiles: "public" },
  };
}

const LOCAL_TITLE = { kind: "consent-scope", documentHash: toHex(keccak(new Uint8Array())) } as const;

function titleMissing(): never {
  return missing(
    "close.title",
    "by what right you pool them",
    "MICROTONNE_TITLE_KIND and MICROTONNE_TITLE_DOCUMENT",
  );
}

function missing(code: string, what: string, setting: string): never {
  throw new UsageError(
    code,
    `Outside a local network a batch says ${what}. Set ${setting}; .env.example documents them.`,
  );
}
