import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "./support/refusal.ts";
import { baseUnits, blockTime, CHINA, commit, freshSystem, issue, plain, type Account, type System } from "./support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  await issue(system, { batchId: 9n, root: system.ethers.id("second"), previousBatchId: 7n });
});

interface Request {
  nonce: string;
  beneficiaryHash: string;
  documentHash: string;
  purpose: number;
  reportingYear: number;
  country: string;
  amounts: { batchId: bigint; milligrams: bigint }[];
}
function requestOf(changes: Partial<Request> = {}): Request {
  const { ethers } = system;
  return {
    nonce: ethers.id("nonce"),
    beneficiaryHash: ethers.id("beneficiary"),
    documentHash: ethers.ZeroHash,
    purpose: 2,
    reportingYear: 2025,
    country: CHINA,
    amounts: [{ batchId: 7n, milligrams: 100n }],
    ...changes,
  };
}
const retire = (holder: Account, changes: Partial<Request> = {}) => system.retirements.connect(holder).retire(requestOf(changes));
const idOf = (holder: Account, nonce: string) =>
  system.ethers.keccak256(system.ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [holder.address, nonce]));

const RECORD =
  "tuple(bytes32 retirementId,address holder,bytes32 beneficiaryHash,bytes32 documentHash,uint8 purpose,uint16 reportingYear," +
  "bytes2 country,uint64 retiredAt,tuple(uint256 batchId,uint64 start,uint64 end)[] lines)";

describe("a retirement", () => {
  it("burns the caller's credits, takes the next serial range and keeps the hash of the whole record", async () => {
    const { ethers, batches, credit, retirements, operator } = system;
    await retire(operator);
    const request = requestOf();
    const record = {
      retirementId: idOf(operator, request.nonce),
      holder: operator.address,
      beneficiaryHash: request.beneficiaryHash,
      documentHash: request.documentHash,
      purpose: 2n,
      reportingYear: 2025n,
      country: CHINA,
      retiredAt: await blockTime(ethers),
      lines: [{ batchId: 7n, start: 0n, end: 100n }],
    };
    const [event] = await retirements.queryFilter(retirements.filters.Retired(record.retirementId, operator.address));
    const { lines, ...fields } = plain(event?.args.retirement);
    expect({ ...fields, lines: (lines as unknown[]).map(plain) }).toEqual(record);
    const hash = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([RECORD], [record]));
    await expect(retirements.recordHashOf(record.retirementId)).resolves.toBe(hash);
    await expect(retirements.retirementIdOf(operator.address, request.nonce)).resolves.toBe(record.retirementId);
    await expect(credit.balanceOf(operator.address, 7n)).resolves.toBe(baseUnits(800n));
    await expect(credit.totalSupply(7n)).resolves.toBe(baseUnits(800n));
    expect((await batches.batchOf(7n)).retiredMg).toBe(100n);
  });

  it("continues where the one before ended, whoever retires, up to the last minted milligram", async () => {
    const { credit, retirements, operator, corporate } = system;
    await credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 7n, baseUnits(500n), "0x");
    await retire(operator, { amounts: [{ batchId: 7n, milligrams: 1n }] });
    await retire(corporate, { amounts: [{ batchId: 7n, milligrams: 500n }] });
    await retire(operator, { nonce: system.ethers.id("2"), amounts: [{ batchId: 7n, milligrams: 399n }] });
    const events = await retirements.queryFilter(retirements.filters.Retired());
    expect(events.map(({ args }) => args.retirement.lines.map(({ start, end }) => [start, end]))).toEqual([
      [[0n, 1n]],
      [[1n, 501n]],
      [[501n, 900n]],
    ]);
    await expect(credit.totalSupply(7n)).resolves.toBe(0n);
  });

  it("of several batches has one line for each", async () => {
    const { retirements, operator } = system;
    const amounts = [
      { batchId: 7n, milligrams: 3n },
      { batchId: 9n, milligrams: 900n },
    ];
    await retire(operator, { amounts });
    const [event] = await retirements.queryFilter(retirements.filters.Retired());
    expect(event?.args.retirement.lines.map(plain)).toEqual([
      { batchId: 7n, start: 0n, end: 3n },
      { batchId: 9n, start: 0n, end: 900n },
    ]);
  });

  it("can't be taken by another who sees it coming: the id is bound to the caller", async () => {
    const { credit, retirements, operator, corporate } = system;
    await credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 7n, baseUnits(100n), "0x");
    await retire(corporate);
    await retire(operator);
    const { nonce } = requestOf();
    expect(idOf(operator, nonce)).not.toBe(idOf(corporate, nonce));
    for (const holder of [operator, corporate]) {
      await expect(retirements.recordHashOf(idOf(holder, nonce))).resolves.not.toBe(system.ethers.ZeroHash);
    }
  });
});

