import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  blockTime,
  CHINA,
  firmIdOf,
  freshSystem,
  KIND,
  plain,
  setNextBlockTime,
  type System,
} from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});
const FIRM = `0x${"1d".repeat(16)}`;
const ORDINARY = KIND.corporate | KIND.bank | KIND.exchange | KIND.platform;
const PRIVILEGED = Object.values(KIND).filter((kind) => (kind & ORDINARY) === 0);

type Change = Partial<{
  account: string;
  kinds: number;
  country: string;
  expiry: bigint;
  firmId: string;
}>;
const admission = (changes: Change = {}) => ({
  account: system.outsider.address,
  kinds: KIND.corporate,
  country: CHINA,
  expiry: 0n,
  firmId: FIRM,
  ...changes,
});
const register = async (changes: Change = {}, by: Account = system.registrar) =>
  system.participants.connect(by).register(admission(changes));
const update = async (changes: Change = {}, by: Account = system.registrar) =>
  system.participants.connect(by).update(admission(changes));
const setStatus = async (account: string, status: number, by: Account) =>
  system.participants.connect(by).setStatus(account, status);
const statusOf = async (account: string) => (await system.participants.participantOf(account)).status;

describe("register", () => {
  it("admits a participant, active at once, and tells its whole state", async () => {
    const { participants, outsider } = system;
    const expiry = (await blockTime(system.ethers)) + 1_000n;
    await expect(participants.isActive(outsider.address)).resolves.toBe(false);
    await register({ kinds: KIND.bank | KIND.corporate, expiry });
    const participant = plain(await participants.participantOf(outsider.address));
    expect(participant).toEqual({
      status: 1n,
      kinds: 12n,
      verifierSets: 0n,
      country: CHINA,
      expiry,
      firmId: FIRM,
    });
    const [event] = await participants.queryFilter(participants.filters.ParticipantSet(outsider.address));
    // Events have the firm as a word.
    const firmId = FIRM.padEnd(66, "0");
    expect(plain(event?.args)).toEqual({ account: outsider.address, ...participant, firmId });
    await expect(participants.isActive(outsider.address)).resolves.toBe(true);
  });

  it("fills one slot, and no other", async () => {
    const { ethers, participants, outsider } = system;
    await register({ expiry: 2n ** 39n });
    // Other slots are OpenZeppelin's authority and the strings of its parent classes.
    const places = [0, 1, 2, 3, 4].map((slot) =>
      ethers.keccak256(
        ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [outsider.address, slot]),
      ),
    );
    const words = await Promise.all(
      places.map(async (place) => BigInt(await ethers.provider.getStorage(participants, place))),
    );
    const word = words.find((value) => value !== 0n) as bigint;
    const standing = 1n | (BigInt(KIND.corporate) << 8n) | (BigInt(CHINA) << 72n) | ((2n ** 39n) << 88n);
    expect(word).toBe(standing | (BigInt(FIRM) << 128n));
    const next = words.map(async (_, i) =>
      ethers.provider.getStorage(participants, BigInt(places[i] as string) + 1n),
    );
    expect((await Promise.all(next)).every((value) => BigInt(value) === 0n)).toBe(true);
  });

  it("refuses no address, a known account, no or unknown kinds, a bad country, a past expiry", async () => {
    const { ethers, operator } = system;
    const refused = async (changes: Change) => refusal(register(changes));
    await expect(refused({ account: ethers.ZeroAddress })).resolves.toBe("ZeroParticipant()");
    await expect(refused({ account: operator.address })).resolves.toBe(
      `ParticipantKnown(${operator.address})`,
    );
    await expect(refused({ kinds: 0 })).resolves.toBe("KindsOutOfRange(0)");
    await expect(refused({ kinds: KIND.bank | 262144 })).resolves.toBe(
      `KindsOutOfRange(${String(KIND.bank | 262144)})`,
    );
    for (const country of ["0x0000", "0x636e", "0x4340", "0x5b4e", "0x4300"]) {
      await expect(refused({ country })).resolves.toBe(`CountryMalformed(${country})`);
    }
    const now = (await blockTime(ethers)) + 10n;
    await setNextBlockTime(ethers, now);
    await expect(refused({ expiry: now - 10n })).resolves.toBe(`ExpiryPassed(${String(now - 10n)})`);
  });

  it("is for active registrars, as are registerAll and update", async () => {
    const { participants, admin, regulator, operator, registrar } = system;
    for (const other of [admin, regulator, operator, system.outsider]) {
      const expected = `CallerNotEntitled(${other.address},4096)`;
      await expect(refusal(register({}, other))).resolves.toBe(expected);
      await expect(refusal(participants.connect(other).registerAll([]))).resolves.toBe(expected);
      await expect(refusal(update({ account: system.corporate.address }, other))).resolves.toBe(expected);
    }
    await setStatus(registrar.address, 2, regulator);
    await expect(refusal(register())).resolves.toBe(`CallerNotEntitled(${registrar.address},4096)`);
  });

  it("gives ordinary kinds, alone or together, and no other", async () => {
    const { participants, corporate } = system;
    for (const kind of PRIVILEGED) {
      for (const kinds of [kind, kind | KIND.bank]) {
        const expected = `KindsOutOfRange(${String(kinds)})`;
        await expect(refusal(register({ kinds }))).resolves.toBe(expected);
        await expect(
          refusal(participants.connect(system.registrar).registerAll([admission({ kinds })])),
        ).resolves.toBe(expected);
        await expect(refusal(update({ account: corporate.address, kinds }))).resolves.toBe(expected);
      }
    }
    await register({ kinds: ORDINARY });
    await expect(participants.hasKind(system.outsider.address, ORDINARY)).resolves.toBe(true);
  });

  it("of many is all or none", async () => {
    const { ethers, participants, operator } = system;
    const wallets = Array.from({ length: 20 }, () => ethers.Wallet.createRandom().address);
    const all = wallets.map((account) => admission({ account }));
    const registerAll = participants.connect(system.registrar);
    await expect(
      refusal(registerAll.registerAll([...all, admission({ account: operator.address })])),
    ).resolves.toBe(`ParticipantKnown(${operator.address})`);
    await expect(refusal(registerAll.registerAll([...all, ...all.slice(0, 1)]))).resolves.toBe(
      `ParticipantKnown(${String(wallets[0])})`,
    );
    await expect(participants.isActive(wallets[0] as string)).resolves.toBe(false);
    await registerAll.registerAll(all);
    for (const wallet of wallets) await expect(participants.isActive(wallet)).resolves.toBe(true);
  });
});

