import { beforeEach, describe, expect, it } from "vitest";
import { eventsOf, pledge, type Terms } from "../support/liens.ts";
import { refusal } from "../support/refusal.ts";
import { admissionOf, baseUnits, freshSystem, issue, KIND, type System } from "../support/system.ts";

const BATCH = 7n;
const ALL = baseUnits(900n);
const MAX = 2n ** 256n - 1n;
let system: System;
let operator: string;
let corporate: string;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  [operator, corporate] = [system.operator.address, system.corporate.address];
});

const text = (...values: unknown[]) => values.map(String).join(",");
const id = async (terms: Terms) => system.credit.lienIdOf(terms);
const pledged = async () => system.credit.heldOf(operator, BATCH);
const aboveLimit = (amount: bigint, limit: bigint) => `AmountAboveLimit(${String(amount)},${String(limit)})`;
const unfrozenBalance = (amount: bigint, unfrozen: bigint) =>
  `ERC7943InsufficientUnfrozenBalance(${operator},7,${String(amount)},${String(unfrozen)})`;

describe("a borrower who pledged all but 10 can't get more than 10 away", () => {
  const FREE = 10n;
  let terms: Terms;
  beforeEach(async () => {
    terms = await pledge(system, ALL - FREE);
  });
  const asBorrower = () => system.credit.connect(system.operator);

  it("by a transfer", async () => {
    const move = (amount: bigint) => asBorrower().safeTransferFrom(operator, corporate, BATCH, amount, "0x");
    await expect(refusal(move(11n))).resolves.toBe(unfrozenBalance(11n, 10n));
    await move(10n);
    await expect(refusal(move(1n))).resolves.toBe(unfrozenBalance(1n, 0n));
  });

  it("to itself", async () => {
    await expect(refusal(asBorrower().safeTransferFrom(operator, operator, BATCH, 11n, "0x"))).resolves.toBe(
      unfrozenBalance(11n, 10n),
    );
    // Each entry is below the balance, and to oneself none lowers it.
    const entries = [10n, ALL - 5n];
    const twice = asBorrower().safeBatchTransferFrom(operator, operator, [BATCH, BATCH], entries, "0x");
    await expect(refusal(twice)).resolves.toBe(unfrozenBalance(ALL + 5n, 10n));
  });

  it("by a batch transfer that names the id twice, or often", async () => {
    const { credit } = system;
    await issue(system, { batchId: 8n, root: system.ethers.id("eighth"), previousBatchId: 7n });
    const move = (ids: bigint[], amounts: bigint[]) =>
      asBorrower().safeBatchTransferFrom(operator, corporate, ids, amounts, "0x");
    await expect(refusal(move([BATCH, BATCH], [10n, 10n]))).resolves.toBe(unfrozenBalance(20n, 10n));
    await expect(refusal(move([BATCH, 8n, BATCH], [10n, 5n, 1n]))).resolves.toBe(unfrozenBalance(11n, 10n));
    const many = Array<bigint>(11).fill(BATCH);
    await expect(
      refusal(
        move(
          many,
          many.map(() => 1n),
        ),
      ),
    ).resolves.toBe(unfrozenBalance(11n, 10n));
    await expect(refusal(move([BATCH, BATCH], [1n, MAX]))).resolves.toMatch(/^ERC1155InsufficientBalance/);
    await expect(refusal(move([BATCH, BATCH], [2n ** 255n, 2n ** 255n]))).resolves.toMatch(
      /^ERC1155InsufficientBalance/,
    );
    await move([BATCH, 8n, BATCH], [4n, ALL, 6n]);
    await expect(credit.balanceOf(corporate, BATCH)).resolves.toBe(10n);
  });

  it("through somebody that it approved", async () => {
    await asBorrower().setApprovalForAll(corporate, true);
    const move = system.credit
      .connect(system.corporate)
      .safeTransferFrom(operator, corporate, BATCH, 11n, "0x");
    await expect(refusal(move)).resolves.toBe(unfrozenBalance(11n, 10n));
  });

  it("by retirement, its own or by somebody that it approved", async () => {
    const { ethers, retirements } = system;
    const request = {
      nonce: ethers.id("nonce"),
      beneficiaryHash: ethers.id("beneficiary"),
      documentHash: ethers.ZeroHash,
      purpose: 3,
      reportingYear: 2026,
      country: "0x434e",
      amounts: [{ batchId: BATCH, milligrams: 1n }],
    };
    const expected = unfrozenBalance(baseUnits(1n), FREE);
    await expect(refusal(retirements.connect(system.operator).retire(request))).resolves.toBe(expected);
    await asBorrower().setApprovalForAll(corporate, true);
    await expect(refusal(retirements.connect(system.corporate).retireFor(operator, request))).resolves.toBe(
      expected,
    );
  });

  it("by an issuer's burn", async () => {
    const { credit, externalUnits } = system;
    const burn = externalUnits.execute(
      credit,
      credit.interface.encodeFunctionData("burnByIssuer", [operator, BATCH, baseUnits(1n)]),
    );
    await expect(refusal(burn)).resolves.toBe(unfrozenBalance(baseUnits(1n), FREE));
  });

  it("into a pool, approved or not", async () => {
    const { ethers, credit, participants } = system;
    const pool = await ethers.deployContract("ContractParty", [operator]);
    const address = await pool.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.pool), 0);
    await asBorrower().setApprovalForAll(address, true);
    const take = async (name: "one" | "many") =>
      pool.execute(
        credit,
        name === "one"
          ? credit.interface.encodeFunctionData("safeTransferFrom", [operator, address, BATCH, 11n, "0x"])
          : credit.interface.encodeFunctionData("safeBatchTransferFrom", [
              operator,
              address,
              [BATCH, BATCH],
              [10n, 1n],
              "0x",
            ]),
      );
    await expect(refusal(take("one"))).resolves.toBe(unfrozenBalance(11n, 10n));
    await expect(refusal(take("many"))).resolves.toBe(unfrozenBalance(11n, 10n));
    await expect(refusal(asBorrower().safeTransferFrom(operator, address, BATCH, 1n, "0x"))).resolves.toBe(
      `ERC7943CannotReceive(${address})`,
    );
  });

  it("by a forced transfer, to itself or to others", async () => {
    const { credit, regulator } = system;
    const orders = credit.connect(regulator);
    await expect(refusal(orders.forcedTransfer(operator, corporate, BATCH, 11n))).resolves.toBe(
      aboveLimit(11n, 10n),
    );
    await orders.forcedTransfer(operator, operator, BATCH, ALL);
    await expect(pledged()).resolves.toBe(ALL - FREE);
    const releasing = orders.forcedTransferReleasing(operator, operator, BATCH, 1n, [terms]);
    await expect(refusal(releasing)).resolves.toMatch(/^ERC7943CannotTransfer/);
  });

  it("by an order to retire that does not name the lien", async () => {
    const { ethers, credit, regulator, retirements } = system;
    const address = await retirements.getAddress();
    await ethers.provider.send("hardhat_setBalance", [address, "0xde0b6b3a7640000"]);
    const registry = credit.connect(await ethers.getImpersonatedSigner(address));
    await expect(
      refusal(registry.burnByOrder(regulator.address, operator, BATCH, baseUnits(1n), [])),
    ).resolves.toBe(aboveLimit(baseUnits(1n), FREE));
    const burn = registry.burnByOrder(regulator.address, operator, BATCH, baseUnits(1n), [terms]);
    await expect(eventsOf(system, burn)).resolves.toEqual([
      `LienReduced(${text(await id(terms), operator, BATCH, ALL - FREE, 0n)})`,
      `TransferSingle(${text(address, operator, ethers.ZeroAddress, BATCH, baseUnits(1n))})`,
    ]);
  });

  it("by a freeze that is set and lifted", async () => {
    const { credit, regulator } = system;
    for (const amount of [2n ** 120n - 1n, 5n, 0n])
      await credit.connect(regulator).setFrozenTokens(operator, BATCH, amount);
    await expect(refusal(asBorrower().safeTransferFrom(operator, corporate, BATCH, 11n, "0x"))).resolves.toBe(
      unfrozenBalance(11n, 10n),
    );
  });
});
