import { describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import {
  admissionOf,
  attest,
  baseUnits,
  blockTime,
  commit,
  DISPUTE,
  freshSystem,
  issue,
  KIND,
  METHODOLOGY,
  plain,
  setNextBlockTime,
  statementOf,
  type System,
} from "../support/system.ts";

const DAY = 86_400n;

/** Minutes on: the claim period of `statementOf`'s batch is over. */
async function endClaimPeriod(system: System): Promise<void> {
  await setNextBlockTime(system.ethers, (await blockTime(system.ethers)) + 90n * DAY);
}

describe("a mint", () => {
  it("brings total less buffer into circulation, all of it with the operator", async () => {
    const system = await freshSystem();
    const { batches, credit, operator } = system;
    const { batchId } = await issue(system);
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
    await expect(refusal(system.batches.connect(system.operator).mint(batchId))).resolves.toBe(
      "BatchAlreadyMinted(7)",
    );
    await endClaimPeriod(system);
    await system.batches.connect(system.operator).mintRest(batchId);
    await expect(refusal(system.batches.connect(system.operator).mint(batchId))).resolves.toBe(
      "BatchAlreadyMinted(7)",
    );
    await expect(system.credit.totalSupply(batchId)).resolves.toBe(baseUnits(1_000n));
  });

  it("is for the operator alone, while it is one", async () => {
    const system = await freshSystem();
    const { batches, participants, operator, otherOperator, admin, regulator } = system;
    const { batchId } = await commit(system);
    for (const other of [otherOperator, admin]) {
      await expect(refusal(batches.connect(other).mint(batchId))).resolves.toBe(
        `CallerNotOperator(${other.address},${operator.address})`,
      );
    }
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusal(batches.connect(operator).mint(batchId))).resolves.toBe(
      `OperatorNotRegistered(${operator.address})`,
    );
    await participants.connect(regulator).setStatus(operator.address, 1);
    await participants.appoint(admissionOf(system.ethers, operator.address, KIND.corporate), 0);
    await expect(refusal(batches.connect(operator).mint(batchId))).resolves.toBe(
      `OperatorNotRegistered(${operator.address})`,
    );
  });

  it("waits for the end of the challenge window as it was at commit, to the second", async () => {
    const system = await freshSystem({ challengeWindow: 3_600 });
    const { ethers, batches, operator } = system;
    const { batchId } = await commit(system);
    const endsAt = (await blockTime(ethers)) + 3_600n;
    await batches.setChallengeWindow(0);
    await setNextBlockTime(ethers, endsAt - 1n);
    await expect(refusal(batches.connect(operator).mint(batchId))).resolves.toBe(
      `ChallengeWindowOpen(7,${String(endsAt)})`,
    );
    await setNextBlockTime(ethers, endsAt);
    await batches.connect(operator).mint(batchId);
    // And a longer one set later does not reach back either.
    const next = await commit(system, { batchId: 8n, root: ethers.id("next"), previousBatchId: 7n });
    await batches.setChallengeWindow(3_600);
    await batches.connect(operator).mint(next.batchId);
  });

  it("is refused for a batch that nobody committed", async () => {
    const { batches, operator } = await freshSystem();
    await expect(refusal(batches.connect(operator).mint(1))).resolves.toBe("BatchUnknown(1)");
    await expect(refusal(batches.connect(operator).mintRest(1))).resolves.toBe("BatchUnknown(1)");
  });

  it("is refused while issuance is paused or the batch is suspended", async () => {
    const system = await freshSystem();
    const { batches, operator, regulator } = system;
    const { batchId } = await commit(system);
    await batches.setPaused(true);
    await expect(refusal(batches.connect(operator).mint(batchId))).resolves.toBe("IssuancePaused()");
    await expect(refusal(batches.connect(operator).mintRest(batchId))).resolves.toBe("IssuancePaused()");
    await batches.setPaused(false);
    await batches.connect(regulator).suspend(batchId, 16);
    await expect(refusal(batches.connect(operator).mint(batchId))).resolves.toBe("BatchSuspended(7,16)");
    await batches.connect(regulator).reinstate(batchId, 16);
    await batches.connect(operator).mint(batchId);
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
    await participants.appoint(admissionOf(ethers, operator, KIND.operator), 0);
    const statement = statementOf(system, { operator });
    const call = batches.interface.encodeFunctionData("commit", [
      statement,
      [METHODOLOGY],
      await attest(system, statement),
    ]);
    await wallet.execute(batches, call);
    await wallet.execute(batches, batches.interface.encodeFunctionData("mint", [statement.batchId]));
    await expect(credit.balanceOf(operator, statement.batchId)).resolves.toBe(baseUnits(900n));
  });

  it("to a contract that can't hold credits is refused", async () => {
    const system = await freshSystem();
    const { ethers, participants, batches, manager } = system;
    // A contract without ERC-1155's callback, impersonated.
    const operator = await manager.getAddress();
    await participants.appoint(admissionOf(ethers, operator, KIND.operator), 0);
    const account = await ethers.getImpersonatedSigner(operator);
    await ethers.provider.send("hardhat_setBalance", [operator, "0xde0b6b3a7640000"]);
    const statement = statementOf(system, { operator });
    await batches.connect(account).commit(statement, [METHODOLOGY], await attest(system, statement));
    await expect(refusal(batches.connect(account).mint(statement.batchId))).resolves.toBe(
      `ERC1155InvalidReceiver(${operator})`,
    );
    expect((await batches.batchOf(statement.batchId)).status).toBe(1n);
  });
});