describe("update", () => {
  it("replaces all but the status", async () => {
    const { participants, corporate, registrar } = system;
    await setStatus(corporate.address, 2, registrar);
    const firmId = firmIdOf(corporate.address);
    await update({ account: corporate.address, kinds: KIND.bank, country: "0x5347", firmId });
    const participant = await participants.participantOf(corporate.address);
    const expected = {
      status: 2n,
      kinds: 8n,
      verifierSets: 0n,
      country: "0x5347",
      expiry: 0n,
      firmId,
    };
    expect(plain(participant)).toEqual(expected);
  });

  it("refuses an unknown account and what register refuses", async () => {
    const { corporate, outsider } = system;
    const account = corporate.address;
    await expect(refusal(update())).resolves.toBe(`ParticipantUnknown(${outsider.address})`);
    await expect(refusal(update({ account, kinds: 0 }))).resolves.toBe("KindsOutOfRange(0)");
    await expect(refusal(update({ account, country: "0x0000" }))).resolves.toBe("CountryMalformed(0x0000)");
    await expect(refusal(update({ account, expiry: 1n }))).resolves.toBe("ExpiryPassed(1)");
  });

  it("leaves alone whoever has a privileged kind: nobody is lowered by a registrar either", async () => {
    const { operator, regulator, registrar, bank, participants, ethers } = system;
    for (const { address } of [operator, regulator, registrar]) {
      const kinds = (await participants.participantOf(address)).kinds;
      await expect(refusal(update({ account: address }))).resolves.toBe(
        `ParticipantPrivileged(${address},${String(kinds)})`,
      );
    }
    await participants.appoint(admissionOf(ethers, bank.address, KIND.bank | KIND.cashIssuer), 0);
    await expect(refusal(update({ account: bank.address }))).resolves.toMatch(/^ParticipantPrivileged/);
  });
});

