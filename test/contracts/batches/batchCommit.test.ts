import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import {
  attest,
  blockTime,
  commit,
  deploySystem,
  digestOf,
  domainOf,
  freshSystem,
  KIND,
  METHODOLOGY,
  plain,
  setNextBlockTime,
  sign,
  statementOf,
  type Account,
  type Statement,
  type System,
} from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});

/**
 * The error that a commit by the statement's operator is refused with, attested by two verifiers unless
 * signatures are given.
 */
async function refusalOf(
  changes: Partial<Statement>,
  signatures?: readonly string[],
  methodologyIds = [METHODOLOGY],
): Promise<string> {
  const statement = statementOf(system, changes);
  const attestations = signatures ?? (await attest(system, statement));
  const operator = await system.ethers.getSigner(statement.operator);
  return refusal(system.batches.connect(operator).commit(statement, methodologyIds, [...attestations]));
}

const ascending = (accounts: readonly Account[]) =>
  accounts.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
/**
 * Of a signature that does not recover to its maker: whoever it does recover to is a stranger, or out of
 * order.
 */
const OF_A_STRANGER = /^(SignerNotEntitled|SignersNotAscending)\(/;

describe("a commit", () => {
  it("stores the batch, moves the operator's head and names the attesters", async () => {
    const { ethers, batches, operator, verifiers } = system;
    const statement = statementOf(system, { subjectlessMilligrams: 1_000n, bufferMilligrams: 1_000n });
    await batches.connect(operator).commit(statement, [METHODOLOGY], await attest(system, statement, 3));
    const attesters = verifiers.slice(0, 3).map(({ address }) => address);
    const attestersHash = ethers.solidityPackedKeccak256(["address", "address", "address"], attesters);
    const words = ethers.AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "bytes32"],
      [attestersHash, statement.methodologiesHash],
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
      operator: operator.address,
      committedAt: await blockTime(ethers),
      challengeWindow: 0n,
      leafCount: 10n,
      status: 1n,
      suspension: 0n,
      openDisputes: 0n,
      provenanceHash: ethers.keccak256(words),
      strikesHash: ethers.ZeroHash,
      vintageStartDay: 20_000n,
      vintageEndDay: 20_030n,
      claimPeriodDays: 90n,
      region: statement.region,
    });
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
    await expect(refusalOf({ batchId: 8n, root: ethers.id("next") })).resolves.toBe(
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
    const refused = await refusalOf({ batchId: 8n, root: ethers.id("next"), previousBatchId: 7n, deadline });
    expect(refused).toBe(`StatementExpired(${String(deadline)},${String(deadline + 1n)})`);
  });

  it("can carry a vintage from the first to the last day of a leap year", async () => {
    // 2024-01-01 and 2024-12-31.
    const { batchId } = await commit(system, { vintageStartDay: 19_723, vintageEndDay: 20_088 });
    expect((await system.batches.batchOf(batchId)).vintageEndDay).toBe(20_088n);
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
    await expect(refusalOf({ operator: otherOperator.address }, signatures)).resolves.toMatch(OF_A_STRANGER);
  });

  it("from an account that is no operator, or is suspended", async () => {
    const { participants, regulator, operator, corporate } = system;
    await expect(refusalOf({ operator: corporate.address })).resolves.toBe(
      `OperatorNotRegistered(${corporate.address})`,
    );
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusalOf({})).resolves.toBe(`OperatorNotRegistered(${operator.address})`);
  });

  it("for a known batch id and for a known root", async () => {
    const { ethers } = system;
    const { root } = await commit(system);
    await expect(refusalOf({ root: ethers.id("next"), previousBatchId: 7n })).resolves.toBe("BatchKnown(7)");
    await expect(refusalOf({ batchId: 8n, previousBatchId: 7n })).resolves.toBe(`RootKnown(${root},7)`);
  });

  it("a second time with the same statement and signatures", async () => {
    const { batches, operator } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    await batches.connect(operator).commit(statement, [METHODOLOGY], signatures);
    await expect(refusalOf({}, signatures)).resolves.toBe("BatchKnown(7)");
    await expect(
      refusal(batches.connect(operator).commitAndMint(statement, [METHODOLOGY], signatures)),
    ).resolves.toBe("BatchKnown(7)");
  });

  it("for fields that contradict one another or are missing", async () => {
    const { ethers } = system;
    await expect(refusalOf({ batchId: 0n })).resolves.toBe("StatementIncomplete()");
    await expect(refusalOf({ root: ethers.ZeroHash })).resolves.toBe("StatementIncomplete()");
    await expect(refusalOf({ region: "0x0000000000000000" })).resolves.toBe("StatementIncomplete()");
    await expect(refusalOf({ totalMilligrams: 0n })).resolves.toBe("TotalOutOfRange(0)");
    await expect(refusalOf({ totalMilligrams: 2n ** 63n })).resolves.toBe(
      `TotalOutOfRange(${String(2n ** 63n)})`,
    );
    await expect(refusalOf({ leafCount: 0 })).resolves.toBe("LeafCountOutOfRange(0,1000)");
    await expect(refusalOf({ leafCount: 1_001 })).resolves.toBe("LeafCountOutOfRange(1001,1000)");
    await expect(refusalOf({ bufferMilligrams: 1_001n })).resolves.toBe("BufferExceedsMintable(1001,1000)");
    await expect(refusalOf({ subjectlessMilligrams: 1_001n })).resolves.toBe(
      "SubjectlessExceedsTotal(1001,1000)",
    );
  });

  it("for a vintage that runs backwards or over New Year", async () => {
    await expect(refusalOf({ vintageStartDay: 2, vintageEndDay: 1 })).resolves.toBe("VintageOutOfRange(2,1)");
    // 2024-12-31 and 2025-01-01; 2024-01-01 and 2025-01-01.
    await expect(refusalOf({ vintageStartDay: 20_088, vintageEndDay: 20_089 })).resolves.toBe(
      "VintageOutOfRange(20088,20089)",
    );
    await expect(refusalOf({ vintageStartDay: 19_723, vintageEndDay: 20_089 })).resolves.toBe(
      "VintageOutOfRange(19723,20089)",
    );
  });

  it("for a claim period below the least", async () => {
    const { ethers, batches } = system;
    await batches.setLeastClaimPeriod(90);
    await expect(refusalOf({ claimPeriodDays: 89 })).resolves.toBe("ClaimPeriodTooShort(89,90)");
    await commit(system, { claimPeriodDays: 90 });
    await batches.setLeastClaimPeriod(0);
    await commit(system, { claimPeriodDays: 0, batchId: 8n, root: ethers.id("next"), previousBatchId: 7n });
  });

  it("for a key scheme that is not allowed, or is no longer", async () => {
    const { ethers, batches } = system;
    const other = ethers.id("other scheme");
    await expect(refusalOf({ keySchemeHash: other })).resolves.toBe(`KeySchemeNotAllowed(${other})`);
    const { keySchemeHash } = statementOf(system);
    await batches.setKeyScheme(keySchemeHash, false);
    await expect(refusalOf({})).resolves.toBe(`KeySchemeNotAllowed(${keySchemeHash})`);
  });

  it("while issuance is paused", async () => {
    const { batches, operator } = system;
    const statement = statementOf(system);
    const signatures = await attest(system, statement);
    await batches.setPaused(true);
    await expect(refusalOf({}, signatures)).resolves.toBe("IssuancePaused()");
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
      { deadline: 2n ** 41n },
    ];
    for (const change of changes)
      await expect(refusalOf(change, signatures), Object.keys(change)[0]).resolves.toMatch(OF_A_STRANGER);
    // Region and methodologies hang together: changed alone each contradicts the other.
    const both = { region: SHANGHAI, methodologiesHash: ethers.keccak256(otherMethodology) };
    await expect(refusalOf(both, signatures, [otherMethodology])).resolves.toMatch(OF_A_STRANGER);
    await expect(refusalOf({ previousBatchId: 99n }, signatures)).resolves.toBe(
      "PreviousBatchMismatch(99,0)",
    );
    await batches.connect(system.operator).commit(statement, [METHODOLOGY], signatures);
  });
});

