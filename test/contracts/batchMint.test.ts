import { describe, expect, it } from "vitest";
import { refusal } from "./support/refusal.ts";
import { baseUnits, blockTime, commit, freshSystem, issue, KIND, CHINA, setNextBlockTime, statementOf, attest } from "./support/system.ts";

describe("a mint", () => {
  it("brings total less buffer into circulation, all of it with the operator", async () => {
    const { batches, credit, operator, ...system } = await freshSystem();
    const { batchId } = await issue({ batches, credit, operator, ...system });
    const batch = await batches.batchOf(batchId);
    expect([batch.status, batch.totalMg, batch.mintedMg, batch.unmintedMg]).toEqual([2n, 1_000n, 900n, 100n]);
    await expect(credit.balanceOf(operator.address, batchId)).resolves.toBe(baseUnits(900n));
    await expect(credit.totalSupply(batchId)).resolves.toBe(baseUnits(900n));
    const [event] = await batches.queryFilter(batches.filters.BatchMinted(batchId, operator.address));
    expect(event?.args.milligrams).toBe(900n);
  });

  it("happens once", async () => {
    const system = await freshSystem();
    const { batchId } = await issue(system);
    await expect(refusal(system.batches.connect(system.operator).mint(batchId))).resolves.toBe(`BatchAlreadyMinted(${String(batchId)})`);
    await expect(system.credit.totalSupply(batchId)).resolves.toBe(baseUnits(900n));
  });

  it("is for the operator alone, while it is one", async () => {
    const system = await freshSystem();
    const { batches, participants, operator, otherOperator, admin } = system;
    const { batchId } = await commit(system);
    for (const other of [otherOperator, admin]) {
      await expect(refusal(batches.connect(other).mint(batchId))).resolves.toBe(`CallerNotOperator(${other.address},${operator.address})`);
    }
    await participants.setStatus(operator.address, 2);
    await expect(refusal(batches.connect(operator).mint(batchId))).resolves.toBe(`OperatorNotRegistered(${operator.address})`);
    await participants.setStatus(operator.address, 1);
    await participants.update(operator.address, KIND.corporate, CHINA, 0, system.ethers.ZeroHash);
    await expect(refusal(batches.connect(operator).mint(batchId))).resolves.toBe(`OperatorNotRegistered(${operator.address})`);
  });

  it("waits for the end of the challenge window, to the second", async () => {
    const system = await freshSystem({ challengeWindow: 3_600 });
    const { ethers, batches, operator } = system;
    const { batchId } = await commit(system);
    const endsAt = (await blockTime(ethers)) + 3_600n;
    await setNextBlockTime(ethers, endsAt - 1n);
    await expect(refusal(batches.connect(operator).mint(batchId))).resolves.toBe(
      `ChallengeWindowOpen(${String(batchId)},${String(endsAt)})`,
    );
    await setNextBlockTime(ethers, endsAt);
    await batches.connect(operator).mint(batchId);
  });

  it("is refused for a batch that nobody committed", async () => {
    const { batches, operator } = await freshSystem();
    await expect(refusal(batches.connect(operator).mint(1))).resolves.toBe("BatchUnknown(1)");
  });

  it("of a batch that is all buffer mints nothing and still counts as minted", async () => {
    const system = await freshSystem();
    const { batchId } = await issue(system, { bufferMilligrams: 1_000n });
    await expect(system.credit.totalSupply(batchId)).resolves.toBe(0n);
    expect((await system.batches.batchOf(batchId)).status).toBe(2n);
  });

  it("carries the largest total exactly", async () => {
    const system = await freshSystem();
    const total = 2n ** 63n - 1n;
    const { batchId } = await issue(system, { totalMilligrams: total, bufferMilligrams: 0n });
    await expect(system.credit.totalSupply(batchId)).resolves.toBe(baseUnits(total));
  });

  it("to an operator that is a contract asks the contract", async () => {
    const system = await freshSystem();
    const { ethers, participants, batches, credit, outsider } = system;
    const wallet = await ethers.deployContract("ContractParty", [outsider.address]);
    const operator = await wallet.getAddress();
    await participants.register(operator, KIND.operator, CHINA, 0, ethers.ZeroHash);
    const statement = statementOf(system, { operator });
    const commitCall = batches.interface.encodeFunctionData("commit", [statement, await attest(system, statement)]);
    await wallet.execute(batches, commitCall);
    await wallet.execute(batches, batches.interface.encodeFunctionData("mint", [statement.batchId]));
    await expect(credit.balanceOf(operator, statement.batchId)).resolves.toBe(baseUnits(900n));
  });

  it("to a contract that can't hold credits is refused", async () => {
    const system = await freshSystem();
    const { ethers, participants, batches, manager } = system;
    // A contract without ERC-1155's callback, impersonated.
    const operator = await manager.getAddress();
    await participants.register(operator, KIND.operator, CHINA, 0, ethers.ZeroHash);
    const account = await ethers.getImpersonatedSigner(operator);
    await ethers.provider.send("hardhat_setBalance", [operator, "0xde0b6b3a7640000"]);
    const statement = statementOf(system, { operator });
    await batches.connect(account).commit(statement, await attest(system, statement));
    await expect(refusal(batches.connect(account).mint(statement.batchId))).resolves.toBe(`ERC1155InvalidReceiver(${operator})`);
  });
});

describe("the cursor of retirements", () => {
  it("moves for the retirement registry alone", async () => {
    const system = await freshSystem();
    const { batches, operator, admin } = system;
    const { batchId } = await issue(system);
    for (const other of [operator, admin]) {
      await expect(refusal(batches.connect(other).recordRetirement(batchId, 1))).resolves.toBe(`CallerNotRetirements(${other.address})`);
    }
  });
});
