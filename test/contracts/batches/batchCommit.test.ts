import { beforeEach, describe, expect, it } from "vitest";
import { OF_A_STRANGER, refusalOfCommit } from "../support/commits.ts";
import { refusal } from "../support/refusal.ts";
import {
  attest,
  blockTime,
  CATEGORY,
  CHINA,
  commit,
  digestOf,
  freshSystem,
  METHODOLOGY,
  plain,
  setNextBlockTime,
  statementOf,
  type Statement,
  type System,
} from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});

describe("a commit", () => {
  it("stores the batch, moves the operator's head and names the attesters", async () => {
    const { ethers, batches, operator, verifiers } = system;
    const statement = statementOf(system, {
      subjectlessMilligrams: 1_000n,
      bufferMilligrams: 1_000n,
      category: CATEGORY.project,
      adjustment: 1,
      useByDay: 20_030,
    });
    await batches.setQuorum(statement.region, 3, 0);
    await batches.connect(operator).commit(statement, [METHODOLOGY], await attest(system, statement, 3));
    const attesters = verifiers.slice(0, 3).map(({ address }) => address);
    const attestersHash = ethers.solidityPackedKeccak256(["address", "address", "address"], attesters);
    const words = ethers.AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "bytes32", "bytes32"],
      [attestersHash, statement.methodologiesHash, statement.termsHash],
    );

    expect(plain(await batches.batchOf(statement.batchId))).toEqual({
      totalMg: 1_000n,
      mintedMg: 0n,
      unmintedMg: 1_000n,
      struckMg: 0n,
      shortfallMg: 0n,
      replacedMg: 0n,
      retiredMg: 0n,
      bufferMg: 1_000n,
      contestedMg: 0n,
      operator: operator.address,
      committedAt: await blockTime(ethers),
      challengeWindow: 0n,
      leafCount: 10n,
      status: 1n,
      suspension: 0n,
      category: 2n,
      adjustment: 1n,
      openClaims: 0n,
      openGrams: 0n,
      impositions: 0n,
      provenanceHash: ethers.keccak256(words),
      strikesHash: ethers.ZeroHash,
      vintageStartDay: 20_000n,
      vintageEndDay: 20_030n,
      useByDay: 20_030n,
      claimPeriodDays: 90n,
      hostCountry: CHINA,
      region: statement.region,
      writeOff: expect.anything() as unknown,
    });
    expect([...(await batches.batchOf(statement.batchId)).writeOff]).toEqual([0n, 0n, 0n, 0n]);
    await expect(batches.headOf(operator.address)).resolves.toBe(statement.batchId);
    await expect(batches.batchOfRoot(statement.root)).resolves.toBe(statement.batchId);
    expect([...(await batches.commitmentOf(statement.batchId))]).toEqual([1_000n, 10n]);
    const [event] = await batches.queryFilter(batches.filters.BatchCommitted(statement.batchId));
    const { root, totalMilligrams, leafCount, leavesHash } = statement;
    expect(plain(event?.args)).toEqual({
      batchId: statement.batchId,
      operator: operator.address,
      root,
      totalMilligrams,
      leafCount: BigInt(leafCount),
      attesters,
      leavesHash,
    });
  });

  it("signs the digest that ethers computes", async () => {
    const statement = statementOf(system);
    await expect(system.batches.hashStatement(statement)).resolves.toBe(await digestOf(system, statement));
  });

  it("follows the operator's head, each operator having its own", async () => {
    const { ethers, otherOperator } = system;
    await commit(system);
    await expect(refusalOfCommit(system, { batchId: 8n, root: ethers.id("next") })).resolves.toBe(
      "PreviousBatchMismatch(0,7)",
    );
    await commit(system, { batchId: 8n, root: ethers.id("next"), previousBatchId: 7n });
    await commit(system, { batchId: 9n, root: ethers.id("other"), operator: otherOperator.address });
    await expect(system.batches.headOf(system.operator.address)).resolves.toBe(8n);
    await expect(system.batches.headOf(otherOperator.address)).resolves.toBe(9n);
  });

  it("can be made in the last second of its deadline and not after", async () => {
    const { ethers } = system;
    const deadline = (await blockTime(ethers)) + 100n;
    await setNextBlockTime(ethers, deadline);
    await commit(system, { deadline });
    await setNextBlockTime(ethers, deadline + 1n);
    const refused = await refusalOfCommit(system, {
      batchId: 8n,
      root: ethers.id("next"),
      previousBatchId: 7n,
      deadline,
    });
    expect(refused).toBe(`StatementExpired(${String(deadline)},${String(deadline + 1n)})`);
  });

  it("can carry a vintage from the first to the last day of a leap year", async () => {
    // 2024-01-01 and 2024-12-31.
    const { batchId } = await commit(system, { vintageStartDay: 19_723, vintageEndDay: 20_088 });
    expect((await system.batches.batchOf(batchId)).vintageEndDay).toBe(20_088n);
  });
});

