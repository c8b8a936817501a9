import { beforeEach, describe, expect, it } from "vitest";
import { deployFactory, termsOf } from "../support/pools.ts";
import { guard, recoveryStatement } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import { type Account, admissionOf, firmIdOf, freshSystem, KIND, type System } from "../support/system.ts";

let system: System;
let agents: string[];
beforeEach(async () => {
  system = await freshSystem();
  agents = Array.from({ length: 4 }, () => system.ethers.Wallet.createRandom().address);
});
const appoint = async (account: string, kinds: number) =>
  system.participants.appoint(admissionOf(system.ethers, account, kinds), 0);
const succeed = async (agent: string | undefined, successor: string | undefined) =>
  system.participants.setSuccessor(agent ?? "", successor ?? "");

describe("an agent's successor", () => {
  it("is set once, by the access manager's admin, for good", async () => {
    const { participants, outsider, regulator, ethers } = system;
    const [first, second, third] = agents as [string, string, string];
    for (const agent of agents) await appoint(agent, KIND.lienAgent);
    for (const other of [outsider, regulator] as Account[]) {
      const call = participants.connect(other).setSuccessor(first, second);
      await expect(refusal(call)).resolves.toBe(`AccessManagedUnauthorized(${other.address})`);
    }
    await expect(participants.successorOf(first)).resolves.toBe(ethers.ZeroAddress);
    await succeed(first, second);
    const [told] = await participants.queryFilter(participants.filters.SuccessorSet());
    expect(told?.args).toEqual([first, second]);
    await expect(refusal(succeed(first, third))).resolves.toBe(`SuccessorKnown(${first},${second})`);
    await expect(participants.successorOf(first)).resolves.toBe(second);
  });

  it("is followed to the last one, and never leads back", async () => {
    const [first, second, third] = agents as [string, string, string];
    for (const agent of agents) await appoint(agent, KIND.settlement);
    await expect(refusal(succeed(first, first))).resolves.toBe(`SuccessorUnfit(${first},${first})`);
    await succeed(first, second);
    await expect(refusal(succeed(second, first))).resolves.toBe(`SuccessorUnfit(${second},${first})`);
    await succeed(second, third);
    await expect(refusal(succeed(third, first))).resolves.toBe(`SuccessorUnfit(${third},${first})`);
    for (const agent of [first, second])
      await expect(system.participants.successorOf(agent)).resolves.toBe(third);
  });

  it("is a contract of the same kinds", async () => {
    const [first, second, third] = agents as [string, string, string];
    const { ethers } = system;
    await expect(refusal(succeed(first, second))).resolves.toBe(`AgentUnknown(${first})`);
    for (const kind of [KIND.escrow, KIND.pool, KIND.bank]) {
      await appoint(third, kind);
      await expect(refusal(succeed(third, second))).resolves.toBe(`AgentUnknown(${third})`);
    }
    await appoint(first, KIND.lienAgent);
    for (const kinds of [KIND.settlement, KIND.lienAgent | KIND.settlement, KIND.bank]) {
      await appoint(second, kinds);
      await expect(refusal(succeed(first, second))).resolves.toBe(`SuccessorUnfit(${first},${second})`);
    }
    await expect(refusal(succeed(first, ethers.ZeroAddress))).resolves.toBe(
      `SuccessorUnfit(${first},${ethers.ZeroAddress})`,
    );
    await appoint(first, KIND.lienAgent | KIND.settlement);
    await appoint(second, KIND.lienAgent | KIND.settlement);
    await succeed(first, second);
  });
});

describe("a pool's coming address", () => {
  const admit = async (pool: string) => system.participants.connect(system.corporate).admitPool(pool);
  beforeEach(async () => {
    await appoint(system.corporate.address, KIND.poolFactory);
  });

  it("that a registrar took is the pool's all the same, whatever its status", async () => {
    const { participants, registrar, regulator, ethers, corporate } = system;
    for (const [i, status] of [1, 2, 4].entries()) {
      const pool = agents[i] as string;
      await participants.connect(registrar).register(admissionOf(ethers, pool, KIND.corporate | KIND.bank));
      await participants.connect(regulator).setStatus(pool, status);
      await admit(pool);
      const stored = await participants.participantOf(pool);
      expect([stored.status, stored.kinds, stored.firmId]).toEqual([
        1n,
        BigInt(KIND.pool),
        firmIdOf(corporate.address),
      ]);
    }
  });

  it("that was appointed, or is a pool's already, is not", async () => {
    const pool = agents[0] as string;
    for (const kind of [KIND.verifier, KIND.escrow, KIND.pool, KIND.regulator]) {
      await appoint(pool, kind);
      await expect(refusal(admit(pool))).resolves.toBe(`ParticipantKnown(${pool})`);
    }
  });

  it("doesn't stop the factory, and what guardians decided about it before is forgotten", async () => {
    const { participants, registrar, ethers, outsider, operator } = system;
    const factory = await deployFactory(system);
    const from = await factory.getAddress();
    const nonce = await ethers.provider.getTransactionCount(from);
    const pool = ethers.getCreateAddress({ from, nonce });
    await participants.connect(registrar).register(admissionOf(ethers, pool, KIND.corporate));
    const announcement = recoveryStatement(system, { lost: pool, replacement: outsider.address });
    await participants.announceRecovery(announcement, await guard(system, announcement));
    await participants.completeRecovery(pool);
    await factory.connect(operator).createPool("Coming", "COM", termsOf(system));
    await expect(participants.hasKind(pool, KIND.pool)).resolves.toBe(true);
    await expect(participants.replacementOf(pool)).resolves.toBe(ethers.ZeroAddress);
    await expect(refusal(system.credit.recover(pool, 7n))).resolves.toBe(`NotRecovered(${pool})`);

    const next = ethers.getCreateAddress({ from, nonce: nonce + 1 });
    await participants.connect(registrar).register(admissionOf(ethers, next, KIND.corporate));
    const third = ethers.Wallet.createRandom().address;
    const pending = recoveryStatement(system, { lost: next, replacement: third });
    await participants.announceRecovery(pending, await guard(system, pending));
    await factory.connect(operator).createPool("Next", "NXT", termsOf(system));
    await expect(refusal(participants.completeRecovery(next))).resolves.toBe(`RecoveryUnknown(${next})`);
    await expect(participants.hasKind(next, KIND.pool)).resolves.toBe(true);
  });
});
