import { z } from "zod";
import { ascends } from "../../base/lib/ascends.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { parseDay } from "../../base/lib/time/calendar.ts";
import { SCENARIO_NAME } from "../../base/lib/textPatterns.ts";
import type { Day } from "../../base/types/quantities.ts";
import type { Hex, RegionCode } from "../../base/types/ids.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { ASSET_KINDS } from "../../format/batch/classes/assetKinds.ts";
import { keccak } from "../../format/keccak.ts";
import { decodeWith, regionField, timeZoneField } from "../../format/schema.ts";
import { actBounds, dayBounds } from "./ruleSchema.ts";

/**
 * Closed schema `microtonne-regional-plausibility/1`: the bounds of one region from a day on, until its next
 * version. They stand in for the shipped ones of that region; what a class leaves out stays as it ships. A
 * class that does not ship needs all of `act` and the acts of a day. `assets` closes the kinds of assets that
 * its records may name.
 */
const regionalSchema = z.strictObject({
  schema: z.literal("microtonne-regional-plausibility/1"),
  region: regionField,
  version: z.int().min(1).max(1_000_000),
  timeZone: timeZoneField,
  validFrom: z
    .string()
    .refine((text) => parseDay(text) !== null, "must be a calendar day YYYY-MM-DD from 1970 on"),
  classes: z
    .array(
      z.strictObject({
        scenario: z.string().regex(SCENARIO_NAME, "must be the name of a scenario class"),
        act: actBounds.partial().optional(),
        day: dayBounds.omit({ atOnce: true }).partial().optional(),
        assets: z
          .array(z.enum(ASSET_KINDS as [string, ...string[]]))
          .min(1)
          .refine(ascends, "must ascend, each once")
          .optional(),
      }),
    )
    .max(1000)
    .refine(
      (classes) => new Set(classes.map(({ scenario }) => scenario)).size === classes.length,
      "must name each class once",
    ),
});

type RegionalFile = z.output<typeof regionalSchema>;

/** One version of a region's bounds. */
export interface RegionalRules {
  readonly region: RegionCode;
  readonly version: number;
  /** keccak-256 of the file's canonical JSON. */
  readonly hash: Hex;
  /** Canonical JSON of the file. */
  readonly json: string;
  readonly timeZone: string;
  /** Days since 1970-01-01 in the zone: the first on which it binds. */
  readonly firstDay: number;
  readonly classes: ReadonlyMap<string, Pick<RegionalFile["classes"][number], "act" | "day" | "assets">>;
}

/** A region's bounds out of parsed JSON. @throws InputError `plausibility.malformed` naming the field */
export function parseRegionalRules(value: unknown): RegionalRules {
  const file = decodeWith(regionalSchema, value, "plausibility.malformed", "plausibility rules");
  const json = canonicalJson(file);
  return {
    region: file.region,
    version: file.version,
    hash: toHex(keccak(utf8(json))),
    json,
    timeZone: file.timeZone,
    firstDay: parseDay(file.validFrom) as Day,
    classes: new Map(file.classes.map(({ scenario, ...bounds }) => [scenario, bounds])),
  };
}
