import { createMerkleProof, createMPTFromProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { equalBytes, fromHex, toHex } from "../../base/lib/bytes.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { WORD_BYTES } from "../../base/lib/sizes.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import { keccak } from "../../format/keccak.ts";

/** What a block header says that a proof needs. */
export interface TrustedHeader {
  readonly number: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly stateRoot: Uint8Array;
}

/** Places of the fields in an Ethereum header (Yellow Paper, 4.4). Later forks append fields. */
const STATE_ROOT = 3;
const NUMBER = 8;
const TIMESTAMP = 11;
const MIN_FIELDS = 15;
const ACCOUNT_FIELDS = 4;
const STORAGE_ROOT = 2;
/** Root of a trie without entries: keccak-256 of the empty string's RLP. */
const EMPTY_ROOT = keccak(Uint8Array.of(0x80));
const NOTHING: Hex = `0x${"00".repeat(32)}`;

/**
 * The header behind a trusted block hash.
 * @throws CheckFailedError `verify.block-hash` where it hashes to something else, `verify.header` where it is
 * no Ethereum header
 */
export function openHeader(header: Uint8Array, blockHash: Hex): TrustedHeader {
  if (!equalBytes(keccak(header), fromHex(blockHash, 32))) {
    throw new CheckFailedError(
      "verify.block-hash",
      `The header in the proof is not that of the block ${blockHash}, which is the one that you trust. ` +
        saidBlock(header),
    );
  }
  return readHeader(header);
}

/** What a header says of itself, for who looks for its block elsewhere; nothing of it is trusted. */
function saidBlock(header: Uint8Array): string {
  try {
    const { number, timestamp } = readHeader(header);
    return (
      `By its own word the proof was made on block ${String(number)} of ${utcText(timestamp)}: take the ` +
      "hash of that block from your own node or from several explorers."
    );
  } catch (error) {
    if (!(error instanceof CheckFailedError)) throw error;
    return "Which block it is of can't be read from it.";
  }
}

/** @throws CheckFailedError `verify.header` */
function readHeader(header: Uint8Array): TrustedHeader {
  const fields = decodeRlp(header);
  const [stateRoot, number, timestamp] = [fields?.[STATE_ROOT], fields?.[NUMBER], fields?.[TIMESTAMP]];
  if (
    !fields ||
    fields.length < MIN_FIELDS ||
    !isBytes(stateRoot, 32) ||
    !isQuantity(number, 8) ||
    !isQuantity(timestamp, 8)
  ) {
    throw new CheckFailedError(
      "verify.header",
      "The block's header is not in the form of an Ethereum header.",
    );
  }
  return { number: quantity(number), timestamp: quantity(timestamp), stateRoot };
}

/**
 * The storage root of a contract, proven against a state root.
 * @throws CheckFailedError `verify.account` where the proof fails or shows that there is no such account
 */
export async function openAccount(
  stateRoot: Uint8Array,
  address: Address,
  proof: readonly Uint8Array[],
): Promise<Uint8Array> {
  const where = `the account ${address}`;
  const value = await provenValue("verify.account", where, stateRoot, fromHex(address, 20), proof);
  if (value === null)
    throw new CheckFailedError("verify.account", `There is no account ${address} in the trusted block.`);
  const fields = decodeRlp(value);
  const storageRoot = fields?.[STORAGE_ROOT];
  if (fields?.length !== ACCOUNT_FIELDS || !isBytes(storageRoot, 32)) {
    throw new CheckFailedError(
      "verify.account",
      `What is proven about ${where} is not in the form of an Ethereum account.`,
    );
  }
  return storageRoot;
}

/**
 * A storage word, proven against a contract's storage root; a proof that the slot was never written gives
 * zero.
 * @throws CheckFailedError `verify.storage`
 */
export async function openSlot(
  storageRoot: Uint8Array,
  slot: Hex,
  proof: readonly Uint8Array[],
): Promise<Hex> {
  const where = `the storage slot ${slot}`;
  const value = await provenValue("verify.storage", where, storageRoot, fromHex(slot, 32), proof);
  if (value === null) return NOTHING;
  let word: unknown;
  try {
    word = RLP.decode(value);
  } catch {
    word = null;
  }
  // Ethereum deletes zeros; anvil keeps some in its tries. Proven to be zero is zero either way.
  if (!isQuantity(word, 32)) {
    throw new CheckFailedError("verify.storage", `What is proven about ${where} is no storage word.`);
  }
  return `0x${toHex(word).slice(2).padStart(64, "0")}`;
}

/**
 * The value at a key of a secure trie, or null where the proof shows that there is none. The proof must be
 * the path and nothing else.
 */
async function provenValue(
  code: string,
  where: string,
  root: Uint8Array,
  key: Uint8Array,
  proof: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  if (proof.length === 0 && equalBytes(root, EMPTY_ROOT)) return null;
  if (proof.length === 0) throw new CheckFailedError(code, `The proof of ${where} is empty.`);
  let value: Uint8Array | null;
  let path: Uint8Array[];
  try {
    const trie = await createMPTFromProof([...proof], { root, useKeyHashing: true });
    value = await trie.get(key, true);
    path = await createMerkleProof(trie, key);
  } catch (cause) {
    throw new CheckFailedError(code, `The proof of ${where} does not lead from the trusted state to it.`, {
      cause,
    });
  }
  const [given, walked] = [proof, path].map((nodes) =>
    nodes.filter((node, i) => i === 0 || node.length >= WORD_BYTES),
  );
  if (
    given?.length !== walked?.length ||
    !given?.every((node, i) => equalBytes(node, walked?.[i] as Uint8Array))
  ) {
    throw new CheckFailedError(code, `The proof of ${where} has nodes that are not on the way to it.`);
  }
  return value;
}

/** A list, or null for what is no RLP list. */
function decodeRlp(bytes: Uint8Array): unknown[] | null {
  try {
    const decoded: unknown = RLP.decode(bytes);
    return Array.isArray(decoded) ? decoded : null;
  } catch {
    return null;
  }
}

function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

/** An unsigned integer as RLP writes it: at most `most` bytes, no zero in front. */
function isQuantity(value: unknown, most: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length <= most && value[0] !== 0;
}

function quantity(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes));
}
