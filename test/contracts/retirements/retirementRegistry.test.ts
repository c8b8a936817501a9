import { beforeEach, describe, expect, it } from "vitest";
import { retirementRecordHash } from "../../../src/format/onchain/retirementRecord.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../src/base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { of, refused, retire } from "../support/retirementRefusals.ts";
import { placeBy } from "../support/liens.ts";
import { refusal } from "../support/refusal.ts";
import { give, lienTerms, recordHash, recordsOf, requestOf, retirementIdOf } from "../support/retirements.ts";
import {
  admissionOf,
  baseUnits,
  blockTime,
  CHINA,
  freshSystem,
  issue,
  KIND,
  type System,
} from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  await issue(system, { batchId: 9n, root: system.ethers.id("second"), previousBatchId: 7n });
});

describe("a retirement", () => {
  it("burns the caller's credits, takes the next serials and keeps the whole record's hash", async () => {
    const { ethers, batches, credit, retirements, operator } = system;
    const documentHash = ethers.id("document");
    await retire(system, operator, { documentHash });
    const request = requestOf(system);
    const record = {
      retirementId: retirementIdOf(system, operator),
      holder: operator.address,
      beneficiaryHash: request.beneficiaryHash,
      documentHash,
      purpose: 2n,
      reportingYear: 2025n,
      country: CHINA,
      retiredAt: await blockTime(ethers),
      lines: [{ batchId: 7n, start: 0n, end: 100n }],
    };
    expect(await recordsOf(system)).toEqual([record]);
    await expect(retirements.recordHashOf(record.retirementId)).resolves.toBe(recordHash(system, record));
    await expect(retirements.retirementIdOf(operator.address, request.nonce)).resolves.toBe(
      record.retirementId,
    );
    await expect(credit.balanceOf(operator.address, 7n)).resolves.toBe(baseUnits(800n));
    await expect(credit.totalSupply(7n)).resolves.toBe(baseUnits(800n));
    expect((await batches.batchOf(7n)).retiredMg).toBe(100n);
  });

  it("has the hash that the published format computes", async () => {
    const { ethers, retirements, operator } = system;
    const amounts = [
      { batchId: 7n, milligrams: 3n },
      { batchId: 9n, milligrams: 900n },
    ];
    await retire(system, operator, { purpose: 4, amounts });
    const batchId = (id: bigint) => ethers.toBeHex(id, 32) as BatchId;
    const request = requestOf(system);
    const id = retirementIdOf(system, operator) as RetirementId;
    const hash = retirementRecordHash({
      retirementId: id,
      holder: operator.address.toLowerCase() as Address,
      beneficiaryHash: request.beneficiaryHash as Hex,
      documentHash: request.documentHash as Hex,
      purpose: "product-neutrality",
      reportingYear: 2025,
      country: "CN",
      retiredAt: Number(await blockTime(ethers)) as UnixSeconds,
      lines: [
        { batchId: batchId(7n), start: 0n as Milligrams, end: 3n as Milligrams },
        { batchId: batchId(9n), start: 0n as Milligrams, end: 900n as Milligrams },
      ],
    });
    await expect(retirements.recordHashOf(id)).resolves.toBe(hash);
  });

  it("continues where the one before ended, whoever retires, up to the last minted milligram", async () => {
    const { ethers, credit, operator, corporate } = system;
    await give(system, operator, corporate, 500n);
    await retire(system, operator, of(7n, 1n));
    await retire(system, corporate, of(7n, 500n));
    await retire(system, operator, { nonce: ethers.id("2"), ...of(7n, 399n) });
    expect((await recordsOf(system)).map(({ lines }) => lines)).toEqual([
      [{ batchId: 7n, start: 0n, end: 1n }],
      [{ batchId: 7n, start: 1n, end: 501n }],
      [{ batchId: 7n, start: 501n, end: 900n }],
    ]);
    await expect(credit.totalSupply(7n)).resolves.toBe(0n);
  });

  it("is found by serial: the first of a batch that ends above the position, and only there", async () => {
    const { ethers, retirements, operator } = system;
    const amounts = [
      { batchId: 7n, milligrams: 10n },
      { batchId: 9n, milligrams: 20n },
    ];
    await retire(system, operator, { amounts });
    await retire(system, operator, { nonce: ethers.id("2"), amounts });
    const events = await retirements.queryFilter(retirements.filters.SerialsRetired(9n));
    const ranges = events.map(({ args }) => [args.retirementId, args.start, args.end]);
    const second = retirementIdOf(system, operator, ethers.id("2"));
    expect(ranges).toEqual([
      [retirementIdOf(system, operator), 0n, 20n],
      [second, 20n, 40n],
    ]);
    const record = (await recordsOf(system))[1] as never;
    for (const [batchId, position, there] of [
      [9n, 19n, false],
      [9n, 20n, true],
      [9n, 39n, true],
      [9n, 40n, false],
      [7n, 10n, true],
      [7n, 20n, false],
      [8n, 10n, false],
    ] as const) {
      await expect(
        retirements.covers(record, batchId, position),
        `${String(batchId)} ${String(position)}`,
      ).resolves.toBe(there);
    }
    const widened = { ...(record as object), lines: [{ batchId: 9n, start: 0n, end: 40n }] } as never;
    await expect(retirements.covers(widened, 9n, 20n)).resolves.toBe(false);
    const unknown = { ...(record as object), retirementId: ethers.id("unknown") } as never;
    await expect(retirements.covers(unknown, 9n, 20n)).resolves.toBe(false);
  });

  it("goes on while ordinary transfers are paused", async () => {
    const { credit, operator } = system;
    await credit.setPaused(true);
    await retire(system, operator);
    await expect(credit.totalSupply(7n)).resolves.toBe(baseUnits(800n));
  });

  it("can use up all that is free of a holding of which a part is pledged and a part frozen", async () => {
    const { credit, operator, regulator } = system;
    await placeBy(system, operator, lienTerms(system, operator), baseUnits(300n));
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, baseUnits(200n));
    await retire(system, operator, of(7n, 400n));
    await expect(credit.balanceOf(operator.address, 7n)).resolves.toBe(baseUnits(500n));
  });

  it("asks nobody for a callback, not even a holder that is a hostile contract", async () => {
    const { ethers, participants, retirements, operator, outsider } = system;
    const party = await ethers.deployContract("ContractParty", [outsider.address]);
    const address = await party.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.corporate), 0);
    await give(system, operator, { address }, 200n);
    const again = retirements.interface.encodeFunctionData("retire", [
      requestOf(system, { nonce: ethers.id("2") }),
    ]);
    await party.arm(retirements, again);
    await party.execute(retirements, retirements.interface.encodeFunctionData("retire", [requestOf(system)]));
    await expect(party.attackRan()).resolves.toBe(false);
    await expect(retirements.ownerOf(retirementIdOf(system, { address }))).resolves.toBe(address);
  });
});

