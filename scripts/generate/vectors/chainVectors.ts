import { bigEndian, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../src/base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { PURPOSES, type Retirement } from "../../../src/base/types/retirement.ts";
import {
  batchFolder,
  bundlePath,
  tilePath,
  topTileLevel,
} from "../../../src/format/archive/archiveLayout.ts";
import {
  batchStatementOf,
  statementDigest,
  STATEMENT_TYPE,
  type BatchStatement,
} from "../../../src/format/onchain/batchStatement.ts";
import { keccak } from "../../../src/format/keccak.ts";
import {
  beneficiaryHash,
  documentHash,
  purposeNumber,
  retirementIdOf,
  retirementRecordHash,
} from "../../../src/format/onchain/retirementRecord.ts";
import { serialText } from "../../../src/format/batch/serial.ts";
import * as storage from "../../../src/format/onchain/storageLayout.ts";
import { encodeBatchWords } from "./encodeBatchWords.ts";
import { SAMPLE_CONTRACTS, sampleBatch } from "./sampleBatch.ts";

const DEADLINE = 1_800_000_000 as UnixSeconds;

/** Masses as decimal strings. */
function withTextMasses(value: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? one.toString() : one)),
  ) as Record<string, unknown>;
}

export async function sampleStatement(): Promise<BatchStatement> {
  const { manifest, batchId } = await sampleBatch();
  return batchStatementOf(manifest, batchId, DEADLINE);
}

/** The EIP-712 statement of the sample batch. */
export async function statementVectors(): Promise<Record<string, unknown>> {
  const statement = await sampleStatement();
  const first = { ...statement, previousBatchId: null };
  const registry = SAMPLE_CONTRACTS.BatchRegistry;
  return {
    about:
      "EIP-712 digests of the statement that verifiers sign, domain 'Microtonne BatchRegistry' version " +
      "'1'. previousBatchId null is 0.",
    type: STATEMENT_TYPE,
    typeHash: toHex(keccak(utf8(STATEMENT_TYPE))),
    digests: [
      {
        chainId: 31337,
        registry,
        statement: withTextMasses(statement),
        digest: statementDigest(statement, 31337, registry),
      },
      {
        chainId: 31337,
        registry,
        statement: withTextMasses(first),
        digest: statementDigest(first, 31337, registry),
      },
      {
        chainId: 1,
        registry,
        statement: withTextMasses(statement),
        digest: statementDigest(statement, 1, registry),
      },
      {
        chainId: 31337,
        registry: SAMPLE_CONTRACTS.CarbonCredit,
        statement: withTextMasses(statement),
        digest: statementDigest(statement, 31337, SAMPLE_CONTRACTS.CarbonCredit),
      },
    ],
  };
}

/** Retirements of one line and of three, and one of five that makes a shortfall good. */
export function sampleRetirements(): { nonce: Hex; retirement: Retirement }[] {
  const salt = keccak(utf8("microtonne-vectors/retirement-salt"));
  const line = (batch: number, start: bigint, end: bigint) => ({
    batchId: toHex(bigEndian(batch, 32)) as BatchId,
    start: start as Milligrams,
    end: end as Milligrams,
  });
  return [1, 3, 5].map((lines) => {
    const nonce = toHex(bigEndian(lines, 32));
    const holder: Address = `0x${"cd".repeat(20)}`;
    return {
      nonce,
      retirement: {
        retirementId: retirementIdOf(holder, nonce),
        holder,
        beneficiaryHash: beneficiaryHash(salt, {
          name: "World Gas Conference 2025",
          lei: "549300EXAMPLE0000000",
        }),
        documentHash: documentHash(salt, "Emissions of the conference"),
        purpose: PURPOSES[lines] as Retirement["purpose"],
        reportingYear: 2025,
        country: "CN",
        retiredAt: 1_790_000_123 as UnixSeconds,
        lines: [
          line(7, 0n, 2_620_000_000n),
          line(8, 5n, 6n),
          line(9, 2n ** 62n, 2n ** 63n - 1n),
          line(10, 0n, 1n),
          line(11, 3n, 4n),
        ].slice(0, lines),
      },
    };
  });
}

export function retirementVectors(): Record<string, unknown> {
  return {
    about:
      "recordHash = keccak256(abi.encode(retirement)), the dynamic struct as one argument; " +
      "retirementId = keccak256(abi.encode(holder, nonce)).",
    salt: toHex(keccak(utf8("microtonne-vectors/retirement-salt"))),
    beneficiary: { name: "World Gas Conference 2025", lei: "549300EXAMPLE0000000" },
    use: "Emissions of the conference",
    retirements: sampleRetirements().map(({ nonce, retirement }) => ({
      nonce,
      retirement: withTextMasses(retirement),
      purposeNumber: purposeNumber(retirement.purpose),
      recordHash: retirementRecordHash(retirement),
    })),
  };
}

