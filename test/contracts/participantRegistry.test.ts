import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "./support/refusal.ts";
import { blockTime, CHINA, freshSystem, KIND, plain, setNextBlockTime, type System } from "./support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});
const IDENTITY = `0x${"1d".repeat(32)}`;

describe("register", () => {
  it("admits a participant, active at once, and tells its whole state", async () => {
    const { participants, outsider } = system;
    const expiry = (await blockTime(system.ethers)) + 1_000n;
    await expect(participants.isActive(outsider.address)).resolves.toBe(false);
    await participants.register(outsider.address, KIND.bank | KIND.corporate, CHINA, expiry, IDENTITY);
    const participant = await participants.participantOf(outsider.address);
    expect(plain(participant)).toEqual({ status: 1n, kinds: 12n, country: CHINA, expiry, identityHash: IDENTITY });
    const [event] = await participants.queryFilter(participants.filters.ParticipantSet(outsider.address));
    expect(plain(event?.args)).toEqual({ account: outsider.address, ...plain(participant) });
    await expect(participants.isActive(outsider.address)).resolves.toBe(true);
  });

  it("keeps status, kinds, country and expiry in one slot", async () => {
    const { ethers, participants, operator } = system;
    // Slot 0 is OpenZeppelin's authority.
    const place = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [operator.address, 1]));
    const word = await ethers.provider.getStorage(participants, place);
    expect(BigInt(word) & 0xffn).toBe(1n);
    expect((BigInt(word) >> 8n) & 0xffffn).toBe(BigInt(KIND.operator));
    expect((BigInt(word) >> 24n) & 0xffffn).toBe(BigInt(CHINA));
  });

  it("refuses the zero address, a known account, no or unknown kinds, a malformed country and a past expiry", async () => {
    const { ethers, participants, outsider, operator } = system;
    const register = async (account: string, kinds: number, country: string, expiry: bigint) =>
      refusal(participants.register(account, kinds, country, expiry, IDENTITY));
    await expect(register(ethers.ZeroAddress, 1, CHINA, 0n)).resolves.toBe("ZeroParticipant()");
    await expect(register(operator.address, 1, CHINA, 0n)).resolves.toBe(`ParticipantKnown(${operator.address})`);
    await expect(register(outsider.address, 0, CHINA, 0n)).resolves.toBe("KindsOutOfRange(0)");
    await expect(register(outsider.address, 128, CHINA, 0n)).resolves.toBe("KindsOutOfRange(128)");
    for (const country of ["0x0000", "0x636e", "0x4340", "0x5b4e", "0x4300"]) {
      await expect(register(outsider.address, 1, country, 0n)).resolves.toBe(`CountryMalformed(${country})`);
    }
    const now = (await blockTime(ethers)) + 10n;
    await setNextBlockTime(ethers, now);
    await expect(register(outsider.address, 1, CHINA, now - 10n)).resolves.toBe(`ExpiryPassed(${String(now - 10n)})`);
  });

  it("is for the access manager's admin alone, as are update and setStatus", async () => {
    const { participants, operator, outsider } = system;
    const stranger = participants.connect(outsider);
    const expected = `AccessManagedUnauthorized(${outsider.address})`;
    await expect(refusal(stranger.register(outsider.address, 1, CHINA, 0, IDENTITY))).resolves.toBe(expected);
    await expect(refusal(stranger.update(operator.address, 1, CHINA, 0, IDENTITY))).resolves.toBe(expected);
    await expect(refusal(stranger.setStatus(operator.address, 2))).resolves.toBe(expected);
  });
});

describe("update", () => {
  it("replaces all but the status", async () => {
    const { participants, operator } = system;
    await participants.setStatus(operator.address, 2);
    await participants.update(operator.address, KIND.bank, "0x5347", 0, IDENTITY);
    const participant = await participants.participantOf(operator.address);
    expect(plain(participant)).toEqual({ status: 2n, kinds: 8n, country: "0x5347", expiry: 0n, identityHash: IDENTITY });
  });

  it("refuses an unknown account and what register refuses", async () => {
    const { participants, operator, outsider } = system;
    const update = async (account: string, kinds: number, country: string, expiry: number) =>
      refusal(participants.update(account, kinds, country, expiry, IDENTITY));
    await expect(update(outsider.address, 1, CHINA, 0)).resolves.toBe(`ParticipantUnknown(${outsider.address})`);
    await expect(update(operator.address, 0, CHINA, 0)).resolves.toBe("KindsOutOfRange(0)");
    await expect(update(operator.address, 1, "0x0000", 0)).resolves.toBe("CountryMalformed(0x0000)");
    await expect(update(operator.address, 1, CHINA, 1)).resolves.toBe("ExpiryPassed(1)");
  });
});

describe("activity", () => {
  it("ends with suspension and comes back with reinstatement", async () => {
    const { participants, operator } = system;
    await participants.setStatus(operator.address, 2);
    await expect(participants.isActive(operator.address)).resolves.toBe(false);
    await expect(participants.hasKind(operator.address, KIND.operator)).resolves.toBe(false);
    await participants.setStatus(operator.address, 1);
    await expect(participants.hasKind(operator.address, KIND.operator)).resolves.toBe(true);
  });

  it("ends in the second of expiry", async () => {
    const { ethers, participants, outsider } = system;
    const expiry = (await blockTime(ethers)) + 1_000n;
    await participants.register(outsider.address, KIND.corporate, CHINA, expiry, IDENTITY);
    await setNextBlockTime(ethers, expiry - 1n);
    await ethers.provider.send("evm_mine", []);
    await expect(participants.isActive(outsider.address, { blockTag: "latest" })).resolves.toBe(true);
    await setNextBlockTime(ethers, expiry);
    await ethers.provider.send("evm_mine", []);
    await expect(participants.isActive(outsider.address, { blockTag: "latest" })).resolves.toBe(false);
  });

  it("knows a kind only where all its bits are there", async () => {
    const { participants, outsider } = system;
    await participants.register(outsider.address, KIND.operator | KIND.bank, CHINA, 0, IDENTITY);
    await expect(participants.hasKind(outsider.address, KIND.bank)).resolves.toBe(true);
    await expect(participants.hasKind(outsider.address, KIND.operator | KIND.bank)).resolves.toBe(true);
    await expect(participants.hasKind(outsider.address, KIND.bank | KIND.verifier)).resolves.toBe(false);
  });

  it("can't be set for an unknown account or to an unknown status", async () => {
    const { participants, operator, outsider } = system;
    await expect(refusal(participants.setStatus(outsider.address, 1))).resolves.toBe(`ParticipantUnknown(${outsider.address})`);
    await expect(refusal(participants.setStatus(operator.address, 0))).resolves.toBe("StatusOutOfRange(0)");
    await expect(refusal(participants.setStatus(operator.address, 3))).resolves.toBe("StatusOutOfRange(3)");
  });
});
