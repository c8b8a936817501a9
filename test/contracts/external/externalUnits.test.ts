import { beforeEach, describe, expect, it } from "vitest";
import { namespaceSlot } from "../../../src/format/onchain/storageLayout.ts";
import {
  blockOf,
  booksOf,
  digestOf,
  domainOf,
  freshExternalUnits,
  idOf,
  immobilise,
  sign,
  START,
  statementOf,
} from "../support/externalUnits.ts";
import type { Block, ExternalSystem, Statement } from "../support/externalUnits.ts";
import { refusal } from "../support/refusal.ts";
import { admissionOf, baseUnits, blockTime, KIND, plain, setNextBlockTime } from "../support/system.ts";

let system: ExternalSystem;
beforeEach(async () => {
  system = await freshExternalUnits();
});

/** Hands in a statement with the signature of the registry's operator. */
const attempt = async (changes: Partial<Block> = {}, rest: Partial<Statement> = {}, hint = START) => {
  const statement = statementOf(system, changes, rest);
  return system.units.immobilise(statement, hint, await sign(system, statement));
};
const tonnes = (count: bigint) => count * 10n ** 18n;

describe("an immobilisation", () => {
  it("mints a tonne for each unit to the recipient of the statement, whoever hands it in", async () => {
    const { ethers, credit, units, corporate, outsider, registryId } = system;
    const statement = statementOf(system);
    const id = idOf(system, statement.units);
    await units.connect(outsider).immobilise(statement, START, await sign(system, statement));
    await expect(credit.balanceOf(corporate.address, id)).resolves.toBe(tonnes(1_000n));
    await expect(credit.totalSupply(id)).resolves.toBe(tonnes(1_000n));
    expect(plain(await units.unitsOf(id))).toEqual({
      registryId,
      prefixHash: ethers.keccak256(statement.units.prefix),
      first: 1_000n,
      units: 1_000n,
      released: 0n,
      retiredMg: 0n,
      suspension: 0n,
    });
    const [event] = await units.queryFilter(
      units.filters.UnitsImmobilised(id, registryId, corporate.address),
    );
    const { vintageStartDay, vintageEndDay, ...rest } = statement.units;
    expect(plain(event?.args.units)).toEqual({
      ...rest,
      vintageStartDay: BigInt(vintageStartDay),
      vintageEndDay: BigInt(vintageEndDay),
    });
  });

  it("has the id and the digest that EIP-712 gives it", async () => {
    const { units } = system;
    const statement = statementOf(system);
    await expect(units.idOf(statement.units)).resolves.toBe(idOf(system, statement.units));
    await expect(units.hashStatement(statement)).resolves.toBe(await digestOf(system, statement));
  });

  it("has another id wherever any word of the block differs", async () => {
    const { ethers, units } = system;
    const changes: Partial<Block>[] = [
      {},
      { registryId: ethers.id("GS") },
      { prefix: "0x" },
      { first: 999n },
      { end: 2_001n },
      { vintageStartDay: 1 },
      { vintageEndDay: 20_089 },
      { region: "0x0000000000000000" },
      { hostCountry: "0x5347" },
      { documentHash: ethers.id("another") },
    ];
    const ids = await Promise.all(changes.map((change) => units.idOf(blockOf(system, change))));
    expect(new Set(ids).size).toBe(changes.length);
  });

  it("may be signed by a contract that the registry operates, by ERC-1271", async () => {
    const { ethers, participants, units, registryOperator, registryId, credit, corporate } = system;
    const wallet = await ethers.deployContract("ContractParty", [registryOperator.address]);
    const address = await wallet.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.registry), 0);
    await units.setRegistryOperator(registryId, address);
    const statement = statementOf(system);
    const signature = ethers.concat([address, await sign(system, statement)]);
    await units.immobilise(statement, START, signature);
    await expect(credit.balanceOf(corporate.address, idOf(system, statement.units))).resolves.toBe(
      tonnes(1_000n),
    );
    const forged = statementOf(system, { first: 1n, end: 2n });
    const bad = ethers.concat([address, await sign(system, forged, system.outsider)]);
    await expect(refusal(units.immobilise(forged, START, bad))).resolves.toBe("SignatureInvalid(0)");
  });

  it("takes any prefix as it is, the empty one among them, and serial numbers up to the last", async () => {
    const last = 2n ** 64n - 1n;
    const id = await immobilise(system, { prefix: "0x", first: last - 3n, end: last });
    expect(await booksOf(system, id)).toMatchObject({ circulating: 3n * 10n ** 9n });
    await immobilise(system, { prefix: "0x00", first: 0n, end: 1n });
    await immobilise(system, {
      prefix: `0x${"ff".repeat(300)}`,
      first: 0n,
      end: 1n,
      region: "0x0000000000000000",
    });
  });
});

