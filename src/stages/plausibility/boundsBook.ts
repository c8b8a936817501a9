import { InputError } from "../../base/errors/errors.ts";
import { MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../base/lib/time.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";
import type { ListVersion } from "../../format/batch/manifest.ts";
import { SCENARIO_CLASSES, scenarioClass } from "../../format/batch/scenarioClasses.ts";
import type { ActBounds, DayBounds, ScenarioRules } from "./ruleSchema.ts";

/**
 * The bounds of one class in one region, as integers: quantities in millionths of the unit, times in seconds.
 * Null: no such bound.
 */
export interface Bounds {
  readonly most: bigint;
  readonly longest: number;
  /** Millionths of the unit an hour: kilometres an hour, or kilowatts. */
  readonly mostPerHour: bigint | null;
  readonly perHourCode: "plausibility.too-fast" | "plausibility.too-strong";
  /** Seconds after local midnight between which acts start; `from` > `to` where the night is open. */
  readonly hours: { readonly from: number; readonly to: number } | null;
  readonly actsADay: number;
  readonly mostADay: bigint | null;
  readonly gap: number | null;
  readonly atOnce: {
    readonly excludes: ReadonlySet<number>;
    readonly least: number;
    readonly tolerance: number;
  } | null;
}

type Region = ScenarioRules["regions"][RegionCode];

/**
 * Acts that are compared with their neighbours are entered under each day that they touch; this many at the
 * most.
 */
const MAX_COMPARED_SECONDS = 7 * SECONDS_PER_DAY;

/** Of the rules that ship with Microtonne. */
const SHIPPED_VERSION = 1;

const micro = (decimal: string): bigint => scaleDecimal(decimal, MICRO_PLACES);

/** By scenario class code and region, compiled when first asked for. */
export class BoundsBook {
  readonly #rules = new Map<string, ScenarioRules>();
  readonly #compiled = new Map<string, Bounds>();

  /**
   * @throws InputError `plausibility.rules` for a class that has two sets of rules, a bound that does not fit
   * the class's unit, classes that exclude one another in one direction only, or acts that are compared with
   * their neighbours and may last for more than a week
   */
  constructor(rules: readonly ScenarioRules[]) {
    for (const one of rules) {
      if (this.#rules.has(one.scenario)) throw wrong(one.scenario, "has two sets of rules");
      this.#rules.set(one.scenario, one);
    }
    for (const one of rules) this.#check(one);
  }

  /** The bounds of a class in a region; null where the class has no rules. */
  of(scenario: string, region: string): Bounds | null {
    const name = `${scenario} ${region}`;
    const known = this.#compiled.get(name);
    if (known) return known;
    const rules = this.#rules.get(scenario);
    if (!rules) return null;
    const local = new Map<string, Region>(Object.entries(rules.regions)).get(region);
    // JSON has no undefined: a bound that stands in the region's section is whole.
    const bounds = compile(
      { ...rules.act, ...local?.act } as ActBounds,
      { ...rules.day, ...local?.day } as DayBounds,
    );
    this.#compiled.set(name, bounds);
    return bounds;
  }

  /**
   * The rules in force in a region as a manifest names them: the hash is that of the canonical JSON of the
   * rules of all classes, ascending by class, each with the section of that region alone.
   */
  versionFor(region: RegionCode): ListVersion {
    const inForce = [...this.#rules.values()]
      .toSorted((a, b) => (a.scenario < b.scenario ? -1 : 1))
      .map((rules) => ({
        ...rules,
        regions: Object.fromEntries(Object.entries(rules.regions).filter(([code]) => code === region)),
      }));
    return { version: SHIPPED_VERSION, hash: toHex(keccak(utf8(canonicalJson(inForce)))) };
  }

  #check({ scenario, act, day, regions }: ScenarioRules): void {
    const { unit } = scenarioClass(scenario);
    for (const one of [act, ...Object.values(regions).flatMap((region) => region.act ?? [])]) {
      if (one.speed && unit !== "km" && unit !== "passenger-km")
        throw wrong(scenario, "has a speed, but is not counted in kilometres");
      if (one.power && unit !== "kWh")
        throw wrong(scenario, "has a power, but is not counted in kilowatt-hours");
      const isCompared = day.atOnce !== null || day.gapSeconds !== undefined;
      if (isCompared && (one.seconds?.max ?? 0) > MAX_COMPARED_SECONDS)
        throw wrong(scenario, "is compared with its neighbours and may last for more than a week");
    }
    for (const other of day.atOnce?.excludes ?? []) {
      if (!this.#rules.get(other)?.day.atOnce?.excludes.includes(scenario))
        throw wrong(scenario, `excludes ${other}, which does not exclude it`);
    }
  }
}

function compile(act: ActBounds, { acts, quantity, gapSeconds, atOnce }: DayBounds): Bounds {
  const perHour = act.power?.maxKw ?? act.speed?.maxKmh;
  return {
    most: micro(act.quantity.max),
    longest: act.seconds.max,
    mostPerHour: perHour === undefined ? null : micro(perHour),
    perHourCode: act.power ? "plausibility.too-strong" : "plausibility.too-fast",
    hours: act.hours ? { from: secondsOf(act.hours.from), to: secondsOf(act.hours.to) } : null,
    actsADay: acts.max,
    mostADay: quantity ? micro(quantity.max) : null,
    gap: gapSeconds?.min ?? null,
    atOnce: atOnce && {
      excludes: new Set(
        SCENARIO_CLASSES.filter(({ name }) => atOnce.excludes.includes(name)).map(({ code }) => code),
      ),
      least: atOnce.leastSeconds,
      tolerance: atOnce.toleranceSeconds,
    },
  };
}

function secondsOf(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number) as [number, number];
  return hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE;
}

function wrong(scenario: string, what: string): InputError {
  return new InputError(
    "plausibility.rules",
    `The plausibility rules of ${scenario} can't be used: the class ${what}.`,
  );
}
