import { fromHex, toHex } from "../../base/lib/bytes.ts";
import type { Hex } from "../../base/types/ids.ts";
import { keccak } from "../../format/keccak.ts";
import type { ProofFile } from "../../format/proofs/proofFile.ts";
import { openHeader } from "./stateProof.ts";

/** The block that a proof file says it stands on, as it shows it itself; null for one that stands on none. */
export function blockOfProof({ block }: Pick<ProofFile, "block">): { number: string; hash: Hex } | null {
  if (block === undefined) return null;
  const header = fromHex(block.header);
  const hash = toHex(keccak(header));
  return { number: String(openHeader(header, hash).number), hash };
}