describe("the attesters", () => {
  it("are enough of them, and at once more where the threshold rises", async () => {
    const { batches } = system;
    const statement = statementOf(system);
    await expect(refusalOf({}, await attest(system, statement, 1))).resolves.toBe("QuorumTooSmall(1,2)");
    await expect(refusalOf({}, [])).resolves.toBe("QuorumTooSmall(0,2)");
    await batches.setQuorum("0x0000000000000000", 3, 0);
    await expect(refusalOf({})).resolves.toBe("QuorumTooSmall(2,3)");
  });

  it("follow the terms of the batch's region, and the general ones where it has none", async () => {
    const { batches } = system;
    const statement = statementOf(system);
    await batches.setQuorum("0x5348000000000000", 5, 0);
    await batches.setQuorum(statement.region, 1, 0);
    await batches.setQuorum("0x0000000000000000", 4, 0);
    await batches.setQuorum(statement.region, 0, 0);
    await expect(refusalOf({})).resolves.toBe("QuorumTooSmall(2,4)");
    await batches.setQuorum(statement.region, 1, 0);
    await batches
      .connect(system.operator)
      .commit(statement, [METHODOLOGY], await attest(system, statement, 1));
  });

  it("come from the region's verifier set, all of them", async () => {
    const { ethers, batches, participants, verifiers } = system;
    const [first, second] = verifiers as [Account, Account];
    const member = async (verifier: Account, sets: number) => {
      const identityHash = ethers.id(verifier.address);
      await participants.appoint(
        { account: verifier.address, kinds: KIND.verifier, country: "0x434e", expiry: 0, identityHash },
        sets,
      );
    };
    const { region } = statementOf(system);
    await batches.setQuorum(region, 2, 3);
    await member(first, 0b100);
    await expect(refusalOf({})).resolves.toBe(`SignerNotEntitled(${second.address})`);
    await member(second, 0b1011);
    await expect(refusalOf({})).resolves.toBe(`SignerNotEntitled(${second.address})`);
    await member(second, 0b1111);
    await commit(system);
    expect([...(await batches.quorumOf(region))]).toEqual([2n, 3n]);
  });

  it("sign once each, in the order of their addresses", async () => {
    const statement = statementOf(system);
    const [first, second] = (await attest(system, statement)) as [string, string];
    const [low, high] = system.verifiers.map(({ address }) => address) as [string, string];
    await expect(refusalOf({}, [first, first])).resolves.toBe(`SignersNotAscending(${low},${low})`);
    await expect(refusalOf({}, [second, first])).resolves.toBe(`SignersNotAscending(${high},${low})`);
    await expect(refusalOf({}, [first, second, second])).resolves.toBe(
      `SignersNotAscending(${high},${high})`,
    );
  });

  it("are active verifiers, even those beyond the threshold", async () => {
    const { participants, regulator, verifiers, outsider, corporate } = system;
    const statement = statementOf(system);
    for (const stranger of [outsider, corporate]) {
      const signers = ascending([...verifiers.slice(0, 2), stranger]);
      const signatures = await Promise.all(signers.map((signer) => sign(system, statement, signer)));
      await expect(refusalOf({}, signatures)).resolves.toBe(`SignerNotEntitled(${stranger.address})`);
    }
    const suspended = verifiers[1]?.address as string;
    await participants.connect(regulator).setStatus(suspended, 2);
    await expect(refusalOf({})).resolves.toBe(`SignerNotEntitled(${suspended})`);
  });

  it("do not include the operator itself", async () => {
    const { ethers, participants, operator, verifiers } = system;
    const kinds = KIND.operator | KIND.verifier;
    await participants.appoint(
      { account: operator.address, kinds, country: "0x434e", expiry: 0, identityHash: ethers.id("o") },
      0,
    );
    const statement = statementOf(system);
    const signers = ascending([operator, verifiers[0] as Account]);
    const signatures = await Promise.all(signers.map((signer) => sign(system, statement, signer)));
    await expect(refusalOf({}, signatures)).resolves.toBe(`SignerExcluded(${operator.address})`);
  });

  it("signed for this chain, this deployment and this contract", async () => {
    const statement = statementOf(system);
    const domain = await domainOf(system);
    const twin = await deploySystem(system.ethers);
    const others = [
      { ...domain, chainId: 1n },
      { ...domain, version: "2" },
      { ...domain, name: "Microtonne BatchDisputes" },
      { ...domain, verifyingContract: await system.retirements.getAddress() },
      await domainOf(twin),
    ];
    for (const other of others) {
      const signatures = await Promise.all(
        system.verifiers.slice(0, 2).map((verifier) => sign(system, statement, verifier, other)),
      );
      await expect(refusalOf({}, signatures)).resolves.toMatch(OF_A_STRANGER);
    }
  });

  it("can't use the other one of two signatures that a key can make (high s), a wrong v, or odd lengths", async () => {
    const { ethers } = system;
    const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const [first, second] = (await attest(system, statementOf(system))) as [string, string];
    const { r, s, v } = ethers.Signature.from(second);
    const highS = ethers.concat([
      r,
      ethers.toBeHex(ORDER - BigInt(s), 32),
      ethers.toBeHex(v === 27 ? 28 : 27, 1),
    ]);
    const wrongV = ethers.concat([r, s, "0x1d"]);
    const compact = ethers.Signature.from(second).compactSerialized;
    for (const bad of [
      highS,
      wrongV,
      compact,
      "0x",
      "0x00",
      `0x${"00".repeat(65)}`,
      `0x${"00".repeat(20)}`,
      `0x${"00".repeat(200)}`,
    ]) {
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
    const verifier = verifiers[0] as Account;
    const place = BigInt(address) < BigInt(verifier.address) ? 0 : 1;
    const key = await sign(system, statement, verifier);
    const inOrder = (mine: string) => (place === 0 ? [mine, key] : [key, mine]);

    await expect(refusalOf({}, inOrder(walletSignature))).resolves.toBe(`SignerNotEntitled(${address})`);
    await participants.appoint(
      { account: address, kinds: KIND.verifier, country: "0x434e", expiry: 0, identityHash: ethers.id("w") },
      0,
    );
    await expect(refusalOf({}, inOrder(forged))).resolves.toBe(`SignatureInvalid(${String(place)})`);
    await batches.connect(operator).commit(statement, [METHODOLOGY], inOrder(walletSignature));
    const [event] = await batches.queryFilter(batches.filters.BatchCommitted(statement.batchId));
    expect(event?.args.attesters).toContain(address);
  });
});

describe("a verifier that is an account with delegated code (EIP-7702)", () => {
  it("still attests by its key, whatever the code says", async () => {
    const { ethers, batches } = system;
    // Code that reverts on every call, ERC-1271's among them.
    await ethers.provider.send("hardhat_setCode", [system.verifiers[0]?.address, "0xfe"]);
    const { batchId } = await commit(system);
    expect((await batches.batchOf(batchId)).status).toBe(1n);
  });
});