describe("no unit is immobilised twice", () => {
  it("by one statement, by another for the same block, or after the recipient was changed", async () => {
    const { otherCorporate } = system;
    const id = await immobilise(system);
    await expect(refusal(attempt())).resolves.toBe(`UnitsKnown(${String(id)})`);
    await expect(refusal(attempt({}, { recipient: otherCorporate.address }))).resolves.toBe(
      `UnitsKnown(${String(id)})`,
    );
    await expect(refusal(attempt({}, { deadline: 2n ** 41n }))).resolves.toBe(`UnitsKnown(${String(id)})`);
  });

  it("in blocks that overlap, wherever, whatever the hint", async () => {
    await immobilise(system);
    await immobilise(system, { first: 3_000n, end: 3_001n });
    for (const hint of [START, 1_000n]) {
      for (const [first, end] of [
        [1_000n, 2_000n],
        [1_000n, 1_001n],
        [1_999n, 2_000n],
        [1_500n, 2_500n],
        [1_500n, 4_000n],
      ] as const) {
        const overlap = attempt({ first, end, documentHash: system.ethers.id("other") }, {}, hint);
        await expect(refusal(overlap), `${String(first)}-${String(end)}`).resolves.toBe(
          "RangeTaken(1000,2000)",
        );
      }
      await expect(refusal(attempt({ first: 2_000n, end: 3_001n }, {}, hint))).resolves.toBe(
        "RangeTaken(3000,3001)",
      );
    }
    await expect(refusal(attempt({ first: 0n, end: 1_001n }))).resolves.toBe("RangeTaken(1000,2000)");
    await expect(refusal(attempt({ first: 0n, end: 9_000n }))).resolves.toBe("RangeTaken(1000,2000)");
  });

  it("while free blocks fit in between, and other registries and prefixes are lines of their own", async () => {
    const { ethers, units, registryId, registryOperator } = system;
    const { prefix } = blockOf(system);
    await immobilise(system);
    await immobilise(system, { first: 3_000n, end: 4_000n }, { hint: 1_000n });
    await immobilise(system, { first: 2_000n, end: 3_000n }, { hint: 1_000n });
    await immobilise(system, { first: 0n, end: 1_000n });
    await immobilise(system, { prefix: "0x01" });
    const other = ethers.id("GS");
    await units.setRegistryOperator(other, registryOperator.address);
    await immobilise(system, { registryId: other });
    const neighbours = async (first: bigint) => [...(await units.neighbourOf(registryId, prefix, first))];
    expect(await neighbours(0n)).toEqual([0n, 1_000n, 1_000n]);
    expect(await neighbours(2_999n)).toEqual([2_000n, 3_000n, 3_000n]);
    expect(await neighbours(5_000n)).toEqual([3_000n, 4_000n, START]);
    await expect(units.neighbourOf(registryId, "0x02", 5_000n)).resolves.toEqual([START, 0n, START]);
  });

  it("where a hint is far behind; one that begins behind the place, or nowhere, is refused", async () => {
    for (const first of [0n, 10n, 20n, 30n]) await immobilise(system, { first, end: first + 5n });
    await expect(refusal(attempt({ first: 25n, end: 30n }, {}, 30n))).resolves.toBe("HintUnfit(30)");
    await expect(refusal(attempt({ first: 25n, end: 30n }, {}, 12n))).resolves.toBe("HintUnfit(12)");
    await immobilise(system, { first: 25n, end: 30n }, { hint: 0n });
    await expect(refusal(attempt({ first: 22n, end: 26n }, {}, 0n))).resolves.toBe("RangeTaken(20,25)");
  });
});

