import { toHex } from "../../../src/base/lib/bytes.ts";
import { verifyInclusion, type InclusionProof } from "../../../src/format/proofs/inclusionProof.ts";
import { proveInclusion } from "../../../src/format/proofs/inclusionProof.ts";
import { strikesHashOf } from "../../../src/format/batch/strikes.ts";
import {
  adjustmentNumber,
  categoryNumber,
  keySchemeHash,
  statementDigest,
} from "../../../src/format/onchain/batchStatement.ts";
import { purposeNumber, retirementRecordHash } from "../../../src/format/onchain/retirementRecord.ts";
import {
  BATCH_NAMESPACE,
  BATCH_STATUSES,
  batchWordSlots,
  namespaceSlot,
  RETIREMENT_NAMESPACE,
  retirementSlot,
  rootSlot,
  SUSPENSION_CAUSES,
} from "../../../src/format/onchain/storageLayout.ts";
import { buildSumTree, leafNode } from "../../../src/format/batch/sumTree.ts";
import type { RetirementId } from "../../../src/base/types/ids.ts";
import { sampleRetirements, sampleStatement, sampleStoredBatch } from "./chainVectors.ts";
import { encodeBatchWords } from "./encodeBatchWords.ts";
import { tamperedCases } from "./inclusionCases.ts";
import { absenceCases } from "./proofVectors.ts";
import { devKeyScheme } from "./keyVectors.ts";
import { SAMPLE_CONTRACTS } from "./sampleBatch.ts";
import { seededLeafBytes } from "./seededLeaves.ts";
import { STRIKE_HISTORIES } from "./strikeVectors.ts";

/**
 * What Solidity tests read with `vm.parseJson…`: arrays of objects with flat fields, a count beside each,
 * numbers as decimal strings.
 */
