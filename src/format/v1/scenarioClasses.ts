import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Unit } from "../../base/types/activityRecord.ts";
import type { Hex } from "../../base/types/ids.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import list from "./scenario-classes.json" with { type: "json" };

/**
 * The highest code in the list of scenario classes of `microtonne-batch/1`. The list is frozen, with
 * `excludes`, which later ones don't hash.
 */
export const MAX_CLASS_CODE_1 = Math.max(...list.map(({ code }) => code));
/** keccak-256 of its canonical JSON, as all manifests of that format carry it. */
export const CLASS_LIST_HASH_1: Hex = toHex(keccak(utf8(canonicalJson(list))));

const units: ReadonlyMap<string, Unit> = new Map(list.map(({ name, unit }) => [name, unit as Unit]));

/** The unit of a class in that list by its name, or null where the list has no such class. */
export function classUnit1(name: string): Unit | null {
  return units.get(name) ?? null;
}
