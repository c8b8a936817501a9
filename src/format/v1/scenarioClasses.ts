import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Hex } from "../../base/types/ids.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import list from "./scenario-classes.json" with { type: "json" };

/** The scenario classes of `microtonne-batch/1`, frozen; with `excludes`, which later lists don't hash. */
export const SCENARIO_CLASSES_1 = list;
/** The highest code of that list. */
export const MAX_CLASS_CODE_1 = Math.max(...list.map(({ code }) => code));
/** keccak-256 of its canonical JSON, as all manifests of that format carry it. */
export const CLASS_LIST_HASH_1: Hex = toHex(keccak(utf8(canonicalJson(list))));
