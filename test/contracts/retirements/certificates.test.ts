import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import { requestOf, retirementIdOf } from "../support/retirements.ts";
import { freshSystem, issue, type System } from "../support/system.ts";

let system: System;
let id: string;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  await system.retirements.connect(system.operator).retire(requestOf(system));
  id = retirementIdOf(system, system.operator);
});

/** Guardians replace the operator's lost wallet by the outsider's. */
async function loseOperatorsWallet(): Promise<void> {
  const { ethers, participants, operator, outsider, guardians } = system;
  const recovery = {
    lost: operator.address,
    replacement: outsider.address,
    reasonHash: ethers.id("case"),
    deadline: 2n ** 40n,
  };
  const domain = {
    name: "Microtonne ParticipantRegistry",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await participants.getAddress(),
  };
  const fields = ["address lost", "address replacement", "bytes32 reasonHash", "uint64 deadline"].map(
    (field) => {
      const [type, name] = field.split(" ") as [string, string];
      return { name, type };
    },
  );
  const signatures = await Promise.all(
    guardians.slice(0, 2).map((one) => one.signTypedData(domain, { Recovery: fields }, recovery)),
  );
  await participants.announceRecovery(recovery, signatures);
  await participants.completeRecovery(operator.address);
}

describe("a certificate", () => {
  it("is a locked token of the retirement's id, the holder's from the start", async () => {
    const { ethers, retirements, operator } = system;
    await expect(retirements.ownerOf(id)).resolves.toBe(operator.address);
    await expect(retirements.balanceOf(operator.address)).resolves.toBe(1n);
    await expect(retirements.locked(id)).resolves.toBe(true);
    const [event] = await retirements.queryFilter(retirements.filters.Locked());
    expect(event?.args.tokenId).toBe(BigInt(id));
    const [transfer] = await retirements.queryFilter(retirements.filters.Transfer());
    expect([transfer?.args.from, transfer?.args.to, transfer?.args.tokenId]).toEqual([
      ethers.ZeroAddress,
      operator.address,
      BigInt(id),
    ]);
  });

  it("says that it is bound: ERC-165, ERC-721, its metadata and ERC-5192", async () => {
    const { retirements } = system;
    for (const interfaceId of ["0x01ffc9a7", "0x80ac58cd", "0x5b5e139f", "0xb45a3c0e"]) {
      await expect(retirements.supportsInterface(interfaceId), interfaceId).resolves.toBe(true);
    }
    await expect(retirements.supportsInterface("0xffffffff")).resolves.toBe(false);
  });

  it("never moves by its owner, nor by anybody else, whichever way", async () => {
    const { retirements, operator, corporate, admin } = system;
    const data = "safeTransferFrom(address,address,uint256,bytes)";
    for (const caller of [operator, corporate, admin]) {
      const mine = retirements.connect(caller);
      const moves = [
        () => mine.transferFrom(operator.address, corporate.address, id),
        () => mine["safeTransferFrom(address,address,uint256)"](operator.address, corporate.address, id),
        () => mine[data](operator.address, corporate.address, id, "0x"),
        () => mine.transferFrom(operator.address, operator.address, id),
        () => mine.approve(corporate.address, id),
      ];
      for (const move of moves)
        await expect(refusal(move())).resolves.toBe(`CertificateLocked(${String(BigInt(id))})`);
      await expect(refusal(mine.setApprovalForAll(corporate.address, true))).resolves.toBe(
        "CertificatesLocked()",
      );
    }
    await expect(retirements.ownerOf(id)).resolves.toBe(operator.address);
  });

  it("that does not exist is neither locked nor described", async () => {
    const { retirements } = system;
    await expect(refusal(retirements.locked(1n))).resolves.toBe("ERC721NonexistentToken(1)");
    await expect(refusal(retirements.tokenURI(1n))).resolves.toBe("ERC721NonexistentToken(1)");
  });

  it("describes itself from the chain alone: ids and the record's hash", async () => {
    const { ethers, retirements } = system;
    const [head, body] = (await retirements.tokenURI(id)).split(",") as [string, string];
    expect(head).toBe("data:application/json;base64");
    const text = JSON.parse(Buffer.from(body, "base64").toString("utf8")) as Record<string, unknown>;
    expect(text).toEqual({
      name: `Retirement certificate ${id}`,
      description: expect.stringMatching(/^[A-Z].*\.$/) as unknown,
      properties: {
        chainId: String((await ethers.provider.getNetwork()).chainId),
        registry: await retirements.getAddress(),
        retirementId: id,
        recordHash: await retirements.recordHashOf(id),
      },
    });
  });
});

describe("the certificate of a recovered wallet", () => {
  it("follows to the replacement, id and record unchanged, whoever asks", async () => {
    const { retirements, operator, outsider, corporate } = system;
    const hash = await retirements.recordHashOf(id);
    await loseOperatorsWallet();
    await retirements.connect(corporate).recoverCertificates(operator.address, [id]);
    await expect(retirements.ownerOf(id)).resolves.toBe(outsider.address);
    await expect(retirements.balanceOf(operator.address)).resolves.toBe(0n);
    await expect(retirements.locked(id)).resolves.toBe(true);
    await expect(retirements.recordHashOf(id)).resolves.toBe(hash);
    const move = retirements.connect(outsider).transferFrom(outsider.address, corporate.address, id);
    await expect(refusal(move)).resolves.toBe(`CertificateLocked(${String(BigInt(id))})`);
  });

  it("stays where the wallet was not replaced, or where it is another's or none", async () => {
    const { ethers, credit, retirements, operator, outsider, corporate } = system;
    await expect(refusal(retirements.recoverCertificates(operator.address, [id]))).resolves.toBe(
      `NotRecovered(${operator.address})`,
    );
    await credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 7n, 10n ** 9n, "0x");
    const amounts = [{ batchId: 7n, milligrams: 1n }];
    await retirements.connect(corporate).retire(requestOf(system, { amounts }));
    const others = retirementIdOf(system, corporate);
    await loseOperatorsWallet();
    const wrong = (certificate: string, owner: string) =>
      `ERC721IncorrectOwner(${operator.address},${String(BigInt(certificate))},${owner})`;
    await expect(refusal(retirements.recoverCertificates(operator.address, [id, others]))).resolves.toBe(
      wrong(others, corporate.address),
    );
    const none = ethers.id("none");
    await expect(refusal(retirements.recoverCertificates(operator.address, [none]))).resolves.toBe(
      wrong(none, ethers.ZeroAddress),
    );
    await expect(refusal(retirements.recoverCertificates(operator.address, [id, id]))).resolves.toBe(
      wrong(id, outsider.address),
    );
    await expect(retirements.ownerOf(id)).resolves.toBe(operator.address);
  });
});