describe("a commit takes and refuses", () => {
  it("acts and projects, and no other category", async () => {
    for (const category of [0, 3, 255])
      await expect(refusalOfCommit(system, { category })).resolves.toBe(
        `CategoryOutOfRange(${String(category)})`,
      );
    await commit(system, { category: CATEGORY.act });
    const { ethers } = system;
    await commit(system, {
      category: CATEGORY.project,
      batchId: 8n,
      root: ethers.id("next"),
      previousBatchId: 7n,
    });
    expect((await system.batches.batchOf(8n)).category).toBe(2n);
  });

  it("host countries of two capitals", async () => {
    for (const hostCountry of ["0x0000", "0x4300", "0x436e", "0x4131", "0x405a", "0x5b41"])
      await expect(refusalOfCommit(system, { hostCountry })).resolves.toBe(
        `HostCountryMalformed(${hostCountry})`,
      );
    await commit(system, { hostCountry: "0x415a" });
    expect((await system.batches.batchOf(7n)).hostCountry).toBe("0x415a");
  });

  it("the three adjustments", async () => {
    await expect(refusalOfCommit(system, { adjustment: 3 })).resolves.toBe("AdjustmentOutOfRange(3)");
    await commit(system, { adjustment: 2 });
    expect((await system.batches.batchOf(7n)).adjustment).toBe(2n);
  });

  it("a last day for retirement that is not before the end of the vintage, or none", async () => {
    for (const useByDay of [1, 20_029])
      await expect(refusalOfCommit(system, { useByDay })).resolves.toBe(
        `UseByBeforeVintageEnd(${String(useByDay)},20030)`,
      );
    await commit(system, { useByDay: 20_030 });
    expect((await system.batches.batchOf(7n)).useByDay).toBe(20_030n);
  });

  it("days of 24 bits", async () => {
    const [last, beyond] = [2 ** 24 - 1, 2 ** 24];
    await expect(refusalOfCommit(system, { useByDay: beyond })).resolves.toBe(
      `DayOutOfRange(${String(beyond)})`,
    );
    const after = { vintageStartDay: beyond, vintageEndDay: beyond };
    await expect(refusalOfCommit(system, after)).resolves.toBe(`DayOutOfRange(${String(beyond)})`);
    await commit(system, { vintageStartDay: last, vintageEndDay: last, useByDay: last });
    const { vintageStartDay, vintageEndDay, useByDay } = await system.batches.batchOf(7n);
    expect([vintageStartDay, vintageEndDay, useByDay]).toEqual([last, last, last].map(BigInt));
  });

  it("claim periods of 16 bits", async () => {
    await expect(refusalOfCommit(system, { claimPeriodDays: 65_536 })).resolves.toBe(
      "ClaimPeriodTooLong(65536,65535)",
    );
    await commit(system, { claimPeriodDays: 65_535 });
    expect((await system.batches.batchOf(7n)).claimPeriodDays).toBe(65_535n);
  });
});