describe("appoint", () => {
  it("gives any kinds and verifier sets, keeps the status, and is the access manager's admin's", async () => {
    const { participants, outsider, regulator, registrar } = system;
    const kinds = KIND.verifier | KIND.bank;
    for (const other of [outsider, regulator, registrar]) {
      const call = participants.connect(other).appoint(admission({ kinds }), 5);
      await expect(refusal(call)).resolves.toBe(`AccessManagedUnauthorized(${other.address})`);
    }
    await participants.appoint(admission({ kinds }), 5);
    expect(plain(await participants.standingOf(outsider.address))).toEqual({
      kinds: BigInt(kinds),
      verifierSets: 5n,
    });
    await setStatus(outsider.address, 4, regulator);
    await participants.appoint(admission({ kinds: KIND.bank }), 0);
    await expect(statusOf(outsider.address)).resolves.toBe(4n);
    expect(plain(await participants.standingOf(outsider.address))).toEqual({ kinds: 0n, verifierSets: 0n });
    await expect(participants.kindsOnFile(outsider.address)).resolves.toBe(BigInt(KIND.bank));
  });

  it("refuses verifier sets without verifier, the zero address and what register refuses", async () => {
    const { participants, ethers } = system;
    const appoint = async (changes: Change, sets = 0) =>
      refusal(participants.appoint(admission(changes), sets));
    await expect(appoint({}, 1)).resolves.toBe("VerifierSetsWithoutKind(1)");
    await expect(appoint({ account: ethers.ZeroAddress })).resolves.toBe("ZeroParticipant()");
    await expect(appoint({ kinds: 0 })).resolves.toBe("KindsOutOfRange(0)");
    await expect(appoint({ kinds: 262144 })).resolves.toBe("KindsOutOfRange(262144)");
    await expect(appoint({ country: "0x0000" })).resolves.toBe("CountryMalformed(0x0000)");
    await expect(appoint({ expiry: 1n })).resolves.toBe("ExpiryPassed(1)");
  });
});

describe("admitPool", () => {
  it("admits a pool for an active factory, in the factory's name", async () => {
    const { participants, outsider, corporate, ethers, regulator } = system;
    const admit = async (by: Account, pool: string) => participants.connect(by).admitPool(pool);
    await expect(refusal(admit(corporate, outsider.address))).resolves.toBe(
      `CallerNotEntitled(${corporate.address},1024)`,
    );
    await participants.appoint(admissionOf(ethers, corporate.address, KIND.poolFactory), 0);
    await admit(corporate, outsider.address);
    const firmId = firmIdOf(corporate.address);
    const expected = {
      status: 1n,
      kinds: BigInt(KIND.pool),
      verifierSets: 0n,
      country: CHINA,
      expiry: 0n,
      firmId,
    };
    expect(plain(await participants.participantOf(outsider.address))).toEqual(expected);
    await expect(refusal(admit(corporate, outsider.address))).resolves.toBe(
      `ParticipantKnown(${outsider.address})`,
    );
    await expect(refusal(admit(corporate, ethers.ZeroAddress))).resolves.toBe("ZeroParticipant()");
    await setStatus(corporate.address, 2, regulator);
    await expect(refusal(admit(corporate, outsider.address))).resolves.toMatch(/^CallerNotEntitled/);
  });
});

