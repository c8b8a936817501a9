import { z } from "zod";
import { InputError } from "../../base/errors/errors.ts";
import type { Remedy } from "../../base/errors/remedy.ts";
import { MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Unit } from "../../base/types/activityRecord.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";
import type { ListVersion } from "../../format/batch/manifest.ts";
import { assetKindsOf } from "../../format/batch/classes/assetKinds.ts";
import { SHIPPED_CLASS_LISTS, type ClassList } from "../../format/batch/classes/classLists.ts";
import type { RegionalRules } from "./parseRegionalRules.ts";
import { actBounds, dayBounds, type ActBounds, type DayBounds, type ScenarioRules } from "./ruleSchema.ts";

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
  readonly #compiled = new Map<string, Bounds | null>();
  /** By region, the highest version first: of those that have begun, it is in force. */
  readonly #regional = new Map<string, RegionalRules[]>();
  readonly #classes: ClassList;

  /**
   * @param regional versions of regions' own bounds, which stand in for the shipped ones from their day on
   * @param classes what the names of scenarios mean
   * @throws InputError `plausibility.rules` for a class that has two sets of rules, a bound that does not fit
   * the class's unit, classes that exclude one another in one direction only, or acts that are compared with
   * their neighbours and may last for more than a week
   */
  constructor(
    rules: readonly ScenarioRules[],
    regional: readonly RegionalRules[] = [],
    classes: ClassList = SHIPPED_CLASS_LISTS.newest,
  ) {
    this.#classes = classes;
    for (const one of rules) {
      if (this.#rules.has(one.scenario)) throw wrong(one.scenario, "has two sets of rules");
      this.#rules.set(one.scenario, one);
    }
    for (const one of rules) this.#check(one);
    for (const one of regional) {
      const known = this.#regional.get(one.region) ?? [];
      this.#regional.set(
        one.region,
        [...known, one].toSorted((a, b) => b.version - a.version),
      );
      for (const [scenario] of one.classes) this.#checkRegional(scenario, one);
    }
  }

  /** Whether a region has bounds of its own, so that the day decides. */
  isDated(region: string): boolean {
    return this.#regional.has(region);
  }

  /** Code of a class; null where the list has none of that name. */
  codeOf(scenario: string): number | null {
    return this.#classes.codeOf(scenario);
  }

  /** Name of a class; null where the list has none of that code. */
  nameOf(code: number): string | null {
    return this.#classes.find(code)?.name ?? null;
  }

  /**
   * The bounds of a class in a region on a local day; null where the class has no rules.
   * @param day needed where `isDated`
   */
  of(scenario: string, region: string, day: number | null): Bounds | null {
    const regional = day === null ? null : this.#inForce(region, day);
    const name = `${scenario} ${region} ${String(regional?.hash)}`;
    const known = this.#compiled.get(name);
    if (known !== undefined) return known;
    const bounds = this.#boundsOf(scenario, region, regional);
    this.#compiled.set(name, bounds);
    return bounds;
  }

  /**
   * Kinds of assets that records of a class may name in a region on a local day.
   * @param day needed where `isDated`
   */
  assetKinds(scenario: string, region: string, day: number | null): readonly string[] {
    const regional = day === null ? null : this.#inForce(region, day);
    return regional?.classes.get(scenario)?.assets ?? assetKindsOf(scenario);
  }

  #inForce(region: string, day: number): RegionalRules | null {
    return this.#regional.get(region)?.find(({ firstDay }) => firstDay <= day) ?? null;
  }

  #boundsOf(scenario: string, region: string, regional: RegionalRules | null): Bounds | null {
    const rules = this.#rules.get(scenario);
    const local = regional
      ? regional.classes.get(scenario)
      : new Map<string, Region>(Object.entries(rules?.regions ?? {})).get(region);
    if (!rules && (!local || isOnlyAssets(local))) return null;
    // JSON has no undefined: a bound that stands in the region's section is whole.
    return compile(
      { ...rules?.act, ...local?.act } as ActBounds,
      { atOnce: null, ...rules?.day, ...local?.day } as DayBounds,
      this.#classes,
    );
  }

  /**
   * The rules in force in a region on a local day as a manifest names them: the region's own version, or that
   * of those that ship. Then the hash is that of the canonical JSON of the rules of all classes, ascending by
   * class, each with the section of that region alone.
   */
  versionFor(region: RegionCode, day: number): ListVersion {
    const regional = this.#inForce(region, day);
    if (regional) return { version: regional.version, hash: regional.hash };
    const inForce = [...this.#rules.values()]
      .toSorted((a, b) => (a.scenario < b.scenario ? -1 : 1))
      .map((rules) => ({
        ...rules,
        regions: Object.fromEntries(Object.entries(rules.regions).filter(([code]) => code === region)),
      }));
    return { version: SHIPPED_VERSION, hash: toHex(keccak(utf8(canonicalJson(inForce)))) };
  }

  /** A region's section fits the class, and with what ships it is whole. */
  #checkRegional(scenario: string, { region, classes }: RegionalRules): void {
    const shipped = this.#rules.get(scenario);
    const local = classes.get(scenario);
    // Months of a project's class have no bounds but their project's capacity.
    if (!shipped && local && isOnlyAssets(local)) {
      this.#unitOf(scenario);
      return;
    }
    const whole = ruleParts.safeParse({
      act: { ...shipped?.act, ...local?.act },
      day: { atOnce: null, ...shipped?.day, ...local?.day },
    });
    if (!whole.success)
      throw wrong(scenario, `lacks ${whole.error.issues[0]?.path.join(".") ?? ""} in ${region}'s rules`);
    this.#checkBounds(scenario, whole.data.act, whole.data.day);
  }

  #check({ scenario, act, day, regions }: ScenarioRules): void {
    for (const one of [act, ...Object.values(regions).flatMap((region) => region.act ?? [])])
      this.#checkBounds(scenario, one, day);
    for (const other of day.atOnce?.excludes ?? []) {
      if (!this.#rules.get(other)?.day.atOnce?.excludes.includes(scenario))
        throw wrong(scenario, `excludes ${other}, which does not exclude it`);
    }
  }

  #unitOf(scenario: string): Unit {
    const found = this.#classes.find(scenario);
    if (found !== null) return found.unit;
    throw wrong(scenario, "is in no list of scenario classes that is known here. Classes come first", {
      act: "add-class-list",
    });
  }

  #checkBounds(scenario: string, one: Bounded, day: DayBounds): void {
    const unit = this.#unitOf(scenario);
    if (one.speed && unit !== "km" && unit !== "passenger-km")
      throw wrong(scenario, "has a speed, but is not counted in kilometres");
    if (one.power && unit !== "kWh")
      throw wrong(scenario, "has a power, but is not counted in kilowatt-hours");
    const isCompared = day.atOnce !== null || day.gapSeconds !== undefined;
    if (isCompared && (one.seconds?.max ?? 0) > MAX_COMPARED_SECONDS)
      throw wrong(scenario, "is compared with its neighbours and may last for more than a week");
  }
}

/** A section that says which assets records name, and nothing else. */
function isOnlyAssets({ act, day, assets }: { act?: unknown; day?: unknown; assets?: unknown }): boolean {
  return assets !== undefined && act === undefined && day === undefined;
}

/** Bounds of an act, some of which a region may leave out. */
type Bounded = { readonly [Name in keyof ActBounds]?: ActBounds[Name] | undefined };

/** What a class's bounds are made of, whole. */
const ruleParts = z.strictObject({ act: actBounds, day: dayBounds });

function compile(
  act: ActBounds,
  { acts, quantity, gapSeconds, atOnce }: DayBounds,
  classes: ClassList,
): Bounds {
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
        classes.classes.filter(({ name }) => atOnce.excludes.includes(name)).map(({ code }) => code),
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

function wrong(scenario: string, what: string, remedy: Remedy | null = null): InputError {
  return new InputError(
    "plausibility.rules",
    `The plausibility rules of ${scenario} can't be used: the class ${what}.`,
    { remedy },
  );
}
