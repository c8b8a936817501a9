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
  type StatedManifest,
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
import { termsHashOf, type BatchTerms } from "../../../src/format/onchain/termsHash.ts";
import * as storage from "../../../src/format/onchain/storageLayout.ts";
import type { BatchWords } from "../../../src/format/onchain/storageLayout.ts";
import { encodeBatchWords } from "./encodeBatchWords.ts";
import { SAMPLE_CONTRACTS, sampleBatch } from "./sampleBatch.ts";

const DEADLINE = 1_800_000_000 as UnixSeconds;

/** Masses as decimal strings. */
function withTextMasses(value: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? one.toString() : one)),
  ) as Record<string, unknown>;
}

/** What a manifest of a project would say, with each member other than nothing. */
const PROJECT_TERMS = {
  audience: { leaves: "participants", tiles: "public" },
  campaign: { id: "plant-a-tree", documentHash: toHex(keccak(utf8("microtonne-vectors/campaign"))) },
  category: "project",
  correspondingAdjustment: "applied",
  hostCountry: "DE",
  placeOfActs: "BERLIN",
  previousDeployment: { chainId: "31337", registry: SAMPLE_CONTRACTS.BatchRegistry },
  projects: [
    {
      id: "roof-pv",
      name: "Roof PV, Hubei",
      registration: "HB-2025-0017",
      creditingPeriod: { startDay: 20_089, endDay: 23_740 },
      place: "WUHAN",
      baselineHash: toHex(keccak(utf8("microtonne-vectors/baseline"))),
      excludes: ["bike", "metro"],
    },
  ],
  plausibility: { version: 2, hash: toHex(keccak(utf8("microtonne-vectors/plausibility"))) },
  scenarioClasses: { version: 3, hash: toHex(keccak(utf8("microtonne-vectors/scenario-classes"))) },
  title: { kind: "project-owner", documentHash: toHex(keccak(utf8("microtonne-vectors/title"))) },
  useBy: 21_914 as Day,
  verification: {
    statementHash: toHex(keccak(utf8("microtonne-vectors/verification"))),
    level: "reasonable",
    opinion: "unmodified",
  },
} as const satisfies BatchTerms;

/** The statement of the sample batch, or of one that differs in these terms. */
export async function sampleStatement(terms: Partial<BatchTerms> = {}): Promise<BatchStatement> {
  const { manifest, batchId } = await sampleBatch();
  const stated: StatedManifest = { ...manifest, ...terms };
  return batchStatementOf(stated, batchId, DEADLINE) as BatchStatement;
}

/** The members that a terms hash covers, and no others. */
function termsOf(manifest: BatchTerms): BatchTerms {
  return Object.fromEntries(
    Object.keys(PROJECT_TERMS).map((name) => [name, manifest[name as keyof BatchTerms]]),
  ) as unknown as BatchTerms;
}

/** The EIP-712 statement of the sample batch. */
export async function statementVectors(): Promise<Record<string, unknown>> {
  const statement = await sampleStatement();
  const project = await sampleStatement(PROJECT_TERMS);
  const registry = SAMPLE_CONTRACTS.BatchRegistry;
  const signed = (chainId: number, at: Address, one: BatchStatement) => ({
    chainId,
    registry: at,
    statement: withTextMasses(one),
    digest: statementDigest(one, chainId, at),
  });
  return {
    about:
      "EIP-712 digests of the statement that verifiers sign, domain 'Microtonne BatchRegistry' version " +
      "'2'. previousBatchId and useByDay null are 0; category 1 act, 2 project; adjustment 0 none, 1 " +
      "authorised, 2 applied. termsHash = keccak256 of the canonical JSON of the terms, which are members " +
      "of the manifest.",
    type: STATEMENT_TYPE,
    typeHash: toHex(keccak(utf8(STATEMENT_TYPE))),
    terms: [termsOf((await sampleBatch()).manifest), PROJECT_TERMS].map((terms) => ({
      terms,
      termsHash: termsHashOf({ ...terms, format: "microtonne-batch/2" }),
    })),
    digests: [
      signed(31337, registry, statement),
      signed(31337, registry, { ...statement, previousBatchId: null }),
      signed(1, registry, statement),
      signed(31337, SAMPLE_CONTRACTS.CarbonCredit, statement),
      signed(31337, registry, project),
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

/** A batch of which every field is other than zero. */
export function sampleStoredBatch() {
  const mg = (value: number) => BigInt(value) as Milligrams;
  return {
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
    openDisputes: 3 + 258,
    provenanceHash: storage.provenanceHashOf(STORED_ATTESTERS, STORED_METHODOLOGIES, STORED_TERMS),
    vintageStartDay: 20_454 as Day,
    vintageEndDay: 20_818 as Day,
    claimPeriodDays: 90,
    region: "WUHAN",
    buffer: mg(100),
    challengeWindowSeconds: 259_200,
    strikesHash: toHex(keccak(utf8("microtonne-vectors/strikes"))),
    terms: {
      category: "project",
      hostCountry: "CN",
      adjustment: "applied",
      useByDay: 21_914 as Day,
      openClaims: 3,
      openGrams: 258,
      contested: mg(70),
      impositions: 515,
      writeOff: { circulating: mg(400), shortfall: mg(30), retired: mg(480), counted: mg(18) },
    },
  } as const satisfies Omit<BatchWords, "unminted">;
}
const STORED_ATTESTERS: Address[] = [`0x${"22".repeat(20)}`, `0x${"11".repeat(20)}`, `0x${"Fe".repeat(20)}`];
const STORED_METHODOLOGIES = toHex(keccak(utf8("microtonne-vectors/methodologies")));
const STORED_TERMS = toHex(keccak(utf8("microtonne-vectors/terms")));

/** Slots and words that block mode reads. */
export function storageVectors(): Record<string, unknown> {
  const id = (value: number) => toHex(bigEndian(value, 32));
  const words = encodeBatchWords(sampleStoredBatch());
  return {
    about:
      "ERC-7201 slots and the packed words of a batch. Slot +0 of each namespace is the mapping of its " +
      "records, slot +1 of the batch registry's leads from a root to its batch. Fields fill a word " +
      "from its lowest byte up. provenanceHash = keccak256(abi.encode(attestersHash, " +
      "methodologiesHash, termsHash)), attestersHash over 20 bytes an address, ascending. unminted is " +
      "not stored: total + shortfall + replaced - minted - struck; nor is openDisputes: openClaims + " +
      "openGrams. Bits of the suspension: 1 shortfall, 2 broken link, 4 unopened gram, 8 no ruling, 16 " +
      "order, 32 quorum. category 1 act, 2 project; adjustment 0 none, 1 authorised, 2 applied; useByDay " +
      "null is 0.",
    namespaces: [storage.BATCH_NAMESPACE, storage.RETIREMENT_NAMESPACE].map((name) => ({
      name,
      slot: storage.namespaceSlot(name),
    })),
    batches: [0, 7].map((value) => ({
      batchId: id(value),
      slots: storage.batchWordSlots(id(value) as BatchId, "microtonne-batch/2"),
    })),
    roots: [0, 7].map((value) => ({ root: id(value), slot: storage.rootSlot(id(value)) })),
    retirements: [0, 7].map((value) => ({
      retirementId: id(value),
      slot: storage.retirementSlot(id(value) as RetirementId),
    })),
    words,
    batch: withTextMasses(storage.decodeBatchWords(words)),
    attesters: STORED_ATTESTERS,
    attestersHash: storage.attestersHashOf(STORED_ATTESTERS),
    methodologiesHash: STORED_METHODOLOGIES,
    termsHash: STORED_TERMS,
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