export async function solidityVectors(): Promise<Record<string, unknown>> {
  const honest = honestProofs();
  // Sizes are uint64 and hashes bytes32 on chain: what can't be put into a call is no case there.
  const tampered = tamperedCases().filter(
    ({ commitment, proof }) =>
      fits(commitment.total) && proof.steps.every((one) => fits(one.size) && one.hash.length === 32),
  );
  const absence = absenceCases().filter(({ key, proof }) => key.length === 32 && proof.leaf.length === 179);
  const statement = await sampleStatement();
  const stored = sampleStoredBatch();
  const registry = SAMPLE_CONTRACTS.BatchRegistry;
  const retirements = sampleRetirements();
  const histories = STRIKE_HISTORIES.filter(({ strikes }) => strikes.length > 0);
  return {
    about:
      "The same cases as the other files, flat, for Solidity. step sizes and hashes from leaf to root; " +
      "error names are those of the TypeScript reader.",
    honestCount: String(honest.length),
    honest,
    tamperedCount: String(tampered.length),
    tampered: tampered.map(({ name, commitment, proof, error }) => ({
      name,
      ...flat(commitment, proof),
      error,
    })),
    absenceCount: String(absence.length),
    absence: absence.map(({ name, commitment, key, proof, error }) => ({
      name,
      ...flat(commitment, proof),
      key: toHex(key),
      absent: error === undefined,
      error: error ?? "",
    })),
    statement: {
      ...Object.fromEntries(Object.entries(statement).map(([field, value]) => [field, String(value)])),
      region: `0x${Buffer.from(statement.region.padEnd(8, "\0")).toString("hex")}`,
      category: String(categoryNumber(statement.category)),
      hostCountry: `0x${Buffer.from(statement.hostCountry).toString("hex")}`,
      adjustment: String(adjustmentNumber(statement.adjustment)),
      useByDay: String(statement.useByDay ?? 0),
      chainId: "31337",
      registry,
      digest: statementDigest(statement, 31337, registry),
    },
    keySchemeHash: keySchemeHash(devKeyScheme([2025, 2026])),
    retirementCount: String(retirements.length),
    retirements: retirements.map(({ nonce, retirement }) => ({
      nonce,
      retirementId: retirement.retirementId,
      holder: retirement.holder,
      beneficiaryHash: retirement.beneficiaryHash,
      documentHash: retirement.documentHash,
      purpose: String(purposeNumber(retirement.purpose)),
      reportingYear: String(retirement.reportingYear),
      country: `0x${Buffer.from(retirement.country).toString("hex")}`,
      retiredAt: String(retirement.retiredAt),
      lineBatchIds: retirement.lines.map((line) => line.batchId),
      lineStarts: retirement.lines.map((line) => line.start.toString()),
      lineEnds: retirement.lines.map((line) => line.end.toString()),
      recordHash: retirementRecordHash(retirement),
    })),
    storage: {
      batchNamespaceSlot: namespaceSlot(BATCH_NAMESPACE),
      retirementNamespaceSlot: namespaceSlot(RETIREMENT_NAMESPACE),
      batchId: statement.batchId,
      batchSlots: batchWordSlots(statement.batchId, "microtonne-batch/2"),
      root: statement.root,
      rootSlot: rootSlot(statement.root),
      retirementId: retirements[0]?.retirement.retirementId,
      retirementSlot: retirementSlot(retirements[0]?.retirement.retirementId as RetirementId),
    },
    storedBatch: {
      total: String(stored.total),
      minted: String(stored.minted),
      struck: String(stored.struck),
      retired: String(stored.retired),
      operator: stored.operator,
      committedAt: String(stored.committedAt),
      leafCount: String(stored.leafCount),
      status: String(BATCH_STATUSES.indexOf(stored.status)),
      suspension: String(
        stored.suspension.reduce((sum, one) => sum + 2 ** SUSPENSION_CAUSES.indexOf(one), 0),
      ),
      category: String(categoryNumber(stored.terms.category)),
      provenanceHash: stored.provenanceHash,
      vintageStartDay: String(stored.vintageStartDay),
      vintageEndDay: String(stored.vintageEndDay),
      useByDay: String(stored.terms.useByDay),
      claimPeriodDays: String(stored.claimPeriodDays),
      hostCountry: `0x${Buffer.from(stored.terms.hostCountry).toString("hex")}`,
      region: `0x${Buffer.from(stored.region.padEnd(8, "\0")).toString("hex")}`,
      buffer: String(stored.buffer),
      challengeWindow: String(stored.challengeWindowSeconds),
      shortfall: String(stored.shortfall),
      replaced: String(stored.replaced),
      contested: String(stored.terms.contested),
      openClaims: String(stored.terms.openClaims),
      openGrams: String(stored.terms.openGrams),
      impositions: String(stored.terms.impositions),
      adjustment: String(adjustmentNumber(stored.terms.adjustment)),
      strikesHash: stored.strikesHash,
      writeOff: Object.values(stored.terms.writeOff).map(String),
      words: encodeBatchWords(stored),
    },
    strikesCount: String(histories.length),
    strikes: histories.map(({ name, strikes }) => ({
      name,
      indexes: strikes.map((one) => String(one.index)),
      starts: strikes.map((one) => one.start.toString()),
      ends: strikes.map((one) => one.end.toString()),
      strikesHash: strikesHashOf(strikes),
    })),
  };
}

function honestProofs() {
  const places: [name: string, count: number, indexes: number[], equalSize?: bigint][] = [
    ["one", 1, [0]],
    ["two", 2, [0, 1]],
    ["three", 3, [0, 1, 2]],
    ["equal", 5, [0, 4], 250n],
    ["tampered", 7, [0, 1, 2, 3, 4, 5, 6]],
    ["bundle", 256, [0, 255]],
    ["bundle-and-one", 257, [0, 255, 256]],
    ["thousand", 1000, [0, 511, 999]],
  ];
  return places.flatMap(([name, count, indexes, equalSize]) => {
    const leaves = seededLeafBytes(name, count, equalSize);
    const tree = buildSumTree(leaves.map(leafNode));
    return indexes.map((index) => {
      const proof = { index, leaf: leaves[index] as Uint8Array, steps: proveInclusion(tree, index) };
      const { start, end } = verifyInclusion(tree, proof);
      return {
        name: `${name}, leaf ${String(index)}`,
        ...flat(tree, proof),
        start: start.toString(),
        end: end.toString(),
      };
    });
  });
}

function flat(commitment: { root: Uint8Array; total: bigint; count: number }, proof: InclusionProof) {
  return {
    root: toHex(commitment.root),
    total: commitment.total.toString(),
    count: String(commitment.count),
    index: String(proof.index),
    leaf: toHex(proof.leaf),
    stepSizes: proof.steps.map((one) => one.size.toString()),
    stepHashes: proof.steps.map((one) => toHex(one.hash)),
  };
}

const fits = (size: bigint) => size >= 0n && size < 2n ** 64n;
