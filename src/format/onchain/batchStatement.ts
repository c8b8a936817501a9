import { concatBytes, fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { Address, BatchId, Hex } from "../../base/types/ids.ts";
import type { Day, UnixSeconds } from "../../base/types/quantities.ts";
import { asciiWord, hashWords, uintWord, wordOf } from "../abiWords.ts";
import { bufferMilligramsDown, type Manifest } from "../batch/manifest.ts";
import { methodologyIdOf } from "../batch/methodology.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import {
  STATEMENT_TYPE_BEGIN,
  statementDomain,
  statementMessage1,
  statementWords1,
  typedMessage,
  type BatchStatement1,
} from "../v1/batchStatement.ts";
import type { KeySchemeYear } from "../v1/manifest.ts";
import { termsHashOf, type TermedManifest } from "./termsHash.ts";

/** A category that can be committed: behaviour has no number on chain. */
export const COMMITTED_CATEGORIES = ["act", "project"] as const;
/** One of `COMMITTED_CATEGORIES`. */
export type CommittedCategory = (typeof COMMITTED_CATEGORIES)[number];
/** Whether the host country corrects its inventory, in the order of the numbers on chain. */
export const ADJUSTMENTS = ["none", "authorised", "applied"] as const;
/** One of `ADJUSTMENTS`. */
export type Adjustment = (typeof ADJUSTMENTS)[number];

/** What verifiers sign and the operator commits (EIP-712, BatchRegistry): statement version 2. */
export interface BatchStatement extends BatchStatement1 {
  readonly category: CommittedCategory;
  /** ISO 3166-1 alpha-2. */
  readonly hostCountry: string;
  readonly adjustment: Adjustment;
  /** The last day of the vintage's zone on which the batch may be retired. Null is 0 on chain. */
  readonly useByDay: Day | null;
  readonly termsHash: Hex;
}

/** What a statement is made of, in manifests of either format. */
export type StatedManifest = StatedMembers & TermedManifest;
type StatedMembers = Pick<
  Manifest,
  | "operator"
  | "root"
  | "totalMilligrams"
  | "leafCount"
  | "bufferBps"
  | "claimPeriodDays"
  | "vintage"
  | "region"
  | "methodologies"
  | "keyScheme"
  | "leavesHash"
  | "subjectlessMilligrams"
  | "previousBatchId"
>;

/** `version` of the EIP-712 domain that verifiers sign in. */
export const STATEMENT_DOMAIN_VERSION = "2";
/** EIP-712 `encodeType`, byte for byte as in the contract. */
export const STATEMENT_TYPE =
  `${STATEMENT_TYPE_BEGIN}uint8 category,bytes2 hostCountry,uint8 adjustment,uint32 useByDay,` +
  "bytes32 termsHash,uint64 deadline)";

/**
 * The statement that follows from a manifest, of the version of its format; nothing in it is free but the
 * deadline.
 * @throws InputError `statement.behaviour` where the batch is one that no registry takes
 */
export function batchStatementOf(
  manifest: StatedManifest,
  batchId: BatchId,
  deadline: UnixSeconds,
): BatchStatement1 | BatchStatement {
  const first: BatchStatement1 = {
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
  if (manifest.format === "microtonne-batch/1") return first;
  const { category } = manifest;
  if (category === "behaviour")
    throw new InputError(
      "statement.behaviour",
      `Batch ${batchId} is of behaviour, which is counted and never committed: no registry takes it.`,
    );
  return {
    ...first,
    category,
    hostCountry: manifest.hostCountry,
    adjustment: manifest.correspondingAdjustment,
    useByDay: manifest.useBy,
    termsHash: termsHashOf(manifest),
  };
}

/** True for a statement of version 2. */
export function isStatement2(statement: BatchStatement1 | BatchStatement): statement is BatchStatement {
  return "termsHash" in statement;
}

/** 1 act, 2 project, as the contract counts them. */
export function categoryNumber(category: CommittedCategory): number {
  return COMMITTED_CATEGORIES.indexOf(category) + 1;
}

/** 0 none, 1 authorised, 2 applied, as the contract counts them. */
export function adjustmentNumber(adjustment: Adjustment): number {
  return ADJUSTMENTS.indexOf(adjustment);
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

/**
 * The EIP-712 digest that a verifier signs, in the domain of the statement's version.
 * @throws InputError `abi.out-of-range`, `hex.malformed`
 */
export function statementDigest(
  statement: BatchStatement1 | BatchStatement,
  chainId: number | bigint,
  registry: Address,
): Hex {
  return toHex(keccak(fromHex(statementMessage(statement, chainId, registry))));
}

/**
 * The 66 bytes whose keccak-256 that digest is: signers that hash themselves are given these.
 * @throws InputError `abi.out-of-range`, `hex.malformed`
 */
export function statementMessage(
  statement: BatchStatement1 | BatchStatement,
  chainId: number | bigint,
  registry: Address,
): Hex {
  if (!isStatement2(statement)) return statementMessage1(statement, chainId, registry);
  const message = hashWords(
    keccak(utf8(STATEMENT_TYPE)),
    ...statementWords1(statement),
    uintWord(categoryNumber(statement.category), 8),
    asciiWord(statement.hostCountry, 2),
    uintWord(adjustmentNumber(statement.adjustment), 8),
    uintWord(statement.useByDay ?? 0, 32),
    wordOf(statement.termsHash),
    uintWord(statement.deadline, 64),
  );
  return typedMessage(statementDomain(STATEMENT_DOMAIN_VERSION, chainId, registry), message);
}
