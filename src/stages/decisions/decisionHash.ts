import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Hex } from "../../base/types/ids.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";

/**
 * keccak-256 of a decision's canonical JSON with the hash of the one before it: a row that is altered, taken
 * out or put in breaks every later one.
 * @param previous null for the first
 */
export function decisionHash(decision: object, previous: Hex | null): Hex {
  return toHex(keccak(utf8(canonicalJson({ ...decision, previous }))));
}