describe("a retirement is refused", () => {
  it("the second time with one nonce, whatever else differs", async () => {
    const { retirements, operator } = system;
    await retire(operator);
    const id = idOf(operator, requestOf().nonce);
    const before = await retirements.recordHashOf(id);
    await expect(refusal(retire(operator))).resolves.toBe(`RetirementKnown(${id})`);
    await expect(refusal(retire(operator, { purpose: 5, amounts: [{ batchId: 9n, milligrams: 1n }] }))).resolves.toBe(
      `RetirementKnown(${id})`,
    );
    await expect(retirements.recordHashOf(id)).resolves.toBe(before);
  });

  it("where it does not say what for, for whom, where and when", async () => {
    const { ethers, operator } = system;
    await expect(refusal(retire(operator, { purpose: 0 }))).resolves.toBe("PurposeOutOfRange(0)");
    await expect(refusal(retire(operator, { purpose: 6 }))).resolves.toBe("PurposeOutOfRange(6)");
    await expect(refusal(retire(operator, { country: "0x0000" }))).resolves.toBe("CountryMalformed(0x0000)");
    await expect(refusal(retire(operator, { reportingYear: 0 }))).resolves.toBe("ReportingYearMissing()");
    await expect(refusal(retire(operator, { beneficiaryHash: ethers.ZeroHash }))).resolves.toBe("BeneficiaryMissing()");
  });

  it("of nothing, of zero, of one batch twice or of batches out of order", async () => {
    const { operator } = system;
    const refused = async (...amounts: [bigint, bigint][]) =>
      refusal(retire(operator, { amounts: amounts.map(([batchId, milligrams]) => ({ batchId, milligrams })) }));
    await expect(refused()).resolves.toBe("AmountsMissing()");
    await expect(refused([7n, 0n])).resolves.toBe("AmountZero(7)");
    await expect(refused([7n, 1n], [9n, 0n])).resolves.toBe("AmountZero(9)");
    await expect(refused([7n, 1n], [7n, 1n])).resolves.toBe("BatchesNotAscending(7,7)");
    await expect(refused([9n, 1n], [7n, 1n])).resolves.toBe("BatchesNotAscending(9,7)");
    await expect(refused([0n, 1n])).resolves.toBe("BatchesNotAscending(0,0)");
  });

  it("of a batch that is unknown or not minted yet", async () => {
    const { ethers, batches, operator } = system;
    await expect(refusal(retire(operator, { amounts: [{ batchId: 8n, milligrams: 1n }] }))).resolves.toBe("BatchNotMinted(8)");
    await commit(system, { batchId: 11n, root: ethers.id("third"), previousBatchId: 9n });
    await expect(refusal(retire(operator, { amounts: [{ batchId: 11n, milligrams: 1n }] }))).resolves.toBe("BatchNotMinted(11)");
    expect((await batches.batchOf(11n)).retiredMg).toBe(0n);
  });

  it("of more than was minted, of more than the caller has, and by who is not active; then nothing has moved", async () => {
    const { batches, credit, participants, operator, corporate, outsider } = system;
    await expect(refusal(retire(operator, { amounts: [{ batchId: 7n, milligrams: 901n }] }))).resolves.toBe(
      "RetirementExceedsMinted(901,900)",
    );
    await credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 7n, baseUnits(2n) - 1n, "0x");
    await expect(refusal(retire(corporate, { amounts: [{ batchId: 7n, milligrams: 2n }] }))).resolves.toBe(
      `ERC1155InsufficientBalance(${corporate.address},${String(baseUnits(2n) - 1n)},${String(baseUnits(2n))},7)`,
    );
    await expect(refusal(retire(outsider))).resolves.toBe(`HolderNotActive(${outsider.address})`);
    await participants.setStatus(operator.address, 2);
    await expect(refusal(retire(operator))).resolves.toBe(`HolderNotActive(${operator.address})`);
    expect((await batches.batchOf(7n)).retiredMg).toBe(0n);
    await expect(credit.totalSupply(7n)).resolves.toBe(baseUnits(900n));
  });

  it("in whole where one of its lines is refused", async () => {
    const { batches, credit, operator } = system;
    const amounts = [
      { batchId: 7n, milligrams: 1n },
      { batchId: 9n, milligrams: 901n },
    ];
    await expect(refusal(retire(operator, { amounts }))).resolves.toBe("RetirementExceedsMinted(901,900)");
    expect((await batches.batchOf(7n)).retiredMg).toBe(0n);
    await expect(credit.totalSupply(7n)).resolves.toBe(baseUnits(900n));
  });
});

describe("the registry", () => {
  it("needs every dependency", async () => {
    const { ethers, batches, credit } = system;
    await expect(refusal(ethers.deployContract("RetirementRegistry", [ethers.ZeroAddress, credit]))).resolves.toBe("ZeroDependency()");
    await expect(refusal(ethers.deployContract("RetirementRegistry", [batches, ethers.ZeroAddress]))).resolves.toBe("ZeroDependency()");
  });
});
