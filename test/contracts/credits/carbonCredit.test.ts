import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import { admissionOf, baseUnits, freshSystem, issue, KIND, type System } from "../support/system.ts";

let system: System;
const BATCH = 7n;
const ALL = baseUnits(900n);
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
});

const send = async (from: { address: string }, to: string, amount: bigint) =>
  system.credit
    .connect(await system.ethers.getSigner(from.address))
    .safeTransferFrom(from.address, to, BATCH, amount, "0x");

describe("a transfer", () => {
  it("moves any base unit between active participants", async () => {
    const { credit, operator, corporate } = system;
    await send(operator, corporate.address, 1n);
    await expect(credit.balanceOf(corporate.address, BATCH)).resolves.toBe(1n);
    await expect(credit.balanceOf(operator.address, BATCH)).resolves.toBe(ALL - 1n);
    await expect(credit.totalSupply(BATCH)).resolves.toBe(ALL);
  });

  it("to oneself changes nothing", async () => {
    const { credit, operator } = system;
    await send(operator, operator.address, ALL);
    await expect(credit.balanceOf(operator.address, BATCH)).resolves.toBe(ALL);
  });

  it("to or from an account not registered, suspended or expired is refused, even of nothing", async () => {
    const { ethers, credit, participants, operator, corporate, outsider, regulator } = system;
    for (const amount of [0n, 1n]) {
      await expect(refusal(send(operator, outsider.address, amount))).resolves.toBe(
        `ERC7943CannotReceive(${outsider.address})`,
      );
    }
    await send(operator, corporate.address, 10n);
    await participants.connect(regulator).setStatus(corporate.address, 2);
    await expect(refusal(send(operator, corporate.address, 1n))).resolves.toBe(
      `ERC7943CannotReceive(${corporate.address})`,
    );
    await expect(refusal(send(corporate, operator.address, 1n))).resolves.toBe(
      `ERC7943CannotSend(${corporate.address})`,
    );
    await participants.connect(regulator).setStatus(corporate.address, 1);
    await send(corporate, operator.address, 1n);
    const expiry = 2n ** 33n;
    await participants.appoint({ ...admissionOf(ethers, corporate.address, KIND.corporate), expiry }, 0);
    await ethers.provider.send("evm_setNextBlockTimestamp", [Number(expiry)]);
    await expect(refusal(send(corporate, operator.address, 1n))).resolves.toBe(
      `ERC7943CannotSend(${corporate.address})`,
    );
    await expect(credit.balanceOf(corporate.address, BATCH)).resolves.toBe(9n);
  });

  it("in a batch call follows the same rules", async () => {
    const { credit, operator, corporate, outsider } = system;
    const move = (to: string) =>
      credit.connect(operator).safeBatchTransferFrom(operator.address, to, [BATCH, BATCH], [1n, 2n], "0x");
    await expect(refusal(move(outsider.address))).resolves.toBe(`ERC7943CannotReceive(${outsider.address})`);
    await move(corporate.address);
    await expect(credit.balanceOf(corporate.address, BATCH)).resolves.toBe(3n);
  });

  it("in a batch call with lists of unequal length is refused as ERC-1155 says", async () => {
    const { credit, operator, corporate } = system;
    const move = (ids: bigint[], values: bigint[]) =>
      credit.connect(operator).safeBatchTransferFrom(operator.address, corporate.address, ids, values, "0x");
    await expect(refusal(move([BATCH], []))).resolves.toBe("ERC1155InvalidArrayLength(1,0)");
    await expect(refusal(move([], [1n]))).resolves.toBe("ERC1155InvalidArrayLength(0,1)");
  });

  it("of an empty list, of nobody's credits, is refused where the holder is not active", async () => {
    const { credit, operator, outsider } = system;
    await expect(
      refusal(
        credit.connect(outsider).safeBatchTransferFrom(outsider.address, operator.address, [], [], "0x"),
      ),
    ).resolves.toBe(`ERC7943CannotSend(${outsider.address})`);
  });

  it("by an approved account moves the holder's credits, between active participants only", async () => {
    const { credit, operator, corporate, outsider } = system;
    const move = (to: string) =>
      credit.connect(outsider).safeTransferFrom(operator.address, to, BATCH, 1n, "0x");
    await expect(refusal(move(corporate.address))).resolves.toBe(
      `ERC1155MissingApprovalForAll(${outsider.address},${operator.address})`,
    );
    await credit.connect(operator).setApprovalForAll(outsider.address, true);
    await move(corporate.address);
    await expect(refusal(move(outsider.address))).resolves.toBe(`ERC7943CannotReceive(${outsider.address})`);
  });

  it("of more than there is, of another batch or to nobody is refused", async () => {
    const { ethers, operator, corporate, credit } = system;
    await expect(refusal(send(operator, corporate.address, ALL + 1n))).resolves.toBe(
      `ERC1155InsufficientBalance(${operator.address},${String(ALL)},${String(ALL + 1n)},7)`,
    );
    const other = credit
      .connect(operator)
      .safeTransferFrom(operator.address, corporate.address, 8n, 1n, "0x");
    await expect(refusal(other)).resolves.toBe(`ERC1155InsufficientBalance(${operator.address},0,1,8)`);
    await expect(refusal(send(operator, ethers.ZeroAddress, 1n))).resolves.toMatch(/^ERC1155InvalidReceiver/);
  });
});