describe("two who race for a retirement", () => {
  it("can't take each other's: the id is bound to the caller", async () => {
    const { retirements, operator, corporate } = system;
    await give(system, operator, corporate, 100n);
    await retire(system, corporate);
    await retire(system, operator);
    const [first, second] = (await recordsOf(system)) as [Record<string, unknown>, Record<string, unknown>];
    expect([first["holder"], second["holder"]]).toEqual([corporate.address, operator.address]);
    for (const holder of [operator, corporate]) {
      await expect(retirements.ownerOf(retirementIdOf(system, holder))).resolves.toBe(holder.address);
    }
  });

  it("for one holder, both approved: one wins, and its certificate stays as it is", async () => {
    const { ethers, credit, retirements, operator, bank, corporate } = system;
    for (const agent of [bank, corporate])
      await credit.connect(operator).setApprovalForAll(agent.address, true);
    await retirements.connect(bank).retireFor(operator.address, requestOf(system));
    const id = retirementIdOf(system, operator);
    const hash = await retirements.recordHashOf(id);
    const other = requestOf(system, { beneficiaryHash: ethers.id("another beneficiary") });
    await expect(
      refused(system, () => retirements.connect(corporate).retireFor(operator.address, other)),
    ).resolves.toBe(`RetirementKnown(${id})`);
    await expect(
      refused(system, () => retire(system, operator, { purpose: 5, ...of(9n, 1n) })),
    ).resolves.toBe(`RetirementKnown(${id})`);
    await expect(retirements.recordHashOf(id)).resolves.toBe(hash);
    await expect(retirements.ownerOf(id)).resolves.toBe(operator.address);
  });
});

