import { bigEndian, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../src/base/types/ids.ts";
import { ADJUSTMENTS, COMMITTED_CATEGORIES } from "../../../src/format/onchain/batchStatement.ts";
import {
  BATCH_STATUSES,
  SUSPENSION_CAUSES,
  type BatchWords,
} from "../../../src/format/onchain/storageLayout.ts";

/**
 * The words of a batch as Solidity packs them, written anew and not shared with the reader: six in the first
 * layout, which has no terms, seven in the second. `unminted` is not stored, and of open disputes the second
 * has each kind instead.
 */
export function encodeBatchWords(batch: Omit<BatchWords, "unminted">): Hex[] {
  const { terms } = batch;
  const region = ascii(batch.region, 8);
  const causes = batch.suspension.reduce((sum, cause) => sum + 2 ** SUSPENSION_CAUSES.indexOf(cause), 0);
  const origin = [
    [BigInt(batch.operator), 160],
    [batch.committedAt, 40],
    [batch.leafCount, 32],
    [BATCH_STATUSES.indexOf(batch.status), 8],
    [causes, 8],
  ] as const;
  const debts = [[batch.shortfall, 64] as const, [batch.replaced, 64] as const];
  const masses = packed([batch.total, 64], [batch.minted, 64], [batch.struck, 64], [batch.retired, 64]);
  if (terms === null)
    return [
      masses,
      packed(...origin, [batch.openDisputes, 8]),
      batch.provenanceHash,
      packed(
        [batch.vintageStartDay, 32],
        [batch.vintageEndDay, 32],
        [batch.claimPeriodDays, 32],
        [region, 64],
        [batch.buffer, 64],
        [batch.challengeWindowSeconds, 32],
      ),
      packed(...debts),
      batch.strikesHash,
    ];
  const { writeOff } = terms;
  return [
    masses,
    packed(...origin, [terms.category === null ? 0 : COMMITTED_CATEGORIES.indexOf(terms.category) + 1, 8]),
    batch.provenanceHash,
    packed(
      [batch.vintageStartDay, 24],
      [batch.vintageEndDay, 24],
      [terms.useByDay ?? 0, 24],
      [batch.claimPeriodDays, 16],
      [ascii(terms.hostCountry, 2), 16],
      [region, 64],
      [batch.buffer, 64],
      [batch.challengeWindowSeconds, 24],
    ),
    packed(
      ...debts,
      [terms.contested, 64],
      [terms.openClaims, 16],
      [terms.openGrams, 16],
      [terms.impositions, 16],
      [ADJUSTMENTS.indexOf(terms.adjustment), 8],
    ),
    batch.strikesHash,
    packed(
      [writeOff.circulating, 64],
      [writeOff.shortfall, 64],
      [writeOff.retired, 64],
      [writeOff.counted, 64],
    ),
  ];
}

/** As `bytesN` has it: the text, then zeros. */
function ascii(text: string, length: number): bigint {
  return BigInt(toHex(utf8(text.padEnd(length, "\0"))));
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
