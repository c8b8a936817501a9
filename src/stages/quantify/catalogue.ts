import { InputError } from "../../base/errors/errors.ts";
import { scaleDecimal } from "../../base/lib/decimal.ts";
import { dayStart, localDay, zoneOf } from "../../base/lib/time/zone.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { MethodologyId, RegionCode } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day, UnixSeconds } from "../../base/types/quantities.ts";
import {
  isTestMethodology,
  methodologyIdOf,
  validityDays,
  validityMinutes,
} from "../../format/batch/methodology.ts";
import { REFUSALS, type QuantifyRefusal } from "./reasonCodes.ts";

/** A methodology version with its id and its days of validity, both inclusive, in its zone. */
export interface CataloguedMethodology {
  readonly id: MethodologyId;
  readonly methodology: Methodology;
  readonly first: number;
  readonly last: number;
  /** When an act must start, [from, to): whole UTC minutes, of the first form whole days of the zone. */
  readonly from: UnixSeconds;
  readonly to: UnixSeconds;
}

export interface CatalogueOptions {
  /**
   * True on every network that is not local: acts that only a `TEST-` methodology would count are refused
   * with that reason.
   */
  readonly refuseTestMethodologies: boolean;
}

/** Methodology versions by region and scenario. At any minute at most one counts a scenario in a region. */
export class MethodologyCatalogue {
  /** By region, then by scenario, ascending by the first minute. */
  readonly #byRegion = new Map<string, Map<string, CataloguedMethodology[]>>();
  readonly #byId = new Map<MethodologyId, CataloguedMethodology>();
  readonly #refuseTest: boolean;

  /**
   * @throws InputError `methodology.overlap` where two versions would count one act, `methodology.zone` where
   * one region has two time zones
   *   (a batch has one), `zone.unknown`, `decimal.too-precise` for a cap finer than a millionth
   */
  constructor(methodologies: readonly Methodology[], options: CatalogueOptions) {
    this.#refuseTest = options.refuseTestMethodologies;
    for (const methodology of methodologies) this.#add(methodology);
    for (const scenarios of this.#byRegion.values()) checkRegion(scenarios);
  }

  /** All versions, by region, scenario and first day. */
  list(): CataloguedMethodology[] {
    return [...this.#byRegion.values()].flatMap((scenarios) => [...scenarios.values()].flat());
  }

  /** All versions of a region, by scenario and first day; empty where it has none. */
  ofRegion(region: RegionCode): CataloguedMethodology[] {
    return [...(this.#byRegion.get(region)?.values() ?? [])].flat();
  }

  /** The zone in which a region counts its days; null where no methodology is of it. */
  timeZoneOf(region: RegionCode): string | null {
    return this.ofRegion(region)[0]?.methodology.timeZone ?? null;
  }

  /** The version of an id, or null. */
  find(id: MethodologyId): CataloguedMethodology | null {
    return this.#byId.get(id) ?? null;
  }

  /**
   * The version that counts a record in a region: same scenario and unit, valid at the start. Or why there is
   * none.
   */
  methodologyFor(record: ActivityRecord, region: RegionCode): CataloguedMethodology | QuantifyRefusal {
    const versions = this.#byRegion.get(region)?.get(record.scenario);
    const [first] = versions ?? [];
    if (!versions || !first) return REFUSALS.scenario;
    if (versions.every(({ methodology }) => methodology.unit !== record.unit)) return REFUSALS.unit;
    const day = localDay(first.methodology.timeZone, record.startedAt);
    const valid = versions.find((version) => isValidAt(version, record.startedAt, day));
    if (!valid) return REFUSALS.expired;
    if (valid.methodology.unit !== record.unit) return REFUSALS.unit;
    return this.#refuseTest && isTestMethodology(valid.methodology) ? REFUSALS.testOnly : valid;
  }

  /**
   * Versions that come into force while an act goes on, which the version of its start counts: such an act
   * earns the least of what they all give. A version of the first form ends at midnight, and there the start
   * alone decides, as it did when verifiers counted what lies under it.
   */
  changesDuring(record: ActivityRecord, { id, methodology }: CataloguedMethodology): Methodology[] {
    const { startedAt, endedAt } = record;
    if (endedAt === null || endedAt <= startedAt || methodology.schema === FIRST_FORM) return [];
    const versions = this.#byRegion.get(methodology.region)?.get(methodology.scenario) ?? [];
    return versions
      .filter((other) => other.id !== id && other.from < endedAt && other.to > startedAt)
      .map((other) => other.methodology)
      .filter((other) => !this.#refuseTest || !isTestMethodology(other));
  }

  #add(methodology: Methodology): void {
    const { region, scenario, timeZone, caps } = methodology;
    zoneOf(timeZone);
    if (caps.unitsPerAct !== null) scaleDecimal(caps.unitsPerAct, 6);
    const days = validityDays(methodology);
    const minutes =
      methodology.schema === FIRST_FORM ? minutesOf(timeZone, days) : validityMinutes(methodology);
    const entry = { id: methodologyIdOf(methodology), methodology, ...days, ...minutes };
    // The same version twice is one version.
    if (this.#byId.has(entry.id)) return;
    this.#byId.set(entry.id, entry);
    const scenarios = this.#byRegion.get(region) ?? new Map<string, CataloguedMethodology[]>();
    this.#byRegion.set(region, scenarios);
    scenarios.set(
      scenario,
      [...(scenarios.get(scenario) ?? []), entry].toSorted((a, b) => a.from - b.from),
    );
  }
}

const FIRST_FORM = "microtonne-methodology/1";

function isValidAt(version: CataloguedMethodology, startedAt: UnixSeconds, day: Day): boolean {
  if (day < version.first || day > version.last) return false;
  return version.methodology.schema === FIRST_FORM || (startedAt >= version.from && startedAt < version.to);
}

/** The instants between which a zone shows these days, both inclusive. */
function minutesOf(
  timeZone: string,
  { first, last }: { first: number; last: number },
): { from: UnixSeconds; to: UnixSeconds } {
  return { from: dayStart(timeZone, first), to: dayStart(timeZone, last + 1) };
}

/** True where `methodologyFor` found one. */
export function isCatalogued(found: CataloguedMethodology | QuantifyRefusal): found is CataloguedMethodology {
  return "methodology" in found;
}

function checkRegion(scenarios: ReadonlyMap<string, readonly CataloguedMethodology[]>): void {
  const all = [...scenarios.values()].flat();
  const other = all.find(({ methodology }) => methodology.timeZone !== all[0]?.methodology.timeZone);
  if (other) {
    const { code, region } = other.methodology;
    throw new InputError(
      "methodology.zone",
      `${code} has another time zone than the other methodologies of region ${region}; a batch has one.`,
    );
  }
  for (const versions of scenarios.values()) {
    versions.forEach((version, i) => {
      const next = versions[i + 1];
      if (next && next.from < version.to) {
        throw new InputError(
          "methodology.overlap",
          `${nameOf(version)} and ${nameOf(next)} are valid at the same time, so an act could earn by ` +
            "either. End the first before the second begins.",
        );
      }
    });
  }
}

function nameOf({ methodology: { code, version } }: CataloguedMethodology): string {
  return `${code} ${version}`;
}