describe("an immobilisation is refused", () => {
  it("without the signature of that registry's operator, active and of its kind", async () => {
    const { ethers, participants, units, regulator, registryOperator, registryId, outsider } = system;
    const entitled = `SignerNotEntitled(${registryOperator.address})`;
    await expect(refusal(attempt({ registryId: ethers.id("GS") }))).resolves.toBe(entitled);
    const statement = statementOf(system);
    const stranger = await sign(system, statement, outsider);
    await expect(refusal(units.immobilise(statement, START, stranger))).resolves.toBe(
      `SignerNotEntitled(${outsider.address})`,
    );
    await participants.connect(regulator).setStatus(registryOperator.address, 2);
    await expect(refusal(attempt())).resolves.toBe(entitled);
    await participants.connect(regulator).setStatus(registryOperator.address, 1);
    await participants.appoint(admissionOf(ethers, registryOperator.address, KIND.bank), 0);
    await expect(refusal(attempt())).resolves.toBe(entitled);
    await participants.appoint(admissionOf(ethers, registryOperator.address, KIND.registry), 0);
    await units.setRegistryOperator(registryId, ethers.ZeroAddress);
    await expect(refusal(attempt())).resolves.toBe(entitled);
  });

  it("where a signature is malformed, or flipped to its twin of high s", async () => {
    const { ethers, units } = system;
    const statement = statementOf(system);
    const signature = await sign(system, statement);
    const { r, s, v } = ethers.Signature.from(signature);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const flipped = ethers.concat([
      r,
      ethers.toBeHex(order - BigInt(s), 32),
      ethers.toBeHex(v === 27 ? 28 : 27),
    ]);
    for (const bad of ["0x", "0x00", signature.slice(0, -2), `${signature}00`, flipped]) {
      await expect(refusal(units.immobilise(statement, START, bad)), bad).resolves.toBe(
        "SignatureInvalid(0)",
      );
    }
  });

  it("with the signature of another chain, deployment, name or version, or with any field changed after signing", async () => {
    const { ethers, units, otherCorporate } = system;
    const statement = statementOf(system);
    const domain = await domainOf(system);
    const refused = async (given: Statement, signature: string) =>
      expect(await refusal(units.immobilise(given, START, signature))).toMatch(/^SignerNotEntitled/);
    for (const other of [
      { chainId: 1n },
      { verifyingContract: otherCorporate.address },
      { name: "Microtonne BatchRegistry" },
      { version: "2" },
    ]) {
      await refused(statement, await sign(system, statement, undefined, { ...domain, ...other }));
    }
    const signature = await sign(system, statement);
    for (const changed of [
      { ...statement, recipient: otherCorporate.address },
      { ...statement, deadline: statement.deadline + 1n },
      { ...statement, units: blockOf(system, { end: 2_001n }) },
      { ...statement, units: blockOf(system, { prefix: "0x01" }) },
      { ...statement, units: blockOf(system, { documentHash: ethers.id("x") }) },
      { ...statement, units: blockOf(system, { region: "0x0000000000000000" }) },
    ]) {
      await refused(changed, signature);
    }
  });

  it("after its deadline, to the second", async () => {
    const { ethers } = system;
    const deadline = (await blockTime(ethers)) + 100n;
    await setNextBlockTime(ethers, deadline + 1n);
    await ethers.provider.send("evm_mine", []);
    await expect(refusal(attempt({}, { deadline }))).resolves.toMatch(
      new RegExp(`^StatementExpired\\(${String(deadline)},`),
    );
    await setNextBlockTime(ethers, deadline + 50n);
    await attempt({}, { deadline: deadline + 50n });
  });

  it("of incomplete, empty, inverted or too many units, of an inverted vintage, of a malformed country", async () => {
    const { ethers } = system;
    const most = (2n ** 63n - 1n) / 10n ** 9n;
    await expect(refusal(attempt({ registryId: ethers.ZeroHash }))).resolves.toBe("StatementIncomplete()");
    await expect(refusal(attempt({ documentHash: ethers.ZeroHash }))).resolves.toBe("StatementIncomplete()");
    await expect(refusal(attempt({ end: 1_000n }))).resolves.toBe("UnitsOutOfRange(1000,1000)");
    await expect(refusal(attempt({ end: 999n }))).resolves.toBe("UnitsOutOfRange(1000,999)");
    await expect(refusal(attempt({ first: 0n, end: most + 1n }))).resolves.toBe(
      `UnitsOutOfRange(0,${String(most + 1n)})`,
    );
    await expect(refusal(attempt({ first: 0n, end: 2n ** 64n - 1n }))).resolves.toBe(
      `UnitsOutOfRange(0,${String(2n ** 64n - 1n)})`,
    );
    await expect(refusal(attempt({ vintageStartDay: 9, vintageEndDay: 8 }))).resolves.toBe(
      "VintageOutOfRange(9,8)",
    );
    await expect(refusal(attempt({ hostCountry: "0x0000" }))).resolves.toBe("CountryMalformed(0x0000)");
    const id = await immobilise(system, { first: 0n, end: most });
    await expect(system.credit.totalSupply(id)).resolves.toBe(tonnes(most));
  });

  it("for a recipient that is no active participant, and nothing is taken then", async () => {
    const { units, outsider, registryId } = system;
    const call = attempt({}, { recipient: outsider.address });
    await expect(refusal(call)).resolves.toBe(`ERC7943CannotReceive(${outsider.address})`);
    await expect(units.neighbourOf(registryId, blockOf(system).prefix, 5_000n)).resolves.toEqual([
      START,
      0n,
      START,
    ]);
    await attempt();
  });

  it("while immobilisations are paused, and only they are", async () => {
    const { credit, units, corporate, ethers } = system;
    const id = await immobilise(system);
    await units.setPaused(true);
    await expect(units.isPaused()).resolves.toBe(true);
    await expect(refusal(attempt({ first: 1n, end: 2n }))).resolves.toBe("IssuancePaused()");
    await units.connect(corporate).release(id, 1n, ethers.id("account"));
    await units.setPaused(false);
    await attempt({ first: 1n, end: 2n });
    await expect(credit.totalSupply(id)).resolves.toBe(tonnes(999n));
  });
});