describe("a commit is refused", () => {
  it("from another caller, whose copied signatures are worth nothing to it", async () => {
    const { batches, operator, otherOperator, outsider } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    for (const thief of [otherOperator, outsider]) {
      const expected = `CallerNotOperator(${thief.address},${operator.address})`;
      await expect(
        refusal(batches.connect(thief).commit(statement, [METHODOLOGY], signatures)),
      ).resolves.toBe(expected);
    }
    await expect(refusalOfCommit(system, { operator: otherOperator.address }, signatures)).resolves.toMatch(
      OF_A_STRANGER,
    );
  });

  it("from an account that is no operator, or is suspended", async () => {
    const { participants, regulator, operator, corporate } = system;
    await expect(refusalOfCommit(system, { operator: corporate.address })).resolves.toBe(
      `OperatorNotRegistered(${corporate.address})`,
    );
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusalOfCommit(system, {})).resolves.toBe(`OperatorNotRegistered(${operator.address})`);
  });

  it("for a known batch id and for a known root", async () => {
    const { ethers } = system;
    const { root } = await commit(system);
    await expect(refusalOfCommit(system, { root: ethers.id("next"), previousBatchId: 7n })).resolves.toBe(
      "BatchKnown(7)",
    );
    await expect(refusalOfCommit(system, { batchId: 8n, previousBatchId: 7n })).resolves.toBe(
      `RootKnown(${root},7)`,
    );
  });

  it("a second time with the same statement and signatures", async () => {
    const { batches, operator } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    await batches.connect(operator).commit(statement, [METHODOLOGY], signatures);
    await expect(refusalOfCommit(system, {}, signatures)).resolves.toBe("BatchKnown(7)");
    await expect(
      refusal(batches.connect(operator).commitAndMint(statement, [METHODOLOGY], signatures)),
    ).resolves.toBe("BatchKnown(7)");
  });

  it("for fields that contradict one another or are missing", async () => {
    const { ethers } = system;
    await expect(refusalOfCommit(system, { batchId: 0n })).resolves.toBe("StatementIncomplete()");
    await expect(refusalOfCommit(system, { root: ethers.ZeroHash })).resolves.toBe("StatementIncomplete()");
    await expect(refusalOfCommit(system, { region: "0x0000000000000000" })).resolves.toBe(
      "StatementIncomplete()",
    );
    await expect(refusalOfCommit(system, { termsHash: ethers.ZeroHash })).resolves.toBe(
      "StatementIncomplete()",
    );
    await expect(refusalOfCommit(system, { totalMilligrams: 0n })).resolves.toBe("TotalOutOfRange(0)");
    await expect(refusalOfCommit(system, { totalMilligrams: 2n ** 63n })).resolves.toBe(
      `TotalOutOfRange(${String(2n ** 63n)})`,
    );
    await expect(refusalOfCommit(system, { leafCount: 0 })).resolves.toBe("LeafCountOutOfRange(0,1000)");
    await expect(refusalOfCommit(system, { leafCount: 1_001 })).resolves.toBe(
      "LeafCountOutOfRange(1001,1000)",
    );
    await expect(refusalOfCommit(system, { bufferMilligrams: 1_001n })).resolves.toBe(
      "BufferExceedsTotal(1001,1000)",
    );
    await expect(refusalOfCommit(system, { subjectlessMilligrams: 1_001n })).resolves.toBe(
      "SubjectlessExceedsTotal(1001,1000)",
    );
  });

  it("for a vintage that runs backwards or over New Year", async () => {
    await expect(refusalOfCommit(system, { vintageStartDay: 2, vintageEndDay: 1 })).resolves.toBe(
      "VintageOutOfRange(2,1)",
    );
    // 2024-12-31 and 2025-01-01; 2024-01-01 and 2025-01-01.
    await expect(refusalOfCommit(system, { vintageStartDay: 20_088, vintageEndDay: 20_089 })).resolves.toBe(
      "VintageOutOfRange(20088,20089)",
    );
    await expect(refusalOfCommit(system, { vintageStartDay: 19_723, vintageEndDay: 20_089 })).resolves.toBe(
      "VintageOutOfRange(19723,20089)",
    );
  });

  it("for a claim period below the least", async () => {
    const { ethers, batches } = system;
    await batches.setLeastClaimPeriod(90);
    await expect(refusalOfCommit(system, { claimPeriodDays: 89 })).resolves.toBe(
      "ClaimPeriodTooShort(89,90)",
    );
    await commit(system, { claimPeriodDays: 90 });
    await batches.setLeastClaimPeriod(0);
    await commit(system, { claimPeriodDays: 0, batchId: 8n, root: ethers.id("next"), previousBatchId: 7n });
  });

  it("for a key scheme that is not allowed, or is no longer", async () => {
    const { ethers, batches } = system;
    const other = ethers.id("other scheme");
    await expect(refusalOfCommit(system, { keySchemeHash: other })).resolves.toBe(
      `KeySchemeNotAllowed(${other})`,
    );
    const { keySchemeHash } = statementOf(system);
    await batches.setKeyScheme(keySchemeHash, false);
    await expect(refusalOfCommit(system, {})).resolves.toBe(`KeySchemeNotAllowed(${keySchemeHash})`);
  });

  it("while issuance is paused", async () => {
    const { batches, operator } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    await batches.setPaused(true);
    await expect(refusalOfCommit(system, {}, signatures)).resolves.toBe("IssuancePaused()");
    await expect(
      refusal(batches.connect(operator).commitAndMint(statement, [METHODOLOGY], signatures)),
    ).resolves.toBe("IssuancePaused()");
    await batches.setPaused(false);
    await batches.connect(operator).commit(statement, [METHODOLOGY], signatures);
  });

  it("for each single field that was changed after signing", async () => {
    const { ethers, otherOperator, batches, methodologies } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    const otherScheme = ethers.id("other scheme");
    const otherMethodology = ethers.id("other methodology");
    const SHANGHAI = "0x5348000000000000";
    await batches.setKeyScheme(otherScheme, true);
    await methodologies.publish(otherMethodology, SHANGHAI, 0, 1);
    await commit(system, { operator: otherOperator.address, batchId: 99n, root: ethers.id("r99") });
    const changes: Partial<Statement>[] = [
      { batchId: 8n },
      { root: ethers.id("x") },
      { totalMilligrams: 1_001n },
      { leafCount: 9 },
      { bufferMilligrams: 0n },
      { claimPeriodDays: 0 },
      { vintageStartDay: 19_999 },
      { vintageEndDay: 20_031 },
      { keySchemeHash: otherScheme },
      { leavesHash: ethers.id("x") },
      { subjectlessMilligrams: 1n },
      { category: CATEGORY.project },
      { hostCountry: "0x4445" },
      { adjustment: 1 },
      { useByDay: 20_040 },
      { termsHash: ethers.id("x") },
      { deadline: 2n ** 41n },
    ];
    for (const change of changes)
      await expect(refusalOfCommit(system, change, signatures), Object.keys(change)[0]).resolves.toMatch(
        OF_A_STRANGER,
      );
    // Region and methodologies hang together: changed alone each contradicts the other.
    const both = { region: SHANGHAI, methodologiesHash: ethers.keccak256(otherMethodology) };
    await expect(refusalOfCommit(system, both, signatures, [otherMethodology])).resolves.toMatch(
      OF_A_STRANGER,
    );
    await expect(refusalOfCommit(system, { previousBatchId: 99n }, signatures)).resolves.toBe(
      "PreviousBatchMismatch(99,0)",
    );
    await batches.connect(system.operator).commit(statement, [METHODOLOGY], signatures);
  });
});
