import { bigEndian, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../src/base/types/ids.ts";
import {
  BATCH_STATUSES,
  SUSPENSION_CAUSES,
  type BatchWords,
} from "../../../src/format/onchain/storageLayout.ts";

/**
 * The six words of a batch as Solidity packs them, written anew and not shared with the reader. `unminted` is
 * not stored.
 */
export function encodeBatchWords(batch: Omit<BatchWords, "unminted">): Hex[] {
  const region = BigInt(toHex(utf8(batch.region.padEnd(8, "\0"))));
  const causes = batch.suspension.reduce((sum, cause) => sum + 2 ** SUSPENSION_CAUSES.indexOf(cause), 0);
  return [
    packed([batch.total, 64], [batch.minted, 64], [batch.struck, 64], [batch.retired, 64]),
    packed(
      [BigInt(batch.operator), 160],
      [batch.committedAt, 40],
      [batch.leafCount, 32],
      [BATCH_STATUSES.indexOf(batch.status), 8],
      [causes, 8],
      [batch.openDisputes, 8],
    ),
    batch.provenanceHash,
    packed(
      [batch.vintageStartDay, 32],
      [batch.vintageEndDay, 32],
      [batch.claimPeriodDays, 32],
      [region, 64],
      [batch.buffer, 64],
      [batch.challengeWindowSeconds, 32],
    ),
    packed([batch.shortfall, 64], [batch.replaced, 64]),
    batch.strikesHash,
  ];
}

/** The first field lowest. */
function packed(...fields: readonly (readonly [value: bigint | number, bits: number])[]): Hex {
  let word = 0n;
  let offset = 0n;
  for (const [value, width] of fields) {
    word |= BigInt(value) << offset;
    offset += BigInt(width);
  }
  return toHex(bigEndian(word, 32));
}
