import { beforeEach, describe, expect, it } from "vitest";
import { namespaceSlot } from "../../../src/format/onchain/storageLayout.ts";
import {
  blockOf,
  booksOf,
  digestOf,
  freshExternalUnits,
  idOf,
  immobilise,
  sign,
  START,
  statementOf,
  UNIT_MARK,
} from "../support/externalUnits.ts";
import type { Block, ExternalSystem } from "../support/externalUnits.ts";
import { refusal } from "../support/refusal.ts";
import { admissionOf, baseUnits, commit, contractSignature, KIND, plain } from "../support/system.ts";

let system: ExternalSystem;
beforeEach(async () => {
  system = await freshExternalUnits();
});

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

  it("has an id that no batch can have, however its operator chooses one", async () => {
    const { units, operator } = system;
    const id = await immobilise(system);
    expect(id >> 224n).toBe(0xffff_ffffn);
    const changes = { operator: operator.address };
    for (const taken of [id, UNIT_MARK, 2n ** 256n - 1n])
      await expect(refusal(commit(system, { ...changes, batchId: taken }))).resolves.toBe(
        `BatchIdReserved(${String(taken)})`,
      );
    const free = id ^ (1n << 224n);
    await commit(system, { ...changes, batchId: free });
    expect((await units.unitsOf(free)).units).toBe(0n);
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
    const signature = contractSignature(ethers, address, await sign(system, statement));
    await units.immobilise(statement, START, signature);
    await expect(credit.balanceOf(corporate.address, idOf(system, statement.units))).resolves.toBe(
      tonnes(1_000n),
    );
    const forged = statementOf(system, { first: 1n, end: 2n });
    const bad = contractSignature(ethers, address, await sign(system, forged, system.outsider));
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