describe("storage", () => {
  it("starts where ERC-7201 puts the namespace, a block's books in three words", async () => {
    const { ethers, units, registryId, registryOperator } = system;
    const id = await immobilise(system);
    const base = BigInt(namespaceSlot("microtonne.storage.ExternalUnits"));
    const at = (key: bigint | string, slot: bigint) =>
      BigInt(ethers.keccak256(ethers.concat([ethers.toBeHex(key, 32), ethers.toBeHex(slot, 32)])));
    const word = async (slot: bigint) => BigInt(await ethers.provider.getStorage(units, slot));
    const block = at(id, base);
    await expect(word(block)).resolves.toBe(BigInt(registryId));
    await expect(word(block + 1n)).resolves.toBe(BigInt(ethers.keccak256(blockOf(system).prefix)));
    await expect(word(block + 2n)).resolves.toBe(1_000n + (1_000n << 64n));
    await expect(word(at(registryId, base + 2n))).resolves.toBe(BigInt(registryOperator.address));
  });
});

describe("settings", () => {
  it("are the access manager's", async () => {
    const { ethers, units, corporate, registryId } = system;
    const stranger = units.connect(corporate);
    const expected = `AccessManagedUnauthorized(${corporate.address})`;
    await expect(refusal(stranger.setRegistryOperator(registryId, corporate.address))).resolves.toBe(
      expected,
    );
    await expect(refusal(stranger.setPaused(true))).resolves.toBe(expected);
    await expect(refusal(units.setRegistryOperator(ethers.ZeroHash, corporate.address))).resolves.toBe(
      "StatementIncomplete()",
    );
  });

  it("name a registry's operator, who changes with an event", async () => {
    const { units, corporate, registryId, registryOperator } = system;
    await expect(units.operatorOf(registryId)).resolves.toBe(registryOperator.address);
    await units.setRegistryOperator(registryId, corporate.address);
    await expect(units.operatorOf(registryId)).resolves.toBe(corporate.address);
    const events = await units.queryFilter(units.filters.RegistryOperatorSet(registryId));
    expect(events.map(({ args }) => args.operator)).toEqual([registryOperator.address, corporate.address]);
  });

  it("need every dependency", async () => {
    const { ethers, manager, participants, credit, retirements } = system;
    const links = { participants, credit, retirements };
    for (const missing of Object.keys(links)) {
      const given = { ...links, [missing]: ethers.ZeroAddress };
      await expect(refusal(ethers.deployContract("ExternalUnits", [manager, given])), missing).resolves.toBe(
        "ZeroDependency()",
      );
    }
  });
});

