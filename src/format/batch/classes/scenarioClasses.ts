import { InputError } from "../../../base/errors/errors.ts";
import type { Unit } from "../../../base/types/activityRecord.ts";
import list from "./scenario-classes.json" with { type: "json" };
import exclusions from "./exclusions.json" with { type: "json" };

/** A kind of act, as published lists have it. Lists are append-only: codes stand in published leaves. */
export interface ListedClass {
  /** uint16, > 0. */
  readonly code: number;
  readonly name: string;
  readonly unit: Unit;
}
/** A kind of act of the shipped list, and what this version knows beside it. */
export interface ScenarioClass extends ListedClass {
  /** Names of classes that must not earn for the same energy; symmetric. No manifest hashes them. */
  readonly excludes: readonly string[];
}

/** All shipped classes, by code, as their list hashes them. */
export const LISTED_CLASSES = list as readonly ListedClass[];
/** All shipped classes, by code. */
export const SCENARIO_CLASSES: readonly ScenarioClass[] = LISTED_CLASSES.map((listed) => ({
  ...listed,
  excludes: exclusions
    .filter((pair) => pair.includes(listed.name))
    .map((pair) => pair.find((name) => name !== listed.name) ?? listed.name),
}));

const byName: ReadonlyMap<string, ScenarioClass> = new Map(
  SCENARIO_CLASSES.map((entry) => [entry.name, entry]),
);
const byCode: ReadonlyMap<number, ScenarioClass> = new Map(
  SCENARIO_CLASSES.map((entry) => [entry.code, entry]),
);

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
