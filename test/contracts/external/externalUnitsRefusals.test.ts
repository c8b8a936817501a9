import { beforeEach, describe, expect, it } from "vitest";
import {
  blockOf,
  domainOf,
  freshExternalUnits,
  immobilise,
  sign,
  START,
  statementOf,
} from "../support/externalUnits.ts";
import type { Block, ExternalSystem, Statement } from "../support/externalUnits.ts";
import { refusal } from "../support/refusal.ts";
import { admissionOf, blockTime, KIND, setNextBlockTime } from "../support/system.ts";

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

  it("while free blocks fit in between; other registries and prefixes are lines of their own", async () => {
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

  it("signed for another chain, deployment, name or version, or with any field changed since", async () => {
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

  it("of incomplete, empty, inverted, too many units, an inverted vintage, a malformed country", async () => {
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
