import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "./support/refusal.ts";
import {
  attest,
  blockTime,
  CHINA,
  commit,
  deploySystem,
  digestOf,
  domainOf,
  freshSystem,
  KIND,
  plain,
  setNextBlockTime,
  sign,
  statementOf,
  type Statement,
  type System,
} from "./support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});

/** The error that a commit by the statement's operator is refused with, attested by two verifiers unless signatures are given. */
async function refusalOf(changes: Partial<Statement>, signatures?: readonly string[]): Promise<string> {
  const statement = statementOf(system, changes);
  const attestations = signatures ?? (await attest(system, statement));
  return refusal(system.batches.connect(system.operator).commit(statement, [...attestations]));
}

describe("a commit", () => {
  it("stores the batch, moves the operator's head and names the attesters", async () => {
    const { ethers, batches, operator, verifiers } = system;
    const statement = statementOf(system, { subjectlessMilligrams: 1_000n, bufferMilligrams: 1_000n });
    await batches.connect(operator).commit(statement, await attest(system, statement, 3));
    const attesters = verifiers.slice(0, 3).map(({ address }) => address);

    const batch = plain(await batches.batchOf(statement.batchId));
    expect(batch).toEqual({
      root: statement.root,
      totalMg: 1_000n,
      mintedMg: 0n,
      unmintedMg: 1_000n,
      struckMg: 0n,
      shortfallMg: 0n,
      replacedMg: 0n,
      retiredMg: 0n,
      bufferMg: 1_000n,
      operator: operator.address,
      committedAt: await blockTime(ethers),
      leafCount: 10n,
      status: 1n,
      attestersHash: ethers.solidityPackedKeccak256(["address", "address", "address"], attesters),
      strikesHash: ethers.ZeroHash,
      vintageStartDay: 20_000n,
      vintageEndDay: 20_030n,
      claimPeriodDays: 90n,
      region: statement.region,
    });
    await expect(batches.headOf(operator.address)).resolves.toBe(statement.batchId);
    await expect(batches.batchOfRoot(statement.root)).resolves.toBe(statement.batchId);
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
    await expect(refusalOf({ batchId: 8n, root: ethers.id("next") })).resolves.toBe("PreviousBatchMismatch(0,7)");
    await commit(system, { batchId: 8n, root: ethers.id("next"), previousBatchId: 7n });
    await commit(system, { batchId: 9n, root: ethers.id("other"), operator: otherOperator.address });
    await expect(system.batches.headOf(system.operator.address)).resolves.toBe(8n);
  });

  it("can be made in the last second of its deadline and not after", async () => {
    const { ethers } = system;
    const deadline = (await blockTime(ethers)) + 100n;
    await setNextBlockTime(ethers, deadline);
    await commit(system, { deadline });
    await setNextBlockTime(ethers, deadline + 1n);
    const refused = await refusalOf({ batchId: 8n, root: ethers.id("next"), previousBatchId: 7n, deadline });
    expect(refused).toBe(`StatementExpired(${String(deadline)},${String(deadline + 1n)})`);
  });
});