describe("status", () => {
  it("suspended ends activity, active brings it back", async () => {
    const { participants, operator, regulator } = system;
    await setStatus(operator.address, 2, regulator);
    await expect(participants.isActive(operator.address)).resolves.toBe(false);
    await expect(participants.hasKind(operator.address, KIND.operator)).resolves.toBe(false);
    expect(plain(await participants.kindsOf(operator.address, regulator.address))).toEqual({
      kindsOfOne: 0n,
      kindsOfOther: 8192n,
    });
    await setStatus(operator.address, 1, regulator);
    await expect(participants.hasKind(operator.address, KIND.operator)).resolves.toBe(true);
  });

  it("is set by registrars for ordinary kinds only, by regulators for anybody", async () => {
    const { operator, corporate, regulator, registrar, outsider } = system;
    await setStatus(corporate.address, 2, registrar);
    await setStatus(corporate.address, 1, registrar);
    await expect(refusal(setStatus(operator.address, 2, registrar))).resolves.toBe(
      `ParticipantPrivileged(${operator.address},1)`,
    );
    await expect(refusal(setStatus(regulator.address, 2, registrar))).resolves.toBe(
      `ParticipantPrivileged(${regulator.address},8192)`,
    );
    await expect(refusal(setStatus(corporate.address, 2, outsider))).resolves.toBe(
      `CallerNotEntitled(${outsider.address},4096)`,
    );
    await expect(refusal(setStatus(corporate.address, 2, system.admin))).resolves.toBe(
      `CallerNotEntitled(${system.admin.address},4096)`,
    );
    await setStatus(registrar.address, 2, regulator);
    await expect(refusal(setStatus(corporate.address, 2, registrar))).resolves.toBe(
      `CallerNotEntitled(${registrar.address},4096)`,
    );
  });

  it("barred is set and lifted by regulators only", async () => {
    const { corporate, regulator, registrar, participants } = system;
    await expect(refusal(setStatus(corporate.address, 4, registrar))).resolves.toBe("StatusOutOfRange(4)");
    await setStatus(corporate.address, 4, regulator);
    await expect(participants.isActive(corporate.address)).resolves.toBe(false);
    for (const status of [1, 2]) {
      await expect(refusal(setStatus(corporate.address, status, registrar))).resolves.toBe(
        `ParticipantPrivileged(${corporate.address},4)`,
      );
    }
    await update({ account: corporate.address, firmId: firmIdOf(corporate.address) });
    await expect(statusOf(corporate.address)).resolves.toBe(4n);
    await setStatus(corporate.address, 1, regulator);
    await expect(participants.isActive(corporate.address)).resolves.toBe(true);
  });

  it("can't be set for an unknown account or to what is no status to set", async () => {
    const { operator, outsider, regulator } = system;
    await expect(refusal(setStatus(outsider.address, 1, regulator))).resolves.toBe(
      `ParticipantUnknown(${outsider.address})`,
    );
    for (const status of [0, 3, 5, 255]) {
      await expect(refusal(setStatus(operator.address, status, regulator))).resolves.toBe(
        `StatusOutOfRange(${String(status)})`,
      );
    }
  });
});

describe("activity", () => {
  it("ends in the second of expiry, and with it every kind", async () => {
    const { ethers, participants, outsider } = system;
    const expiry = (await blockTime(ethers)) + 1_000n;
    await register({ expiry });
    const activeAt = async (time: bigint) => {
      await setNextBlockTime(ethers, time);
      await ethers.provider.send("evm_mine", []);
      return participants.isActive(outsider.address, { blockTag: "latest" });
    };
    await expect(activeAt(expiry - 1n)).resolves.toBe(true);
    await expect(activeAt(expiry)).resolves.toBe(false);
    await expect(participants.hasKind(outsider.address, KIND.corporate)).resolves.toBe(false);
    expect(plain(await participants.standingOf(outsider.address))).toEqual({ kinds: 0n, verifierSets: 0n });
    await expect(participants.kindsOnFile(outsider.address)).resolves.toBe(BigInt(KIND.corporate));
    await update({ expiry: expiry + 1_000n });
    await expect(participants.isActive(outsider.address)).resolves.toBe(true);
  });

  it("knows a kind only where all its bits are there", async () => {
    const { participants, outsider } = system;
    await register({ kinds: KIND.exchange | KIND.bank });
    await expect(participants.hasKind(outsider.address, KIND.bank)).resolves.toBe(true);
    await expect(participants.hasKind(outsider.address, KIND.exchange | KIND.bank)).resolves.toBe(true);
    await expect(participants.hasKind(outsider.address, KIND.bank | KIND.verifier)).resolves.toBe(false);
    await expect(participants.hasKind(system.otherDeployer.address, 0)).resolves.toBe(false);
  });
});
