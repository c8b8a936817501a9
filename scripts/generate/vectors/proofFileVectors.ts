import { toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { proveInclusion } from "../../../src/format/proofs/inclusionProof.ts";
import { encodeProofFile, type ProofFile } from "../../../src/format/proofs/proofFile.ts";
import { proveRange } from "../../../src/format/proofs/rangeProof.ts";
import {
  beneficiaryHash,
  documentHash,
  retirementIdOf,
} from "../../../src/format/onchain/retirementRecord.ts";
import type { Strike } from "../../../src/format/batch/strikes.ts";
import type { SumTree } from "../../../src/format/batch/sumTree.ts";
import type { Address, Hex } from "../../../src/base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { sampleBatch } from "./sampleBatch.ts";

const SALT = keccak(utf8("microtonne-vectors/retirement-salt"));
const HOLDER: Address = `0x${"cd".repeat(20)}`;
const NONCE: Hex = `0x${"00".repeat(31)}01`;

/**
 * A proof of one act, disclosed, as before its batch is committed, and one of a retirement with a strike and
 * attesters; both without a block.
 */
export async function proofFiles(): Promise<ProofFile[]> {
  const { batchId, manifest, tree, leaves, acts } = await sampleBatch();
  const act = acts[2] as (typeof acts)[number];
  const shared = { format: "microtonne-proof/1", chainId: "31337" } as const;
  const beneficiary = { name: "ICBC Lijiang Sifang Street" };
  const use = "Emissions of the branch in 2025";
  return [
    {
      ...shared,
      kind: "act",
      parts: [
        {
          batchId,
          manifest,
          acts: [
            {
              index: 2,
              leaf: leaves[2] as Uint8Array,
              steps: proveInclusion(tree, 2),
              disclosed: { salt: act.salt, records: act.records, signatures: [] },
            },
          ],
          strikes: [],
        },
      ],
    },
    {
      ...shared,
      kind: "retirement",
      parts: [
        {
          batchId,
          manifest,
          ranges: [{ first: 0, leaves: leaves.slice(0, 2), steps: proveRange(tree, 0, 1) }],
          strikes: [strikeOf(tree, 3)],
          attesters: [`0x${"11".repeat(20)}`, `0x${"22".repeat(20)}`],
        },
      ],
      retirement: {
        record: {
          retirementId: retirementIdOf(HOLDER, NONCE),
          holder: HOLDER,
          beneficiaryHash: beneficiaryHash(SALT, beneficiary),
          documentHash: documentHash(SALT, use),
          purpose: "corporate-neutrality",
          reportingYear: 2025,
          country: "CN",
          retiredAt: 1_790_000_123 as UnixSeconds,
          lines: [{ batchId, start: 0n as Milligrams, end: 1000n as Milligrams }],
        },
        disclosed: { beneficiary, salt: toHex(SALT), use },
      },
    },
  ];
}

/** A leaf with its milligrams, as the registry strikes it. */
function strikeOf({ levels }: SumTree, index: number): Strike {
  const sizes = (levels[0] ?? []).map(({ size }) => size);
  const start = sizes.slice(0, index).reduce((sum, size) => sum + size, 0n);
  return { index, start: start as Milligrams, end: (start + (sizes[index] ?? 0n)) as Milligrams };
}

export async function proofFileVectors(): Promise<Record<string, unknown>> {
  const files = await proofFiles();
  return {
    about: "Proof files as text; their bytes are its UTF-8. Any changed byte must be noticed.",
    files: files.map((file) => new TextDecoder().decode(encodeProofFile(file))),
  };
}