describe("commit and mint in one call", () => {
  it("leave the same as in two", async () => {
    const one = await freshSystem();
    const two = await freshSystem();
    const { batchId } = await issue(two);
    const statement = statementOf(one);
    await one.batches
      .connect(one.operator)
      .commitAndMint(statement, [METHODOLOGY], await attest(one, statement));
    const state = async ({ batches, credit, operator }: System) => {
      const { committedAt, ...batch } = plain(await batches.batchOf(batchId));
      expect(committedAt).not.toBe(0n);
      return {
        batch,
        balance: await credit.balanceOf(operator.address, batchId),
        head: await batches.headOf(operator.address),
      };
    };
    expect(await state(one)).toEqual(await state(two));
    for (const { batches } of [one, two]) {
      const minted = await batches.queryFilter(batches.filters.BatchMinted(batchId));
      expect(minted.map(({ args }) => args.milligrams)).toEqual([900n]);
      expect(await batches.queryFilter(batches.filters.BatchCommitted(batchId))).toHaveLength(1);
    }
    await expect(refusal(one.batches.connect(one.operator).mint(batchId))).resolves.toBe(
      "BatchAlreadyMinted(7)",
    );
  });

  it("are refused where there is a challenge window", async () => {
    const system = await freshSystem({ challengeWindow: 60 });
    const statement = statementOf(system);
    const at = (await blockTime(system.ethers)) + 10n;
    const signatures = await attest(system, statement);
    await setNextBlockTime(system.ethers, at);
    const call = system.batches.connect(system.operator).commitAndMint(statement, [METHODOLOGY], signatures);
    await expect(refusal(call)).resolves.toBe(`ChallengeWindowOpen(7,${String(at + 60n)})`);
  });

  it("check what a commit checks", async () => {
    const system = await freshSystem();
    const { batches, operator, otherOperator } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    const by = (caller: typeof operator, given: string[]) =>
      refusal(batches.connect(caller).commitAndMint(statement, [METHODOLOGY], given));
    await expect(by(otherOperator, signatures)).resolves.toBe(
      `CallerNotOperator(${otherOperator.address},${operator.address})`,
    );
    await expect(by(operator, signatures.slice(1))).resolves.toBe("QuorumTooSmall(1,2)");
  });
});