describe("a retirement on behalf", () => {
  it("takes credits of a holder that approved the caller, and gives the holder the certificate", async () => {
    const { credit, retirements, operator, bank } = system;
    await credit.connect(operator).setApprovalForAll(bank.address, true);
    await retirements.connect(bank).retireFor(operator.address, requestOf(system));
    expect(await recordsOf(system)).toMatchObject([
      { holder: operator.address, retirementId: retirementIdOf(system, operator) },
    ]);
    await expect(retirements.ownerOf(retirementIdOf(system, operator))).resolves.toBe(operator.address);
    await expect(credit.balanceOf(operator.address, 7n)).resolves.toBe(baseUnits(800n));
    const [event] = await retirements.queryFilter(retirements.filters.Retired());
    expect([event?.args.holder, event?.args.source]).toEqual([operator.address, operator.address]);
  });

  it("is refused without an approval, by one for another holder, and after it was revoked", async () => {
    const { credit, retirements, operator, otherOperator, bank } = system;
    const attempt = () =>
      refused(system, () => retirements.connect(bank).retireFor(operator.address, requestOf(system)));
    const expected = `CallerNotApproved(${bank.address},${operator.address})`;
    await expect(attempt()).resolves.toBe(expected);
    await credit.connect(otherOperator).setApprovalForAll(bank.address, true);
    await expect(attempt()).resolves.toBe(expected);
    await credit.connect(operator).setApprovalForAll(bank.address, true);
    await credit.connect(operator).setApprovalForAll(bank.address, false);
    await expect(attempt()).resolves.toBe(expected);
  });

  it("of a purpose that only a replacement has is refused", async () => {
    const { credit, retirements, operator, bank } = system;
    await credit.connect(operator).setApprovalForAll(bank.address, true);
    const attempt = () =>
      retirements.connect(bank).retireFor(operator.address, requestOf(system, { purpose: 6 }));
    await expect(refused(system, attempt)).resolves.toBe("PurposeOutOfRange(6)");
  });
});

describe("the registry", () => {
  it("needs every dependency", async () => {
    const { ethers, participants, batches, externalUnits, credit } = system;
    const links = { participants, batches, externalUnits, credit };
    for (const missing of Object.keys(links)) {
      const given = { ...links, [missing]: ethers.ZeroAddress };
      await expect(refusal(ethers.deployContract("RetirementRegistry", [given])), missing).resolves.toBe(
        "ZeroDependency()",
      );
    }
  });

  it("is what alone moves cursors and burns for retirement", async () => {
    const { batches, credit, operator, admin } = system;
    const amounts = [{ batchId: 7n, milligrams: 1n }];
    for (const other of [operator, admin]) {
      const expected = `CallerNotRetirements(${other.address})`;
      await expect(refusal(batches.connect(other).recordRetirement(amounts))).resolves.toBe(expected);
      await expect(refusal(batches.connect(other).recordReplacement(7n, operator.address, 1n))).resolves.toBe(
        expected,
      );
      await expect(refusal(credit.connect(other).burnForRetirement(operator.address, amounts))).resolves.toBe(
        expected,
      );
      await expect(
        refusal(credit.connect(other).burnByOrder(other.address, operator.address, 7n, 1n, [])),
      ).resolves.toBe(expected);
    }
  });
});