describe("a commit is refused", () => {
  it("from another caller, whose copied signatures are worth nothing to it", async () => {
    const { batches, operator, otherOperator, outsider } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    for (const thief of [otherOperator, outsider]) {
      const expected = `CallerNotOperator(${thief.address},${operator.address})`;
      await expect(refusal(batches.connect(thief).commit(statement, signatures))).resolves.toBe(expected);
    }
    const renamed = { ...statement, operator: otherOperator.address };
    await expect(refusal(batches.connect(otherOperator).commit(renamed, signatures))).resolves.toMatch(
      /^(AttesterNotVerifier|AttestersNotAscending)\(/,
    );
  });

  it("from an account that is no operator, or is suspended", async () => {
    const { batches, participants, operator, corporate } = system;
    const statement = statementOf(system, { operator: corporate.address });
    const signatures = await attest(system, statement);
    await expect(refusal(batches.connect(corporate).commit(statement, signatures))).resolves.toBe(
      `OperatorNotRegistered(${corporate.address})`,
    );
    await participants.setStatus(operator.address, 2);
    await expect(refusalOf({})).resolves.toBe(`OperatorNotRegistered(${operator.address})`);
  });

  it("for a known batch id and for a known root", async () => {
    const { ethers } = system;
    const { root } = await commit(system);
    await expect(refusalOf({ root: ethers.id("next"), previousBatchId: 7n })).resolves.toBe("BatchKnown(7)");
    await expect(refusalOf({ batchId: 8n, previousBatchId: 7n })).resolves.toBe(`RootKnown(${root},7)`);
  });

  it("for fields that contradict one another or are missing", async () => {
    const { ethers } = system;
    await expect(refusalOf({ batchId: 0n })).resolves.toBe("StatementIncomplete()");
    await expect(refusalOf({ root: ethers.ZeroHash })).resolves.toBe("StatementIncomplete()");
    await expect(refusalOf({ region: "0x0000000000000000" })).resolves.toBe("StatementIncomplete()");
    await expect(refusalOf({ totalMilligrams: 0n })).resolves.toBe("TotalOutOfRange(0)");
    await expect(refusalOf({ totalMilligrams: 2n ** 63n })).resolves.toBe(`TotalOutOfRange(${String(2n ** 63n)})`);
    await expect(refusalOf({ leafCount: 0 })).resolves.toBe("LeafCountOutOfRange(0,1000)");
    await expect(refusalOf({ leafCount: 1_001 })).resolves.toBe("LeafCountOutOfRange(1001,1000)");
    await expect(refusalOf({ bufferMilligrams: 1_001n })).resolves.toBe("BufferExceedsMintable(1001,1000)");
    await expect(refusalOf({ subjectlessMilligrams: 1_001n })).resolves.toBe("SubjectlessExceedsTotal(1001,1000)");
    await expect(refusalOf({ vintageStartDay: 2, vintageEndDay: 1 })).resolves.toBe("VintageBackwards(2,1)");
  });

  it("for a key scheme that is not allowed, or is no longer", async () => {
    const { ethers, batches } = system;
    const other = ethers.id("other scheme");
    await expect(refusalOf({ keySchemeHash: other })).resolves.toBe(`KeySchemeNotAllowed(${other})`);
    await batches.setKeyScheme(statementOf(system).keySchemeHash, false);
    await expect(refusalOf({})).resolves.toMatch(/^KeySchemeNotAllowed/);
  });

  it("below the threshold, and at once where the threshold rises", async () => {
    const { batches } = system;
    const statement = statementOf(system);
    await expect(refusalOf({}, await attest(system, statement, 1))).resolves.toBe("QuorumTooSmall(1,2)");
    await expect(refusalOf({}, [])).resolves.toBe("QuorumTooSmall(0,2)");
    await batches.setVerifierThreshold(3);
    await expect(refusalOf({})).resolves.toBe("QuorumTooSmall(2,3)");
  });

  it("where signatures come twice or out of order", async () => {
    const statement = statementOf(system);
    const [first, second] = (await attest(system, statement)) as [string, string];
    const [low, high] = system.verifiers.map(({ address }) => address) as [string, string];
    await expect(refusalOf({}, [first, first])).resolves.toBe(`AttestersNotAscending(${low},${low})`);
    await expect(refusalOf({}, [second, first])).resolves.toBe(`AttestersNotAscending(${high},${low})`);
    await expect(refusalOf({}, [first, second, second])).resolves.toBe(`AttestersNotAscending(${high},${high})`);
  });

  it("where a signer is no verifier, or was suspended, even beyond the threshold", async () => {
    const { participants, verifiers, outsider, corporate } = system;
    const statement = statementOf(system);
    for (const stranger of [outsider, corporate]) {
      const signers = [...verifiers.slice(0, 2), stranger].toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
      const signatures = await Promise.all(signers.map((signer) => sign(system, statement, signer)));
      await expect(refusalOf({}, signatures)).resolves.toBe(`AttesterNotVerifier(${stranger.address})`);
    }
    const suspended = verifiers[1]?.address as string;
    await participants.setStatus(suspended, 2);
    await expect(refusalOf({})).resolves.toBe(`AttesterNotVerifier(${suspended})`);
  });

  it("where the operator attests its own batch", async () => {
    const { ethers, batches, participants, operator, verifiers } = system;
    await participants.update(operator.address, KIND.operator | KIND.verifier, CHINA, 0, ethers.ZeroHash);
    const statement = statementOf(system);
    const signers = [operator, verifiers[0] as typeof operator].toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    const signatures = await Promise.all(signers.map((signer) => sign(system, statement, signer)));
    await expect(refusal(batches.connect(operator).commit(statement, signatures))).resolves.toBe(`AttesterIsOperator(${operator.address})`);
  });

  it("for each single field that was changed after signing", async () => {
    const { ethers, otherOperator, batches } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    const otherScheme = ethers.id("other scheme");
    await batches.setKeyScheme(otherScheme, true);
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
      { region: "0x5348000000000000" },
      { methodologiesHash: ethers.id("x") },
      { keySchemeHash: otherScheme },
      { leavesHash: ethers.id("x") },
      { subjectlessMilligrams: 1n },
      { deadline: 2n ** 41n },
    ];
    for (const change of changes) {
      await expect(refusalOf(change, signatures), Object.keys(change)[0]).resolves.toMatch(
        /^(AttesterNotVerifier|AttestersNotAscending)\(/,
      );
    }
    await system.batches.connect(system.operator).commit(statement, signatures);
  });

  it("for signatures made for another chain, another deployment or another contract's domain", async () => {
    const statement = statementOf(system);
    const domain = await domainOf(system);
    const twin = await deploySystem(system.ethers);
    const others = [
      { ...domain, chainId: 1n },
      { ...domain, version: "2" },
      { ...domain, name: "Microtonne RetirementRegistry" },
      await domainOf(twin),
    ];
    for (const other of others) {
      const signatures = await Promise.all(system.verifiers.slice(0, 2).map((verifier) => sign(system, statement, verifier, other)));
      await expect(refusalOf({}, signatures)).resolves.toMatch(/^(AttesterNotVerifier|AttestersNotAscending)\(/);
    }
  });

  it("for the other one of two signatures that one key can make (high s), a wrong v, and odd lengths", async () => {
    const { ethers } = system;
    const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const [first, second] = (await attest(system, statementOf(system))) as [string, string];
    const { r, s, v } = ethers.Signature.from(second);
    const highS = ethers.concat([r, ethers.toBeHex(ORDER - BigInt(s), 32), ethers.toBeHex(v === 27 ? 28 : 27, 1)]);
    const wrongV = ethers.concat([r, s, "0x1d"]);
    const compact = ethers.Signature.from(second).compactSerialized;
    for (const bad of [highS, wrongV, compact, "0x", "0x00", `0x${"00".repeat(65)}`, `0x${"00".repeat(20)}`, `0x${"00".repeat(200)}`]) {
      await expect(refusalOf({}, [first, bad])).resolves.toBe("SignatureInvalid(1)");
    }
  });
});

describe("a verifier that is a contract", () => {
  it("attests by ERC-1271, its address before its signature", async () => {
    const { ethers, batches, participants, operator, verifiers, outsider } = system;
    const wallet = await ethers.deployContract("ContractParty", [outsider.address]);
    const address = await wallet.getAddress();
    const statement = statementOf(system);
    const walletSignature = ethers.concat([address, await sign(system, statement, outsider)]);
    const forged = ethers.concat([address, await sign(system, statement, operator)]);
    const verifier = verifiers[0] as typeof operator;
    const inOrder = (mine: string, theirs: string) => (BigInt(address) < BigInt(verifier.address) ? [mine, theirs] : [theirs, mine]);
    const key = await sign(system, statement, verifier);
    const place = BigInt(address) < BigInt(verifier.address) ? 0 : 1;

    await expect(refusalOf({}, inOrder(walletSignature, key))).resolves.toBe(`AttesterNotVerifier(${address})`);
    await participants.register(address, KIND.verifier, CHINA, 0, ethers.ZeroHash);
    await expect(refusalOf({}, inOrder(forged, key))).resolves.toBe(`SignatureInvalid(${String(place)})`);
    await batches.connect(operator).commit(statement, inOrder(walletSignature, key));
    const [event] = await batches.queryFilter(batches.filters.BatchCommitted(statement.batchId));
    expect(event?.args.attesters).toContain(address);
  });
});

describe("a verifier that is an account with delegated code (EIP-7702)", () => {
  it("still attests by its key, whatever the code says", async () => {
    const { ethers, batches, operator, verifiers } = system;
    // Code that reverts on every call, ERC-1271's among them.
    await ethers.provider.send("hardhat_setCode", [verifiers[0]?.address, "0xfe"]);
    const statement = statementOf(system);
    await batches.connect(operator).commit(statement, await attest(system, statement));
    expect((await batches.batchOf(statement.batchId)).status).toBe(1n);
  });
});

describe("settings", () => {
  it("are for the access manager's admin alone", async () => {
    const { ethers, batches, outsider } = system;
    const stranger = batches.connect(outsider);
    const expected = `AccessManagedUnauthorized(${outsider.address})`;
    await expect(refusal(stranger.setVerifierThreshold(1))).resolves.toBe(expected);
    await expect(refusal(stranger.setChallengeWindow(0))).resolves.toBe(expected);
    await expect(refusal(stranger.setKeyScheme(ethers.ZeroHash, true))).resolves.toBe(expected);
  });

  it("are told by events and views, and a threshold of zero is refused", async () => {
    const { ethers, batches } = system;
    await batches.setVerifierThreshold(5);
    await batches.setChallengeWindow(3_600);
    await expect(batches.verifierThreshold()).resolves.toBe(5n);
    await expect(batches.challengeWindow()).resolves.toBe(3_600n);
    await expect(batches.keySchemeAllowed(ethers.id("unknown"))).resolves.toBe(false);
    expect((await batches.queryFilter(batches.filters.VerifierThresholdSet())).map(({ args }) => args.threshold)).toEqual([2n, 5n]);
    expect((await batches.queryFilter(batches.filters.ChallengeWindowSet())).map(({ args }) => args.window)).toEqual([0n, 3_600n]);
    expect((await batches.queryFilter(batches.filters.KeySchemeSet())).map(({ args }) => args.allowed)).toEqual([true]);
    await expect(refusal(batches.setVerifierThreshold(0))).resolves.toBe("ThresholdZero()");
  });

  it("must name every contract that the registry depends on", async () => {
    const { ethers, manager, participants, credit, retirements } = system;
    const good = [await manager.getAddress(), await participants.getAddress(), await credit.getAddress(), await retirements.getAddress()];
    for (const missing of [1, 2, 3]) {
      const given = good.map((address, at) => (at === missing ? ethers.ZeroAddress : address));
      await expect(refusal(ethers.deployContract("BatchRegistry", [...given, 1, 0]))).resolves.toBe("ZeroDependency()");
    }
    await expect(refusal(ethers.deployContract("BatchRegistry", [...good, 0, 0]))).resolves.toBe("ThresholdZero()");
  });
});
