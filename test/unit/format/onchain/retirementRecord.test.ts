import { AbiCoder, keccak256 as ethersKeccak } from "ethers";
import fc from "fast-check";
import { encodeAbiParameters, keccak256, parseAbiParameters, stringToHex } from "viem";
import { describe, expect, it } from "vitest";
import { fromHex } from "../../../../src/base/lib/bytes.ts";
import type { BatchId, Hex, RetirementId } from "../../../../src/base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { CHOSEN_PURPOSES, PURPOSES, type Retirement } from "../../../../src/base/types/retirement.ts";
import {
  beneficiaryHash,
  documentHash,
  purposeOfNumber,
  retirementIdOf,
  retirementRecordHash,
} from "../../../../src/format/onchain/retirementRecord.ts";
import { codeOf, vectors } from "../support/vectors.ts";
import { bytes, mass, word } from "./support/arbitraries.ts";

/** Our own encodings against viem and ethers, which the format itself does not import. */

const retirements: fc.Arbitrary<Retirement> = fc.record({
  retirementId: word.map((id) => id as RetirementId),
  holder: bytes(20),
  beneficiaryHash: word,
  documentHash: word,
  purpose: fc.constantFrom(...PURPOSES),
  reportingYear: fc.nat(65_535),
  country: fc.stringMatching(/^[A-Z]{2}$/),
  retiredAt: fc.maxSafeNat().map((at) => at as UnixSeconds),
  lines: fc.array(fc.record({ batchId: word.map((id) => id as BatchId), start: mass, end: mass }), {
    maxLength: 4,
  }),
});
const STRUCT = "(bytes32,address,bytes32,bytes32,uint8,uint16,bytes2,uint64,(uint256,uint64,uint64)[])";

describe("retirement record", () => {
  it("has the hash of abi.encode in viem and in ethers", () => {
    fc.assert(
      fc.property(retirements, (retirement) => {
        const { retirementId, holder, purpose, reportingYear, country, retiredAt, lines } = retirement;
        const purposeNumber = PURPOSES.indexOf(purpose) + 1;
        const head = [
          retirementId,
          holder,
          retirement.beneficiaryHash,
          retirement.documentHash,
          purposeNumber,
          reportingYear,
        ] as const;
        const rows = lines.map((line) => [BigInt(line.batchId), line.start, line.end] as const);
        const ethersBytes = AbiCoder.defaultAbiCoder().encode(
          [`tuple${STRUCT.replace("(uint256", "tuple(uint256")}`],
          [[...head, stringToHex(country), retiredAt, rows]],
        );
        expect(retirementRecordHash(retirement)).toBe(ethersKeccak(ethersBytes));
        const viemBytes = encodeAbiParameters(
          parseAbiParameters([
            "Retirement retirement",
            "struct Line { uint256 batchId; uint64 start; uint64 end; }",
            "struct Retirement { bytes32 retirementId; address holder; bytes32 beneficiaryHash; " +
              "bytes32 documentHash; uint8 purpose; uint16 reportingYear; bytes2 country; uint64 " +
              "retiredAt; Line[] lines; }",
          ]),
          [
            {
              ...retirement,
              purpose: purposeNumber,
              country: stringToHex(country),
              retiredAt: BigInt(retiredAt),
              lines: lines.map((line) => ({ ...line, batchId: BigInt(line.batchId) })),
            },
          ],
        );
        expect(retirementRecordHash(retirement)).toBe(keccak256(viemBytes));
      }),
      { numRuns: 50 },
    );
  });

  it("and its id are those of the vectors", () => {
    const file = vectors("retirement") as {
      salt: Hex;
      use: string;
      beneficiary: { name: string; lei: string };
      retirements: Record<string, unknown>[];
    };
    for (const { nonce, recordHash, retirement } of file.retirements as {
      nonce: Hex;
      recordHash: string;
      retirement: Retirement;
    }[]) {
      const lines = retirement.lines.map((line) => ({
        ...line,
        start: BigInt(line.start) as Milligrams,
        end: BigInt(line.end) as Milligrams,
      }));
      expect(retirementRecordHash({ ...retirement, lines })).toBe(recordHash);
      expect(retirementIdOf(retirement.holder, nonce)).toBe(retirement.retirementId);
      expect(retirement.retirementId).toBe(
        ethersKeccak(AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [retirement.holder, nonce])),
      );
      expect(beneficiaryHash(fromHex(file.salt), file.beneficiary)).toBe(retirement.beneficiaryHash);
      expect(documentHash(fromHex(file.salt), file.use)).toBe(retirement.documentHash);
    }
  });

  it("knows six purposes in contract order and no other; a holder chooses from the first five", () => {
    expect([1, 2, 3, 4, 5, 6].map(purposeOfNumber)).toEqual(PURPOSES);
    expect(PURPOSES.filter((purpose) => purpose !== "replacement")).toEqual(CHOSEN_PURPOSES);
    expect(purposeOfNumber(6)).toBe("replacement");
    for (const number of [0, 7, -1, 1.5])
      expect(codeOf(() => purposeOfNumber(number))).toBe("retirement.purpose");
    expect(codeOf(() => beneficiaryHash(new Uint8Array(31), { name: "x" }))).toBe("retirement.salt");
  });
});
