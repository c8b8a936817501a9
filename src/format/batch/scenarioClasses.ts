import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { Unit } from "../../base/types/activityRecord.ts";
import type { Hex } from "../../base/types/ids.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import list from "./scenario-classes.json" with { type: "json" };

/** A kind of act. The list is append-only: codes stand in published leaves. */
export interface ScenarioClass {
  /** uint16, > 0. */
  readonly code: number;
  readonly name: string;
  readonly unit: Unit;
  /** Names of classes that must not earn for the same energy; symmetric. */
  readonly excludes: readonly string[];
}

/** All classes, by code. */
export const SCENARIO_CLASSES = list as readonly ScenarioClass[];

const byName: ReadonlyMap<string, ScenarioClass> = new Map(
  SCENARIO_CLASSES.map((entry) => [entry.name, entry]),
);
const byCode: ReadonlyMap<number, ScenarioClass> = new Map(
  SCENARIO_CLASSES.map((entry) => [entry.code, entry]),
);
const listHash: Hex = toHex(keccak(utf8(canonicalJson(list))));

/** The class of a name. @throws InputError `scenario.unknown` */
export function scenarioClass(name: string): ScenarioClass {
  const found = byName.get(name);
  if (!found) {
    const known = [...byName.keys()].join(", ");
    throw new InputError(
      "scenario.unknown",
      `${JSON.stringify(name.slice(0, 80))} is no scenario class; known are ${known}.`,
    );
  }
  return found;
}

/** The class of a code as it stands in a leaf, or null. */
export function scenarioClassOfCode(code: number): ScenarioClass | null {
  return byCode.get(code) ?? null;
}

/** keccak-256 of the canonical JSON of the whole list, as manifests carry it. */
export function scenarioClassListHash(): Hex {
  return listHash;
}
