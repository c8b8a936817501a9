import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "./support/refusal.ts";
import { baseUnits, CHINA, freshSystem, issue, KIND, type System } from "./support/system.ts";

let system: System;
const BATCH = 7n;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
});

const send = async (from: { address: string }, to: string, amount: bigint) =>
  system.credit.connect(await system.ethers.getSigner(from.address)).safeTransferFrom(from.address, to, BATCH, amount, "0x");

describe("a transfer", () => {
  it("moves any base unit between active participants", async () => {
    const { credit, operator, corporate } = system;
    await send(operator, corporate.address, 1n);
    await expect(credit.balanceOf(corporate.address, BATCH)).resolves.toBe(1n);
    await expect(credit.balanceOf(operator.address, BATCH)).resolves.toBe(baseUnits(900n) - 1n);
    await expect(credit.totalSupply(BATCH)).resolves.toBe(baseUnits(900n));
  });

  it("to oneself changes nothing", async () => {
    const { credit, operator } = system;
    await send(operator, operator.address, baseUnits(900n));
    await expect(credit.balanceOf(operator.address, BATCH)).resolves.toBe(baseUnits(900n));
  });

  it("to or from an account that is not registered, suspended or expired is refused, even of nothing", async () => {
    const { ethers, credit, participants, operator, corporate, outsider } = system;
    for (const amount of [0n, 1n]) {
      await expect(refusal(send(operator, outsider.address, amount))).resolves.toBe(`HolderNotActive(${outsider.address})`);
    }
    await send(operator, corporate.address, 10n);
    await participants.setStatus(corporate.address, 2);
    await expect(refusal(send(operator, corporate.address, 1n))).resolves.toBe(`HolderNotActive(${corporate.address})`);
    await expect(refusal(send(corporate, operator.address, 1n))).resolves.toBe(`HolderNotActive(${corporate.address})`);
    await participants.setStatus(corporate.address, 1);
    await send(corporate, operator.address, 1n);
    const expiry = 2n ** 33n;
    await participants.update(corporate.address, KIND.corporate, CHINA, expiry, ethers.ZeroHash);
    await ethers.provider.send("evm_setNextBlockTimestamp", [Number(expiry)]);
    await expect(refusal(send(corporate, operator.address, 1n))).resolves.toBe(`HolderNotActive(${corporate.address})`);
    await expect(credit.balanceOf(corporate.address, BATCH)).resolves.toBe(9n);
  });

  it("in a batch call follows the same rules", async () => {
    const { credit, operator, corporate, outsider } = system;
    const move = (to: string) => credit.connect(operator).safeBatchTransferFrom(operator.address, to, [BATCH, BATCH], [1n, 2n], "0x");
    await expect(refusal(move(outsider.address))).resolves.toBe(`HolderNotActive(${outsider.address})`);
    await move(corporate.address);
    await expect(credit.balanceOf(corporate.address, BATCH)).resolves.toBe(3n);
  });

  it("of an empty list, of nobody's credits, is refused where the holder is not active", async () => {
    const { credit, operator, outsider } = system;
    await expect(refusal(credit.connect(outsider).safeBatchTransferFrom(outsider.address, operator.address, [], [], "0x"))).resolves.toBe(
      `HolderNotActive(${outsider.address})`,
    );
  });

  it("by an approved account moves the holder's credits, between active participants only", async () => {
    const { credit, operator, corporate, outsider } = system;
    const move = (to: string) => credit.connect(outsider).safeTransferFrom(operator.address, to, BATCH, 1n, "0x");
    await expect(refusal(move(corporate.address))).resolves.toBe(`ERC1155MissingApprovalForAll(${outsider.address},${operator.address})`);
    await credit.connect(operator).setApprovalForAll(outsider.address, true);
    await move(corporate.address);
    await expect(refusal(move(outsider.address))).resolves.toBe(`HolderNotActive(${outsider.address})`);
  });

  it("of more than there is, of another batch or to nobody is refused", async () => {
    const { ethers, operator, corporate, credit } = system;
    const all = baseUnits(900n);
    await expect(refusal(send(operator, corporate.address, all + 1n))).resolves.toBe(
      `ERC1155InsufficientBalance(${operator.address},${String(all)},${String(all + 1n)},7)`,
    );
    const other = credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 8n, 1n, "0x");
    await expect(refusal(other)).resolves.toMatch(/^ERC1155InsufficientBalance/);
    await expect(refusal(send(operator, ethers.ZeroAddress, 1n))).resolves.toMatch(/^ERC1155InvalidReceiver/);
  });
});

describe("minting and burning", () => {
  it("are for the registries alone", async () => {
    const { credit, operator, admin } = system;
    for (const other of [operator, admin]) {
      await expect(refusal(credit.connect(other).mint(operator.address, BATCH, 1n))).resolves.toBe(`CallerNotBatches(${other.address})`);
      await expect(refusal(credit.connect(other).burnForRetirement(operator.address, BATCH, baseUnits(1n)))).resolves.toBe(
        `CallerNotRetirements(${other.address})`,
      );
    }
  });

  it("of a fraction of a milligram is refused for a burn", async () => {
    const { ethers, credit, retirements, operator } = system;
    const address = await retirements.getAddress();
    await ethers.provider.send("hardhat_setBalance", [address, "0xde0b6b3a7640000"]);
    const registry = credit.connect(await ethers.getImpersonatedSigner(address));
    for (const amount of [1n, baseUnits(1n) - 1n, baseUnits(1n) + 1n]) {
      await expect(refusal(registry.burnForRetirement(operator.address, BATCH, amount))).resolves.toBe(
        `NotWholeMilligrams(${String(amount)})`,
      );
    }
    await registry.burnForRetirement(operator.address, BATCH, baseUnits(1n));
    await expect(credit.totalSupply(BATCH)).resolves.toBe(baseUnits(899n));
  });

  it("need every dependency", async () => {
    const { ethers, participants, batches, retirements } = system;
    const good = [await participants.getAddress(), await batches.getAddress(), await retirements.getAddress()];
    for (const missing of [0, 1, 2]) {
      const given = good.map((address, at) => (at === missing ? ethers.ZeroAddress : address));
      await expect(refusal(ethers.deployContract("CarbonCredit", given))).resolves.toBe("ZeroDependency()");
    }
  });
});

describe("the token", () => {
  it("is ERC-1155 with 18 decimals", async () => {
    const { credit } = system;
    await expect(credit.supportsInterface("0xd9b67a26")).resolves.toBe(true);
    await expect(credit.decimals()).resolves.toBe(18n);
  });
});