/** Slots and words that block mode reads. */
export function storageVectors(): Record<string, unknown> {
  const id = (value: number) => toHex(bigEndian(value, 32));
  const mg = (value: number) => BigInt(value) as Milligrams;
  const attesters: Address[] = [`0x${"22".repeat(20)}`, `0x${"11".repeat(20)}`, `0x${"Fe".repeat(20)}`];
  const methodologiesHash = toHex(keccak(utf8("microtonne-vectors/methodologies")));
  const words = encodeBatchWords({
    total: mg(1000),
    minted: mg(900),
    struck: mg(110),
    retired: mg(500),
    shortfall: mg(30),
    replaced: mg(20),
    operator: `0x${"ab".repeat(20)}`,
    committedAt: 1_790_000_000 as UnixSeconds,
    leafCount: 5,
    status: "minted",
    suspension: ["shortfall", "order"],
    openDisputes: 3,
    provenanceHash: storage.provenanceHashOf(attesters, methodologiesHash),
    vintageStartDay: 20_454 as Day,
    vintageEndDay: 20_818 as Day,
    claimPeriodDays: 90,
    region: "WUHAN",
    buffer: mg(100),
    challengeWindowSeconds: 259_200,
    strikesHash: toHex(keccak(utf8("microtonne-vectors/strikes"))),
  });
  return {
    about:
      "ERC-7201 slots and the packed words of a batch. Slot +0 of each namespace is the mapping of its " +
      "records, slot +1 of the batch registry's leads from a root to its batch. Fields fill a word " +
      "from its lowest byte up. provenanceHash = keccak256(abi.encode(attestersHash, " +
      "methodologiesHash)), attestersHash over 20 bytes an address, ascending. unminted is not stored: " +
      "total + shortfall + replaced - minted - struck. Bits of the suspension: 1 shortfall, 2 broken " +
      "link, 4 unopened gram, 8 no ruling, 16 order, 32 quorum.",
    namespaces: [storage.BATCH_NAMESPACE, storage.RETIREMENT_NAMESPACE].map((name) => ({
      name,
      slot: storage.namespaceSlot(name),
    })),
    batches: [0, 7].map((value) => ({
      batchId: id(value),
      slots: storage.batchWordSlots(id(value) as BatchId),
    })),
    roots: [0, 7].map((value) => ({ root: id(value), slot: storage.rootSlot(id(value)) })),
    retirements: [0, 7].map((value) => ({
      retirementId: id(value),
      slot: storage.retirementSlot(id(value) as RetirementId),
    })),
    words,
    batch: withTextMasses(storage.decodeBatchWords(words)),
    attesters,
    attestersHash: storage.attestersHashOf(attesters),
    methodologiesHash,
  };
}

/** Texts and paths. */
export async function textVectors(): Promise<Record<string, unknown>> {
  const { batchId, manifest } = await sampleBatch();
  const serial = (start: bigint, end: bigint) => ({
    region: manifest.region,
    year: 2026,
    batchId,
    start: start.toString(),
    end: end.toString(),
    text: serialText({
      region: manifest.region,
      year: 2026,
      batchId,
      start: start as Milligrams,
      end: end as Milligrams,
    }),
  });
  return {
    about: "Serial texts (both ends inclusive, ranges half-open) and archive paths.",
    serials: [serial(0n, 1n), serial(0n, 2_620_000_000n), serial(2n ** 63n - 2n, 2n ** 63n - 1n)],
    refusedSerials: [
      `MT-WUHAN-2026-${batchId.slice(2, 34)}-5-4`,
      `MT-WUHAN-2026-${batchId.slice(2, 34)}-00-4`,
      `MT-WUHAN-2026-${batchId.slice(2, 34)}-0-9223372036854775808`,
      `MT-wuhan-2026-${batchId.slice(2, 34)}-0-4`,
      `MT-WUHAN-26-${batchId.slice(2, 34)}-0-4`,
      `MT-WUHAN-2026-${batchId.slice(2, 33)}-0-4`,
      `MT-WUHAN-2026-${batchId.slice(2, 34)}-0-4\n`,
    ],
    folder: { batchId, path: batchFolder(batchId) },
    bundles: [0, 5, 999, 1000, 1234067, 16777215].map((bundle) => ({ bundle, path: bundlePath(bundle) })),
    tiles: [
      { level: 1, tile: 0 },
      { level: 2, tile: 1234067 },
    ].map(({ level, tile }) => ({ level, tile, path: tilePath(level, tile) })),
    topTileLevels: [1, 2, 256, 257, 65536, 65537, 16777216, 16777217, 4294967295].map((count) => ({
      count,
      level: topTileLevel(count),
    })),
  };
}