describe("suspension of an id", () => {
  it("stops transfers of this id alone, alone or among others, until it is lifted", async () => {
    const { batches, credit, operator, corporate, regulator } = system;
    await issue(system, { batchId: 8n, root: system.ethers.id("eighth"), previousBatchId: 7n });
    await batches.connect(regulator).suspend(BATCH, 16);
    await expect(credit.isSuspended(BATCH)).resolves.toBe(true);
    await expect(refusal(send(operator, corporate.address, 1n))).resolves.toBe("TransferSuspended(7)");
    const both = credit
      .connect(operator)
      .safeBatchTransferFrom(operator.address, corporate.address, [8n, BATCH], [1n, 0n], "0x");
    await expect(refusal(both)).resolves.toBe("TransferSuspended(7)");
    await credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 8n, 1n, "0x");
    await batches.connect(regulator).reinstate(BATCH, 16);
    await send(operator, corporate.address, 1n);
    const told = await credit.queryFilter(credit.filters.SuspensionSet(BATCH));
    expect(told.map(({ args }) => args.suspended)).toEqual([true, false]);
  });

  it("is for the issuers", async () => {
    const { credit, admin, regulator } = system;
    for (const other of [admin, regulator]) {
      await expect(refusal(credit.connect(other).setSuspended(BATCH, true))).resolves.toBe(
        `CallerNotIssuer(${other.address})`,
      );
    }
  });
});

describe("a pause", () => {
  it("stops ordinary transfers until it is lifted, and is for the access manager's admin", async () => {
    const { credit, operator, corporate, outsider } = system;
    await expect(refusal(credit.connect(outsider).setPaused(true))).resolves.toBe(
      `AccessManagedUnauthorized(${outsider.address})`,
    );
    await credit.setPaused(true);
    await expect(credit.isPaused()).resolves.toBe(true);
    await expect(refusal(send(operator, corporate.address, 1n))).resolves.toBe("TransfersPaused()");
    await credit.setPaused(false);
    await send(operator, corporate.address, 1n);
    const told = await credit.queryFilter(credit.filters.TransfersPausedSet());
    expect(told.map(({ args }) => args.paused)).toEqual([true, false]);
  });
});