describe("the mint of the rest", () => {
  it("brings the buffer into circulation, in the first second after the claim period, once", async () => {
    const system = await freshSystem();
    const { ethers, batches, credit, operator } = system;
    const { batchId } = await commit(system);
    const endsAt = (await blockTime(ethers)) + 90n * DAY;
    await expect(refusal(batches.connect(operator).mintRest(batchId))).resolves.toBe("BatchNotMinted(7)");
    await batches.connect(operator).mint(batchId);
    await setNextBlockTime(ethers, endsAt - 1n);
    await expect(refusal(batches.connect(operator).mintRest(batchId))).resolves.toBe(
      `ClaimPeriodOpen(7,${String(endsAt)})`,
    );
    await setNextBlockTime(ethers, endsAt);
    await batches.connect(operator).mintRest(batchId);

    const batch = await batches.batchOf(batchId);
    expect([batch.status, batch.mintedMg, batch.unmintedMg]).toEqual([3n, 1_000n, 0n]);
    await expect(credit.balanceOf(operator.address, batchId)).resolves.toBe(baseUnits(1_000n));
    const [event] = await batches.queryFilter(batches.filters.BatchCompleted(batchId, operator.address));
    expect(event?.args.milligrams).toBe(100n);
    await expect(refusal(batches.connect(operator).mintRest(batchId))).resolves.toBe("BatchAlreadyMinted(7)");
  });

  it("waits for every dispute and for the end of a suspension", async () => {
    const system = await freshSystem();
    const { batches, operator, disputes } = system;
    const { batchId } = await issue(system);
    await batches.connect(disputes).openDispute(batchId, DISPUTE.doubleClaim);
    await batches.connect(disputes).openDispute(batchId, DISPUTE.gramChallenge);
    await endClaimPeriod(system);
    const both = batches.connect(operator).mintRest(batchId);
    await expect(refusal(both)).resolves.toBe("DisputesOpen(7,2)");
    await batches.connect(disputes).closeDispute(batchId, DISPUTE.doubleClaim);
    const rest = () => batches.connect(operator).mintRest(batchId);
    await expect(refusal(rest())).resolves.toBe("DisputesOpen(7,1)");
    await batches.connect(disputes).closeDispute(batchId, DISPUTE.gramChallenge);
    await batches.connect(disputes).suspend(batchId, 2 | 8);
    await expect(refusal(rest())).resolves.toBe("BatchSuspended(7,10)");
    await batches.connect(disputes).reinstate(batchId, 2 | 8);
    await rest();
    expect((await batches.batchOf(batchId)).status).toBe(3n);
  });

  it("is what strikes left of the buffer, and may be nothing", async () => {
    const system = await freshSystem();
    const { ethers, batches, credit, operator, disputes } = system;
    await issue(system);
    await batches.connect(disputes).strike(7, 0, 0, 40);
    await issue(system, { batchId: 8n, root: ethers.id("next"), previousBatchId: 7n });
    await batches.connect(disputes).strike(8, 0, 0, 100);
    await endClaimPeriod(system);
    await batches.connect(operator).mintRest(7);
    await batches.connect(operator).mintRest(8);
    await expect(credit.totalSupply(7)).resolves.toBe(baseUnits(960n));
    await expect(credit.totalSupply(8)).resolves.toBe(baseUnits(900n));
    const completed = await batches.queryFilter(batches.filters.BatchCompleted());
    expect(completed.map(({ args }) => args.milligrams)).toEqual([60n, 0n]);
  });

  it("is for the operator alone, while it is one", async () => {
    const system = await freshSystem();
    const { batches, participants, operator, otherOperator, regulator } = system;
    const { batchId } = await issue(system);
    await endClaimPeriod(system);
    const expected = `CallerNotOperator(${otherOperator.address},${operator.address})`;
    await expect(refusal(batches.connect(otherOperator).mintRest(batchId))).resolves.toBe(expected);
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusal(batches.connect(operator).mintRest(batchId))).resolves.toBe(
      `OperatorNotRegistered(${operator.address})`,
    );
  });
});

describe("the cursor of retirements", () => {
  it("moves for the retirement registry alone", async () => {
    const system = await freshSystem();
    const { batches, operator, admin, disputes } = system;
    const { batchId } = await issue(system);
    for (const other of [operator, admin, disputes]) {
      await expect(
        refusal(batches.connect(other).recordRetirement([{ batchId, milligrams: 1 }])),
      ).resolves.toBe(`CallerNotRetirements(${other.address})`);
    }
  });

  it("moves over minted milligrams of a batch that is minted and not suspended", async () => {
    const system = await freshSystem();
    const { ethers, batches, regulator } = system;
    const address = await system.retirements.getAddress();
    await ethers.provider.send("hardhat_setBalance", [address, "0xde0b6b3a7640000"]);
    const asRegistry = batches.connect(await ethers.getImpersonatedSigner(address));
    await expect(refusal(asRegistry.recordRetirement([{ batchId: 7, milligrams: 1 }]))).resolves.toBe(
      "BatchNotMinted(7)",
    );
    await commit(system);
    await expect(refusal(asRegistry.recordRetirement([{ batchId: 7, milligrams: 1 }]))).resolves.toBe(
      "BatchNotMinted(7)",
    );
    await batches.connect(system.operator).mint(7);
    await expect(refusal(asRegistry.recordRetirement([{ batchId: 7, milligrams: 901 }]))).resolves.toBe(
      "RetirementExceedsMinted(901,900)",
    );
    expect(
      (await asRegistry.recordRetirement.staticCall([{ batchId: 7, milligrams: 900 }])).map(plain),
    ).toEqual([{ batchId: 7n, start: 0n, end: 900n }]);
    await asRegistry.recordRetirement([{ batchId: 7, milligrams: 100 }]);
    expect(
      (await asRegistry.recordRetirement.staticCall([{ batchId: 7, milligrams: 800 }])).map(plain),
    ).toEqual([{ batchId: 7n, start: 100n, end: 900n }]);
    await batches.connect(regulator).suspend(7, 16);
    await expect(refusal(asRegistry.recordRetirement([{ batchId: 7, milligrams: 1 }]))).resolves.toBe(
      "BatchSuspended(7,16)",
    );
  });
});
