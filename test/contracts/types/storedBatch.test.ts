import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import { stringToHex } from "viem";
import { describe, expect, it } from "vitest";
import { encodeBatchWords } from "../../../scripts/generate/vectors/encodeBatchWords.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../src/base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import {
  ADJUSTMENTS,
  adjustmentNumber,
  categoryNumber,
  COMMITTED_CATEGORIES,
} from "../../../src/format/onchain/batchStatement.ts";
import {
  BATCH_STATUSES,
  decodeBatchWords,
  SUSPENSION_CAUSES,
} from "../../../src/format/onchain/storageLayout.ts";
import { freshSystem } from "../support/system.ts";

/** Stores the registry's own struct as its compiler packs it, and reads the words back. */
const SOURCE = `pragma solidity 0.8.30;
import {StoredBatch} from "contracts/types/Batch.sol";
contract Packing {
    StoredBatch private batch;
    function pack(StoredBatch calldata given) external returns (bytes32[7] memory words) {
        batch = given;
        assembly ("memory-safe") {
            for { let i := 0 } lt(i, 7) { i := add(i, 1) } {
                mstore(add(words, mul(i, 32)), sload(add(batch.slot, i)))
            }
        }
    }
}`;

interface Compiled {
  readonly contracts: { readonly "Packing.sol": { readonly Packing: Artifact } };
}
interface Artifact {
  readonly abi: readonly object[];
  readonly evm: { readonly bytecode: { readonly object: string } };
}

function compiled(): Artifact {
  const compiler = createRequire(import.meta.url)("solc") as {
    compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
  };
  const output = compiler.compile(
    JSON.stringify({
      language: "Solidity",
      sources: { "Packing.sol": { content: SOURCE } },
      settings: {
        evmVersion: "cancun",
        outputSelection: { "Packing.sol": { Packing: ["abi", "evm.bytecode.object"] } },
      },
    }),
    {
      import: (path) => ({
        contents: readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"),
      }),
    },
  );
  return (JSON.parse(output) as Compiled).contracts["Packing.sol"].Packing;
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex);
const number = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const mass = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) as fc.Arbitrary<Milligrams>;
const batches = fc.record({
  total: mass,
  minted: mass,
  struck: mass,
  retired: mass,
  shortfall: mass,
  replaced: mass,
  operator: bytes(20),
  committedAt: number(40) as fc.Arbitrary<UnixSeconds>,
  leafCount: number(32),
  status: fc.constantFrom(...BATCH_STATUSES),
  suspension: fc.subarray([...SUSPENSION_CAUSES]),
  provenanceHash: bytes(32),
  vintageStartDay: number(24) as fc.Arbitrary<Day>,
  vintageEndDay: number(24) as fc.Arbitrary<Day>,
  claimPeriodDays: number(16),
  region: fc.stringMatching(/^[A-Z0-9]{2,8}$/),
  buffer: mass,
  challengeWindowSeconds: number(24),
  strikesHash: bytes(32),
  terms: fc.record({
    category: fc.constantFrom(...COMMITTED_CATEGORIES),
    hostCountry: fc.stringMatching(/^[A-Z]{2}$/),
    adjustment: fc.constantFrom(...ADJUSTMENTS),
    useByDay: fc.option(fc.integer({ min: 1, max: 2 ** 24 - 1 }) as unknown as fc.Arbitrary<Day>),
    openClaims: number(16),
    openGrams: number(16),
    contested: mass,
    impositions: number(16),
    writeOff: fc.record({ circulating: mass, shortfall: mass, retired: mass, counted: mass }),
  }),
});

describe("a stored batch", () => {
  it("is packed by the compiler as readers and vectors have it", async () => {
    const { ethers } = await freshSystem();
    const { abi, evm } = compiled();
    const [signer] = await ethers.getSigners();
    const factory = new ethers.ContractFactory([...abi] as never, evm.bytecode.object, signer);
    const packing = await factory.deploy();
    await packing.waitForDeployment();
    const pack = packing.getFunction("pack");
    await fc.assert(
      fc.asyncProperty(batches, async (one) => {
        const { terms } = one;
        const batch = { ...one, openDisputes: terms.openClaims + terms.openGrams };
        const words = (await pack.staticCall({
          totalMg: batch.total,
          mintedMg: batch.minted,
          struckMg: batch.struck,
          retiredMg: batch.retired,
          operator: batch.operator,
          committedAt: batch.committedAt,
          leafCount: batch.leafCount,
          status: BATCH_STATUSES.indexOf(batch.status),
          suspension: batch.suspension.reduce((sum, cause) => sum + 2 ** SUSPENSION_CAUSES.indexOf(cause), 0),
          category: categoryNumber(terms.category),
          provenanceHash: batch.provenanceHash,
          vintageStartDay: batch.vintageStartDay,
          vintageEndDay: batch.vintageEndDay,
          useByDay: terms.useByDay ?? 0,
          claimPeriodDays: batch.claimPeriodDays,
          hostCountry: stringToHex(terms.hostCountry, { size: 2 }),
          region: stringToHex(batch.region, { size: 8 }),
          bufferMg: batch.buffer,
          challengeWindow: batch.challengeWindowSeconds,
          shortfallMg: batch.shortfall,
          replacedMg: batch.replaced,
          contestedMg: terms.contested,
          openClaims: terms.openClaims,
          openGrams: terms.openGrams,
          impositions: terms.impositions,
          adjustment: adjustmentNumber(terms.adjustment),
          strikesHash: batch.strikesHash,
          writeOff: {
            circulatingMg: terms.writeOff.circulating,
            shortfallMg: terms.writeOff.shortfall,
            retiredMg: terms.writeOff.retired,
            countedMg: terms.writeOff.counted,
          },
        })) as Hex[];
        const packed = [...words];
        expect(packed).toEqual(encodeBatchWords(batch));
        const { total, shortfall, replaced, minted, struck } = batch;
        const unminted = total + shortfall + replaced - minted - struck;
        expect(decodeBatchWords(packed)).toEqual({ ...batch, unminted });
      }),
      { numRuns: 200 },
    );
  });
});
