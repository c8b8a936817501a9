import { beforeEach, describe, expect, it } from "vitest";
import { OF_A_STRANGER, refusalOfCommit } from "../support/commits.ts";
import {
  admissionOf,
  ascending,
  attest,
  commit,
  contractSignature,
  deploySystem,
  domainOf,
  freshSystem,
  KIND,
  METHODOLOGY,
  sign,
  statementOf,
  WUHAN,
  type Account,
  type System,
} from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});

describe("the attesters", () => {
  it("are enough of them, and at once more where the threshold rises", async () => {
    const { batches } = system;
    const statement = statementOf(system);
    await expect(refusalOfCommit(system, {}, await attest(system, statement, 1))).resolves.toBe(
      "QuorumTooSmall(1,2)",
    );
    await expect(refusalOfCommit(system, {}, [])).resolves.toBe("QuorumTooSmall(0,2)");
    await batches.setQuorum("0x0000000000000000", 3, 0);
    await expect(refusalOfCommit(system, {})).resolves.toBe("QuorumTooSmall(2,3)");
  });

  it("follow the terms of the batch's region, and the general ones where it has none", async () => {
    const { batches } = system;
    const statement = statementOf(system);
    await batches.setQuorum("0x5348000000000000", 5, 0);
    await batches.setQuorum(statement.region, 1, 0);
    await batches.setQuorum("0x0000000000000000", 4, 0);
    await batches.setQuorum(statement.region, 0, 0);
    await expect(refusalOfCommit(system, {})).resolves.toBe("QuorumTooSmall(2,4)");
    await batches.setQuorum(statement.region, 1, 0);
    await batches
      .connect(system.operator)
      .commit(statement, [METHODOLOGY], await attest(system, statement, 1));
  });

  it("come from the region's verifier set, all of them", async () => {
    const { ethers, batches, participants, verifiers } = system;
    const [first, second] = verifiers as [Account, Account];
    const member = async (verifier: Account, sets: number) =>
      participants.appoint(admissionOf(ethers, verifier.address, KIND.verifier), sets);
    const { region } = statementOf(system);
    await batches.setQuorum(region, 2, 3);
    for (const other of verifiers.slice(2)) await member(other, 0b100);
    await member(first, 0b100);
    await expect(refusalOfCommit(system, {})).resolves.toBe(`SignerNotEntitled(${second.address})`);
    await member(second, 0b1011);
    await expect(refusalOfCommit(system, {})).resolves.toBe(`SignerNotEntitled(${second.address})`);
    await member(second, 0b1111);
    await commit(system);
    expect([...(await batches.quorumOf(region))]).toEqual([2n, 3n]);
  });

  it("sign once each, in the order of their addresses", async () => {
    const statement = statementOf(system);
    const [first, second] = (await attest(system, statement)) as [string, string];
    const [low, high] = system.verifiers.map(({ address }) => address) as [string, string];
    await expect(refusalOfCommit(system, {}, [first, first])).resolves.toBe(
      `SignersNotAscending(${low},${low})`,
    );
    await expect(refusalOfCommit(system, {}, [second, first])).resolves.toBe(
      `SignersNotAscending(${high},${low})`,
    );
    await system.batches.setQuorum(WUHAN, 3, 0);
    await expect(refusalOfCommit(system, {}, [first, second, second])).resolves.toBe(
      `SignersNotAscending(${high},${high})`,
    );
  });

  it("are active verifiers, every one", async () => {
    const { batches, participants, regulator, verifiers, outsider, corporate } = system;
    const statement = statementOf(system);
    await batches.setQuorum(WUHAN, 3, 0);
    for (const stranger of [outsider, corporate]) {
      const signers = ascending([...verifiers.slice(0, 2), stranger]);
      const signatures = await Promise.all(signers.map((signer) => sign(system, statement, signer)));
      await expect(refusalOfCommit(system, {}, signatures)).resolves.toBe(
        `SignerNotEntitled(${stranger.address})`,
      );
    }
    await batches.setQuorum(WUHAN, 2, 0);
    const suspended = verifiers[1]?.address as string;
    await participants.connect(regulator).setStatus(suspended, 2);
    await expect(refusalOfCommit(system, {})).resolves.toBe(`SignerNotEntitled(${suspended})`);
  });

  it("do not include the operator itself", async () => {
    const { ethers, participants, operator, verifiers } = system;
    const kinds = KIND.operator | KIND.verifier;
    await participants.appoint(admissionOf(ethers, operator.address, kinds), 0);
    const statement = statementOf(system);
    const signers = ascending([operator, verifiers[0] as Account]);
    const signatures = await Promise.all(signers.map((signer) => sign(system, statement, signer)));
    await expect(refusalOfCommit(system, {}, signatures)).resolves.toBe(
      `SignerExcluded(${operator.address})`,
    );
  });

  it("signed for this chain, this deployment and this contract", async () => {
    const statement = statementOf(system);
    const domain = await domainOf(system);
    const twin = await deploySystem(system.ethers);
    const others = [
      { ...domain, chainId: 1n },
      { ...domain, version: "1" },
      { ...domain, name: "Microtonne BatchDisputes" },
      { ...domain, verifyingContract: await system.retirements.getAddress() },
      await domainOf(twin),
    ];
    for (const other of others) {
      const signatures = await Promise.all(
        system.verifiers.slice(0, 2).map((verifier) => sign(system, statement, verifier, other)),
      );
      await expect(refusalOfCommit(system, {}, signatures)).resolves.toMatch(OF_A_STRANGER);
    }
  });

  it("can't use the twin of a key's signature (high s), a wrong v, or odd lengths", async () => {
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
      await expect(refusalOfCommit(system, {}, [first, bad])).resolves.toBe("SignatureInvalid(1)");
    }
  });
});

describe("a verifier that is a contract", () => {
  it("attests by ERC-1271, its address before its signature", async () => {
    const { ethers, batches, participants, operator, verifiers, outsider } = system;
    const wallet = await ethers.deployContract("ContractParty", [outsider.address]);
    const address = await wallet.getAddress();
    const statement = statementOf(system);
    const walletSignature = contractSignature(ethers, address, await sign(system, statement, outsider));
    const forged = contractSignature(ethers, address, await sign(system, statement, operator));
    const verifier = verifiers[0] as Account;
    const place = BigInt(address) < BigInt(verifier.address) ? 0 : 1;
    const key = await sign(system, statement, verifier);
    const inOrder = (mine: string) => (place === 0 ? [mine, key] : [key, mine]);

    await expect(refusalOfCommit(system, {}, inOrder(walletSignature))).resolves.toBe(
      `SignerNotEntitled(${address})`,
    );
    await participants.appoint(admissionOf(ethers, address, KIND.verifier), 0);
    await expect(refusalOfCommit(system, {}, inOrder(forged))).resolves.toBe(
      `SignatureInvalid(${String(place)})`,
    );
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