describe("a recipient that calls back while it is being paid", () => {
  it("can do nothing with the units that a holder can't do afterwards", async () => {
    const { ethers, participants, units, retirements, outsider } = system;
    const party = await ethers.deployContract("ContractParty", [outsider.address]);
    const recipient = await party.getAddress();
    await participants.appoint(admissionOf(ethers, recipient, KIND.corporate), 0);
    const statement = statementOf(system, {}, { recipient });
    const id = idOf(system, statement.units);
    const signature = await sign(system, statement);
    const next = statementOf(system, { first: 5_000n, end: 5_001n }, { recipient });
    const request = {
      nonce: ethers.id("nonce"),
      beneficiaryHash: ethers.id("beneficiary"),
      documentHash: ethers.ZeroHash,
      purpose: 1,
      reportingYear: 2025,
      country: "0x434e",
      amounts: [{ batchId: id, milligrams: 1n }],
    };
    const calls = [
      [units, units.interface.encodeFunctionData("immobilise", [statement, START, signature])],
      [units, units.interface.encodeFunctionData("immobilise", [next, START, await sign(system, next)])],
      [units, units.interface.encodeFunctionData("release", [id, 1n, ethers.id("account")])],
      [units, units.interface.encodeFunctionData("suspend", [id])],
      [units, units.interface.encodeFunctionData("reinstate", [id])],
      [retirements, retirements.interface.encodeFunctionData("retireExternal", [request])],
    ] as const;
    const snapshot = async () => ethers.provider.send("evm_snapshot", []) as Promise<string>;
    for (const [target, call] of calls) {
      const before = await snapshot();
      await party.arm(target, call);
      await units.immobilise(statement, START, signature);
      await expect(party.attackRan()).resolves.toBe(true);
      await expect(party.attackSucceeded()).resolves.toBe(false);
      expect(ethers.dataSlice(await party.attackAnswer(), 0, 4)).toBe(
        ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10),
      );
      expect(await booksOf(system, id)).toEqual({
        immobilised: 10n ** 12n,
        circulating: 10n ** 12n,
        retired: 0n,
        released: 0n,
      });
      await ethers.provider.send("evm_revert", [before]);
    }
  });

  it("may pass on what it just got", async () => {
    const { ethers, participants, credit, units, outsider, corporate } = system;
    const party = await ethers.deployContract("ContractParty", [outsider.address]);
    const recipient = await party.getAddress();
    await participants.appoint(admissionOf(ethers, recipient, KIND.corporate), 0);
    const statement = statementOf(system, {}, { recipient });
    const id = idOf(system, statement.units);
    const send = [recipient, corporate.address, id, baseUnits(10n), "0x"] as const;
    await party.arm(credit, credit.interface.encodeFunctionData("safeTransferFrom", [...send]));
    await units.immobilise(statement, START, await sign(system, statement));
    await expect(credit.balanceOf(corporate.address, id)).resolves.toBe(baseUnits(10n));
    await expect(credit.totalSupply(id)).resolves.toBe(tonnes(1_000n));
  });
});