describe("a pool", () => {
  /** A contract of kind pool that the operator approved. */
  async function poolParty() {
    const { ethers, participants, credit, operator } = system;
    const party = await ethers.deployContract("ContractParty", [operator.address]);
    const address = await party.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.pool), 0);
    await credit.connect(operator).setApprovalForAll(address, true);
    const move = async (from: string, to: string, amount: bigint) =>
      party.execute(
        credit,
        credit.interface.encodeFunctionData("safeTransferFrom", [from, to, BATCH, amount, "0x"]),
      );
    return { party, address, move };
  }

  it("takes credits only where it moves them itself", async () => {
    const { credit, operator, regulator } = system;
    const { address, move } = await poolParty();
    await expect(refusal(send(operator, address, 1n))).resolves.toBe(`ERC7943CannotReceive(${address})`);
    await expect(credit.connect(operator).canTransfer(operator.address, address, BATCH, 1n)).resolves.toBe(
      false,
    );
    const asPool = credit.connect(await system.ethers.getImpersonatedSigner(address));
    await expect(asPool.canTransfer(operator.address, address, BATCH, 1n)).resolves.toBe(true);
    const forced = credit.connect(regulator).forcedTransfer(operator.address, address, BATCH, 1n);
    await expect(refusal(forced)).resolves.toBe(`ERC7943CannotReceive(${address})`);
    await move(operator.address, address, 10n);
    await expect(credit.balanceOf(address, BATCH)).resolves.toBe(10n);
  });

  it("can't be minted to", async () => {
    const { credit, externalUnits } = system;
    const { address } = await poolParty();
    const mint = externalUnits.execute(
      credit,
      credit.interface.encodeFunctionData("mint", [address, 9n, 1n]),
    );
    await expect(refusal(mint)).resolves.toBe(`ERC7943CannotReceive(${address})`);
  });

  it("gives back while transfers are paused, but takes nothing", async () => {
    const { credit, operator } = system;
    const { address, move } = await poolParty();
    await move(operator.address, address, 10n);
    await credit.setPaused(true);
    await expect(refusal(move(operator.address, address, 1n))).resolves.toBe("TransfersPaused()");
    await move(address, operator.address, 10n);
    await expect(credit.balanceOf(address, BATCH)).resolves.toBe(0n);
  });

  it("holds what can't be frozen, moved by force or retired by order, suspended or not", async () => {
    const { credit, participants, operator, regulator } = system;
    const { address, move } = await poolParty();
    await move(operator.address, address, baseUnits(1n));
    for (const status of [1, 2]) {
      await participants.connect(regulator).setStatus(address, status);
      const orders = credit.connect(regulator);
      await expect(refusal(orders.setFrozenTokens(address, BATCH, 1n))).resolves.toBe(
        `HeldByPool(${address})`,
      );
      await expect(refusal(orders.forcedTransfer(address, operator.address, BATCH, 1n))).resolves.toBe(
        `HeldByPool(${address})`,
      );
      const releasing = orders.forcedTransferReleasing(address, operator.address, BATCH, 1n, []);
      await expect(refusal(releasing)).resolves.toBe(`HeldByPool(${address})`);
      await expect(refusal(burnByOrder(address, baseUnits(1n)))).resolves.toBe(`HeldByPool(${address})`);
    }
  });

  it("that was frozen before it became one can be given free", async () => {
    const { ethers, credit, participants, regulator, outsider } = system;
    await credit.connect(regulator).setFrozenTokens(outsider.address, BATCH, 5n);
    await participants.appoint(admissionOf(ethers, outsider.address, KIND.pool), 0);
    await credit.connect(regulator).setFrozenTokens(outsider.address, BATCH, 0n);
    await expect(credit.getFrozenTokens(outsider.address, BATCH)).resolves.toBe(0n);
  });
});

/** As the retirement registry. */
async function burnByOrder(holder: string, amount: bigint) {
  const registry = await retirementRegistry();
  return system.credit.connect(registry).burnByOrder(system.regulator.address, holder, BATCH, amount, []);
}
async function retirementRegistry() {
  const { ethers, retirements } = system;
  const address = await retirements.getAddress();
  await ethers.provider.send("hardhat_setBalance", [address, "0xde0b6b3a7640000"]);
  return ethers.getImpersonatedSigner(address);
}

const amountOf = (milligrams: bigint) => ({ batchId: BATCH, milligrams });

