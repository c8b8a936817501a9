import { concatBytes, fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Address, BatchId, Hex, RegionCode } from "../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { addressWord, asciiWord, hashWords, uintWord, wordOf } from "../abiWords.ts";
import { keccak } from "../keccak.ts";

/**
 * Statement version 1, which registries of the first deployments take. Frozen: what was signed then is read
 * by this for ever, and nothing is signed by it any more but to finish batches there.
 */

/** What verifiers sign of a batch of `microtonne-batch/1` (EIP-712, BatchRegistry). */
export interface BatchStatement1 {
  readonly batchId: BatchId;
  readonly operator: Address;
  readonly root: Hex;
  readonly totalMilligrams: Milligrams;
  readonly leafCount: number;
  readonly bufferMilligrams: Milligrams;
  readonly claimPeriodDays: number;
  /** First and last day, both inclusive. */
  readonly vintageStartDay: Day;
  readonly vintageEndDay: Day;
  readonly region: RegionCode;
  readonly methodologiesHash: Hex;
  readonly keySchemeHash: Hex;
  readonly leavesHash: Hex;
  readonly subjectlessMilligrams: Milligrams;
  /** Null is 0 on chain. */
  readonly previousBatchId: BatchId | null;
  /** The last second in which the registry takes it. */
  readonly deadline: UnixSeconds;
}

/** `name` of the EIP-712 domain that verifiers sign in; the same in all versions. */
export const STATEMENT_DOMAIN_NAME = "Microtonne BatchRegistry";
/** `version` of that domain for statements of this version. */
export const STATEMENT_DOMAIN_VERSION_1 = "1";
const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
/** Members of the type that both versions begin with, before what ends it. */
export const STATEMENT_TYPE_BEGIN =
  "BatchStatement(uint256 batchId,address operator,bytes32 root,uint64 totalMilligrams,uint32 " +
  "leafCount,uint64 bufferMilligrams,uint32 claimPeriodDays,uint32 vintageStartDay,uint32 " +
  "vintageEndDay,bytes8 region,bytes32 methodologiesHash,bytes32 keySchemeHash,bytes32 " +
  "leavesHash,uint64 subjectlessMilligrams,uint256 previousBatchId,";
/** EIP-712 `encodeType` of version 1. */
export const STATEMENT_TYPE_1 = `${STATEMENT_TYPE_BEGIN}uint64 deadline)`;

/**
 * What a verifier signed, before it is hashed: 66 bytes as EIP-712 has them. @throws InputError
 * `abi.out-of-range`, `hex.malformed`
 */
export function statementMessage1(
  statement: BatchStatement1,
  chainId: number | bigint,
  registry: Address,
): Hex {
  const message = hashWords(
    keccak(utf8(STATEMENT_TYPE_1)),
    ...statementWords1(statement),
    uintWord(statement.deadline, 64),
  );
  return typedMessage(statementDomain(STATEMENT_DOMAIN_VERSION_1, chainId, registry), message);
}

/** The words of all members but `deadline`, with which every version begins. */
export function statementWords1(statement: BatchStatement1): Uint8Array[] {
  return [
    wordOf(statement.batchId),
    addressWord(statement.operator),
    wordOf(statement.root),
    uintWord(statement.totalMilligrams, 64),
    uintWord(statement.leafCount, 32),
    uintWord(statement.bufferMilligrams, 64),
    uintWord(statement.claimPeriodDays, 32),
    uintWord(statement.vintageStartDay, 32),
    uintWord(statement.vintageEndDay, 32),
    asciiWord(statement.region, 8),
    wordOf(statement.methodologiesHash),
    wordOf(statement.keySchemeHash),
    wordOf(statement.leavesHash),
    uintWord(statement.subjectlessMilligrams, 64),
    statement.previousBatchId === null ? uintWord(0, 256) : wordOf(statement.previousBatchId),
  ];
}

/** The domain separator of a registry. */
export function statementDomain(version: string, chainId: number | bigint, registry: Address): Hex {
  return hashWords(
    keccak(utf8(DOMAIN_TYPE)),
    keccak(utf8(STATEMENT_DOMAIN_NAME)),
    keccak(utf8(version)),
    uintWord(chainId, 256),
    addressWord(registry),
  );
}

/** EIP-712: 0x1901, the domain separator and the message's hash. Its keccak-256 is the digest. */
export function typedMessage(domain: Hex, message: Hex): Hex {
  return toHex(concatBytes(Uint8Array.of(0x19, 0x01), fromHex(domain), fromHex(message)));
}
