import { concatBytes, fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import type { Address, BatchId, Hex, RegionCode } from "../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { addressWord, asciiWord, hashWords, uintWord, wordOf } from "../abiWords.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import { bufferMilligramsDown, type KeySchemeYear, type Manifest } from "../batch/manifest.ts";
import { methodologyIdOf } from "../batch/methodology.ts";

/** What verifiers sign and the operator commits (EIP-712, BatchRegistry). */
export interface BatchStatement {
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

/** `name` of the EIP-712 domain that verifiers sign in. */
export const STATEMENT_DOMAIN_NAME = "Microtonne BatchRegistry";
/** `version` of that domain. */
export const STATEMENT_DOMAIN_VERSION = "1";
/** EIP-712 `encodeType`, byte for byte as in the contract. */
export const STATEMENT_TYPE =
  "BatchStatement(uint256 batchId,address operator,bytes32 root,uint64 totalMilligrams,uint32 " +
  "leafCount,uint64 bufferMilligrams,uint32 claimPeriodDays,uint32 vintageStartDay,uint32 " +
  "vintageEndDay,bytes8 region,bytes32 methodologiesHash,bytes32 keySchemeHash,bytes32 " +
  "leavesHash,uint64 subjectlessMilligrams,uint256 previousBatchId,uint64 deadline)";
const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

/** The statement that follows from a manifest; nothing in it is free but the deadline. */
export function batchStatementOf(
  manifest: Manifest,
  batchId: BatchId,
  deadline: UnixSeconds,
): BatchStatement {
  return {
    batchId,
    operator: manifest.operator,
    root: manifest.root,
    totalMilligrams: manifest.totalMilligrams,
    leafCount: manifest.leafCount,
    bufferMilligrams: bufferMilligramsDown(manifest.totalMilligrams, manifest.bufferBps),
    claimPeriodDays: manifest.claimPeriodDays,
    vintageStartDay: manifest.vintage.startDay,
    vintageEndDay: manifest.vintage.endDay,
    region: manifest.region,
    methodologiesHash: methodologiesHash(manifest),
    keySchemeHash: keySchemeHash(manifest.keyScheme),
    leavesHash: manifest.leavesHash,
    subjectlessMilligrams: manifest.subjectlessMilligrams,
    previousBatchId: manifest.previousBatchId,
    deadline,
  };
}

/** keccak-256 of the ids of a manifest's methodologies, one after another, in its (ascending) order. */
export function methodologiesHash({ methodologies }: Pick<Manifest, "methodologies">): Hex {
  return toHex(
    keccak(concatBytes(...methodologies.map((methodology) => fromHex(methodologyIdOf(methodology))))),
  );
}

/** keccak-256 of a key scheme's canonical JSON: the registry knows which ones it allows. */
export function keySchemeHash(keyScheme: readonly KeySchemeYear[]): Hex {
  return toHex(keccak(utf8(canonicalJson(keyScheme))));
}

/** The EIP-712 digest that a verifier signs. @throws InputError `abi.out-of-range`, `hex.malformed` */
export function statementDigest(statement: BatchStatement, chainId: number | bigint, registry: Address): Hex {
  const domain = hashWords(
    keccak(utf8(DOMAIN_TYPE)),
    keccak(utf8(STATEMENT_DOMAIN_NAME)),
    keccak(utf8(STATEMENT_DOMAIN_VERSION)),
    uintWord(chainId, 256),
    addressWord(registry),
  );
  return toHex(
    keccak(concatBytes(Uint8Array.of(0x19, 0x01), fromHex(domain), fromHex(statementHash(statement)))),
  );
}

function statementHash(statement: BatchStatement): Hex {
  return hashWords(
    keccak(utf8(STATEMENT_TYPE)),
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
    uintWord(statement.deadline, 64),
  );
}