describe("minting and burning", () => {
  it("are for the issuers and the retirement registry alone", async () => {
    const { credit, operator, admin, disputes } = system;
    for (const other of [operator, admin, disputes]) {
      const asOther = credit.connect(other);
      const [issuer, registry] = [
        `CallerNotIssuer(${other.address})`,
        `CallerNotRetirements(${other.address})`,
      ];
      await expect(refusal(asOther.mint(operator.address, BATCH, 1n))).resolves.toBe(issuer);
      await expect(refusal(asOther.burnByIssuer(operator.address, BATCH, baseUnits(1n)))).resolves.toBe(
        issuer,
      );
      await expect(refusal(asOther.burnForRetirement(operator.address, [amountOf(1n)]))).resolves.toBe(
        registry,
      );
      await expect(
        refusal(asOther.burnByOrder(other.address, operator.address, BATCH, baseUnits(1n), [])),
      ).resolves.toBe(registry);
    }
    const registry = await retirementRegistry();
    await expect(refusal(credit.connect(registry).mint(operator.address, BATCH, 1n))).resolves.toMatch(
      /^CallerNotIssuer/,
    );
    await expect(
      refusal(credit.connect(registry).burnByIssuer(operator.address, BATCH, 1n)),
    ).resolves.toMatch(/^CallerNotIssuer/);
  });

  it("of a fraction of a milligram is refused for a burn", async () => {
    const { credit, operator, externalUnits } = system;
    const registry = credit.connect(await retirementRegistry());
    for (const amount of [1n, baseUnits(1n) - 1n, baseUnits(1n) + 1n]) {
      const expected = `NotWholeMilligrams(${String(amount)})`;
      await expect(refusal(burnByOrder(operator.address, amount))).resolves.toBe(expected);
      const byIssuer = credit.interface.encodeFunctionData("burnByIssuer", [operator.address, BATCH, amount]);
      await expect(refusal(externalUnits.execute(credit, byIssuer))).resolves.toBe(expected);
    }
    await registry.burnForRetirement(operator.address, [amountOf(1n)]);
    await expect(credit.balanceOf(operator.address, BATCH)).resolves.toBe(ALL - baseUnits(1n));
  });

  it("goes on for a suspended id and while transfers are paused", async () => {
    const { batches, credit, operator, regulator } = system;
    await batches.connect(regulator).suspend(BATCH, 16);
    await credit.setPaused(true);
    await credit.connect(await retirementRegistry()).burnForRetirement(operator.address, [amountOf(1n)]);
    await expect(credit.balanceOf(operator.address, BATCH)).resolves.toBe(ALL - baseUnits(1n));
  });

  it("refuses holders and receivers that are not active", async () => {
    const { credit, externalUnits, outsider } = system;
    const mint = externalUnits.execute(
      credit,
      credit.interface.encodeFunctionData("mint", [outsider.address, 9n, 1n]),
    );
    await expect(refusal(mint)).resolves.toBe(`ERC7943CannotReceive(${outsider.address})`);
    const burn = credit
      .connect(await retirementRegistry())
      .burnForRetirement(outsider.address, [amountOf(0n)]);
    await expect(refusal(burn)).resolves.toBe(`ERC7943CannotSend(${outsider.address})`);
  });

  it("needs every dependency", async () => {
    const { ethers, manager, participants, batches, externalUnits, retirements } = system;
    const good = { participants, batches, externalUnits, retirements };
    for (const missing of Object.keys(good)) {
      const links = { ...good, [missing]: ethers.ZeroAddress };
      await expect(refusal(ethers.deployContract("CarbonCredit", [manager, links, ""]))).resolves.toBe(
        "ZeroDependency()",
      );
    }
  });
});

describe("the token", () => {
  it("is ERC-1155 and ERC-7943 with 18 decimals, and says so by ERC-165", async () => {
    const { credit } = system;
    for (const id of ["0x01ffc9a7", "0xd9b67a26", "0x0e89341c", "0x41c4fbad"]) {
      await expect(credit.supportsInterface(id)).resolves.toBe(true);
    }
    for (const id of ["0xffffffff", "0x3edbb4c4", "0xbf1ef5fe"])
      await expect(credit.supportsInterface(id)).resolves.toBe(false);
    await expect(credit.decimals()).resolves.toBe(18n);
  });

  it("names the metadata of each id under an address that the access manager's admin sets", async () => {
    const { credit, outsider } = system;
    const id = `0x${"7".padStart(64, "0")}`;
    await expect(credit.uri(BATCH)).resolves.toBe(`https://registry.example/credits/${id}`);
    await expect(refusal(credit.connect(outsider).setBaseUri("x"))).resolves.toBe(
      `AccessManagedUnauthorized(${outsider.address})`,
    );
    await credit.setBaseUri("ipfs://folder/");
    await expect(credit.uri(BATCH)).resolves.toBe(`ipfs://folder/${id}`);
    const [told] = await credit.queryFilter(credit.filters.BaseUriSet());
    expect(told?.args.baseUri).toBe("ipfs://folder/");
  });
});
