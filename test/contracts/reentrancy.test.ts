import { describe, expect, it } from "vitest";
import { describeError } from "./support/refusal.ts";
import { attest, baseUnits, CHINA, freshSystem, issue, KIND, statementOf, type System } from "./support/system.ts";

/** An operator that is a contract with a committed batch, ready to mint; it also has 10 mg of another batch. */
async function hostileOperator() {
  const system = await freshSystem();
  const { ethers, participants, batches, credit, operator, outsider } = system;
  await issue(system, { batchId: 3n, root: ethers.id("third") });
  const party = await ethers.deployContract("ContractParty", [outsider.address]);
  const address = await party.getAddress();
  await participants.register(address, KIND.operator, CHINA, 0, ethers.ZeroHash);
  await credit.connect(operator).safeTransferFrom(operator.address, address, 3n, baseUnits(10n), "0x");
  const statement = statementOf(system, { operator: address });
  await party.execute(batches, batches.interface.encodeFunctionData("commit", [statement, await attest(system, statement)]));
  return { system, party, address, statement };
}

/** Credits and accounts of both batches after the mint, apart from what an attack did with its own 10 mg. */
async function books({ batches, credit }: System, holder: string) {
  const batch = await batches.batchOf(7n);
  const supply = await credit.totalSupply(7n);
  return { minted: batch.mintedMg, unminted: batch.unmintedMg, retired: batch.retiredMg, supply, held: await credit.balanceOf(holder, 7n) };
}

const UNTOUCHED = { minted: 900n, unminted: 100n, retired: 0n, supply: baseUnits(900n), held: baseUnits(900n) };

describe("a receiver that calls back while it is being paid", () => {
  it("can't mint again", async () => {
    const { system, party, address, statement } = await hostileOperator();
    const mint = system.batches.interface.encodeFunctionData("mint", [statement.batchId]);
    await party.arm(system.batches, mint);
    await party.execute(system.batches, mint);
    await expect(party.attackRan()).resolves.toBe(true);
    expect(describeError(await party.attackAnswer())).toBe("ReentrancyGuardReentrantCall()");
    expect(await books(system, address)).toEqual(UNTOUCHED);
  });

  it("can't commit its next batch in the same call", async () => {
    const { system, party, address, statement } = await hostileOperator();
    const next = { ...statement, batchId: 8n, root: system.ethers.id("next"), previousBatchId: 7n };
    const commit = system.batches.interface.encodeFunctionData("commit", [next, await attest(system, next)]);
    await party.arm(system.batches, commit);
    await party.execute(system.batches, system.batches.interface.encodeFunctionData("mint", [statement.batchId]));
    expect(describeError(await party.attackAnswer())).toBe("ReentrancyGuardReentrantCall()");
    expect(await books(system, address)).toEqual(UNTOUCHED);
    await expect(system.batches.headOf(address)).resolves.toBe(7n);
  });

  it.each([7n, 3n])("can't retire (batch %s)", async (batchId) => {
    const { system, party, address, statement } = await hostileOperator();
    const { ethers, retirements, batches } = system;
    const request = {
      nonce: ethers.id("nonce"),
      beneficiaryHash: ethers.id("beneficiary"),
      documentHash: ethers.ZeroHash,
      purpose: 1,
      reportingYear: 2025,
      country: CHINA,
      amounts: [{ batchId, milligrams: 10n }],
    };
    const retire = retirements.interface.encodeFunctionData("retire", [request]);
    await party.arm(retirements, retire);
    await party.execute(batches, batches.interface.encodeFunctionData("mint", [statement.batchId]));
    expect(describeError(await party.attackAnswer())).toBe("ReentrancyGuardReentrantCall()");
    expect(await books(system, address)).toEqual(UNTOUCHED);
    // Afterwards the same call is welcome.
    await party.execute(retirements, retire);
    await expect(system.credit.balanceOf(address, batchId)).resolves.toBe(batchId === 7n ? baseUnits(890n) : 0n);
  });

  it("may pass on what it just got, and the books still hold", async () => {
    const { system, party, address, statement } = await hostileOperator();
    const { credit, batches, corporate } = system;
    await party.arm(
      credit,
      credit.interface.encodeFunctionData("safeTransferFrom", [address, corporate.address, 7n, baseUnits(900n), "0x"]),
    );
    await party.execute(batches, batches.interface.encodeFunctionData("mint", [statement.batchId]));
    await expect(party.attackSucceeded()).resolves.toBe(true);
    await expect(credit.balanceOf(corporate.address, 7n)).resolves.toBe(baseUnits(900n));
    expect(await books(system, address)).toEqual({ ...UNTOUCHED, held: 0n });
  });

  it("can't send out more than it got", async () => {
    const { system, party, address, statement } = await hostileOperator();
    const { credit, batches, corporate } = system;
    const amounts = [address, corporate.address, 7n, baseUnits(901n), "0x"] as const;
    await party.arm(credit, credit.interface.encodeFunctionData("safeTransferFrom", [...amounts]));
    await party.execute(batches, batches.interface.encodeFunctionData("mint", [statement.batchId]));
    expect(describeError(await party.attackAnswer())).toMatch(/^ERC1155InsufficientBalance/);
    expect(await books(system, address)).toEqual(UNTOUCHED);
  });

  it("can't call what only the registries may, nor the admin's functions", async () => {
    const { system, party, address, statement } = await hostileOperator();
    const { credit, batches, participants, ethers } = system;
    const mint = batches.interface.encodeFunctionData("mint", [statement.batchId]);
    const attacks = [
      [credit, credit.interface.encodeFunctionData("mint", [address, 7n, 1n]), "CallerNotBatches"],
      [credit, credit.interface.encodeFunctionData("burnForRetirement", [address, 3n, baseUnits(1n)]), "CallerNotRetirements"],
      [batches, batches.interface.encodeFunctionData("recordRetirement", [3n, 1n]), "ReentrancyGuardReentrantCall"],
      [batches, batches.interface.encodeFunctionData("setVerifierThreshold", [1]), "AccessManagedUnauthorized"],
      [participants, participants.interface.encodeFunctionData("setStatus", [address, 1]), "AccessManagedUnauthorized"],
    ] as const;
    for (const [target, call, error] of attacks) {
      const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
      await party.arm(target, call);
      await party.execute(batches, mint);
      expect(describeError(await party.attackAnswer())).toContain(error);
      expect(await books(system, address)).toEqual(UNTOUCHED);
      await ethers.provider.send("evm_revert", [snapshot]);
    }
  });
});
