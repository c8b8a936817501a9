import { beforeEach, describe, expect, it } from "vitest";
import { retirementRecordHash } from "../../../src/format/onchain/retirementRecord.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../src/base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { refusal } from "../support/refusal.ts";
import {
  give,
  lienTerms,
  recordHash,
  recordsOf,
  requestOf,
  retirementIdOf,
  type Request,
} from "../support/retirements.ts";
import {
  admissionOf,
  baseUnits,
  blockTime,
  CHINA,
  commit,
  freshSystem,
  issue,
  KIND,
  type Account,
  type System,
} from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  await issue(system, { batchId: 9n, root: system.ethers.id("second"), previousBatchId: 7n });
});

const retire = (holder: Account, changes: Partial<Request> = {}) =>
  system.retirements.connect(holder).retire(requestOf(system, changes));
const of = (batchId: bigint, milligrams: bigint) => ({ amounts: [{ batchId, milligrams }] });

/** What must not have moved where a retirement was refused. */
async function books() {
  const { batches, credit, operator, corporate } = system;
  const batchIds = [7n, 9n];
  return {
    retired: await Promise.all(batchIds.map(async (id) => (await batches.batchOf(id)).retiredMg)),
    supply: await Promise.all(batchIds.map((id) => credit.totalSupply(id))),
    held: await Promise.all([operator, corporate].map(({ address }) => credit.balanceOf(address, 7n))),
  };
}
async function refused(call: () => Promise<unknown>): Promise<string> {
  const before = await books();
  const reason = await refusal(call());
  expect(await books()).toEqual(before);
  return reason;
}

describe("a retirement", () => {
  it("burns the caller's credits, takes the next serial range and keeps the hash of the whole record", async () => {
    const { ethers, batches, credit, retirements, operator } = system;
    const documentHash = ethers.id("document");
    await retire(operator, { documentHash });
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
    await retire(operator, { purpose: 4, amounts });
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
    await retire(operator, of(7n, 1n));
    await retire(corporate, of(7n, 500n));
    await retire(operator, { nonce: ethers.id("2"), ...of(7n, 399n) });
    expect((await recordsOf(system)).map(({ lines }) => lines)).toEqual([
      [{ batchId: 7n, start: 0n, end: 1n }],
      [{ batchId: 7n, start: 1n, end: 501n }],
      [{ batchId: 7n, start: 501n, end: 900n }],
    ]);
    await expect(credit.totalSupply(7n)).resolves.toBe(0n);
  });

  it("is found by serial: the first of a batch whose range ends above the position, and only there", async () => {
    const { ethers, retirements, operator } = system;
    const amounts = [
      { batchId: 7n, milligrams: 10n },
      { batchId: 9n, milligrams: 20n },
    ];
    await retire(operator, { amounts });
    await retire(operator, { nonce: ethers.id("2"), amounts });
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
    await retire(operator);
    await expect(credit.totalSupply(7n)).resolves.toBe(baseUnits(800n));
  });

  it("can use up all that is free of a holding of which a part is pledged and a part frozen", async () => {
    const { credit, operator, regulator } = system;
    await credit.connect(operator).placeLien(lienTerms(system, operator), baseUnits(300n));
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, baseUnits(200n));
    await retire(operator, of(7n, 400n));
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
    await retire(corporate);
    await retire(operator);
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
      refused(() => retirements.connect(corporate).retireFor(operator.address, other)),
    ).resolves.toBe(`RetirementKnown(${id})`);
    await expect(refused(() => retire(operator, { purpose: 5, ...of(9n, 1n) }))).resolves.toBe(
      `RetirementKnown(${id})`,
    );
    await expect(retirements.recordHashOf(id)).resolves.toBe(hash);
    await expect(retirements.ownerOf(id)).resolves.toBe(operator.address);
  });
});

describe("a retirement on behalf", () => {
  it("takes the credits of a holder that approved the caller; record and certificate are the holder's", async () => {
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
      refused(() => retirements.connect(bank).retireFor(operator.address, requestOf(system)));
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
    await expect(refused(attempt)).resolves.toBe("PurposeOutOfRange(6)");
  });
});

describe("a retirement is refused", () => {
  it("the second time with one nonce, whatever else differs", async () => {
    const { retirements, operator } = system;
    await retire(operator);
    const id = retirementIdOf(system, operator);
    const before = await retirements.recordHashOf(id);
    await expect(refused(() => retire(operator))).resolves.toBe(`RetirementKnown(${id})`);
    await expect(refused(() => retire(operator, { purpose: 5, ...of(9n, 1n) }))).resolves.toBe(
      `RetirementKnown(${id})`,
    );
    await expect(retirements.recordHashOf(id)).resolves.toBe(before);
  });

  it("where it does not say what for, for whom, where and when", async () => {
    const { ethers, operator } = system;
    await expect(refused(() => retire(operator, { purpose: 0 }))).resolves.toBe("PurposeOutOfRange(0)");
    await expect(refused(() => retire(operator, { purpose: 6 }))).resolves.toBe("PurposeOutOfRange(6)");
    await expect(refused(() => retire(operator, { country: "0x0000" }))).resolves.toBe(
      "CountryMalformed(0x0000)",
    );
    await expect(refused(() => retire(operator, { reportingYear: 0 }))).resolves.toBe(
      "ReportingYearMissing()",
    );
    await expect(refused(() => retire(operator, { beneficiaryHash: ethers.ZeroHash }))).resolves.toBe(
      "BeneficiaryMissing()",
    );
  });

  it("of nothing, of zero, of one batch twice or of batches out of order", async () => {
    const { operator } = system;
    const attempt = async (...amounts: [bigint, bigint][]) =>
      refused(() =>
        retire(operator, { amounts: amounts.map(([batchId, milligrams]) => ({ batchId, milligrams })) }),
      );
    await expect(attempt()).resolves.toBe("AmountsMissing()");
    await expect(attempt([7n, 0n])).resolves.toBe("AmountZero(7)");
    await expect(attempt([7n, 1n], [9n, 0n])).resolves.toBe("AmountZero(9)");
    await expect(attempt([7n, 1n], [7n, 1n])).resolves.toBe("BatchesNotAscending(7,7)");
    await expect(attempt([9n, 1n], [7n, 1n])).resolves.toBe("BatchesNotAscending(9,7)");
    await expect(attempt([0n, 1n])).resolves.toBe("BatchesNotAscending(0,0)");
  });

  it("of a batch that is unknown or not minted yet", async () => {
    const { ethers, operator } = system;
    await expect(refused(() => retire(operator, of(8n, 1n)))).resolves.toBe("BatchNotMinted(8)");
    await commit(system, { batchId: 11n, root: ethers.id("third"), previousBatchId: 9n });
    await expect(refused(() => retire(operator, of(11n, 1n)))).resolves.toBe("BatchNotMinted(11)");
  });

  it("of more than was minted, and of more than the caller has", async () => {
    const { credit, operator, corporate } = system;
    await expect(refused(() => retire(operator, of(7n, 901n)))).resolves.toBe(
      "RetirementExceedsMinted(901,900)",
    );
    await expect(refused(() => retire(operator, of(7n, 2n ** 64n - 1n)))).resolves.toBe(
      `RetirementExceedsMinted(${String(2n ** 64n - 1n)},900)`,
    );
    await credit
      .connect(operator)
      .safeTransferFrom(operator.address, corporate.address, 7n, baseUnits(2n) - 1n, "0x");
    await expect(refused(() => retire(corporate, of(7n, 2n)))).resolves.toBe(
      `ERC1155InsufficientBalance(${corporate.address},${String(baseUnits(2n) - 1n)},${String(baseUnits(2n))},7)`,
    );
  });

  it("by who is not, or no longer, an active participant", async () => {
    const { participants, registrar, regulator, corporate, operator, outsider } = system;
    await expect(refused(() => retire(outsider))).resolves.toBe(`ERC7943CannotSend(${outsider.address})`);
    await give(system, operator, corporate, 100n);
    await participants.connect(registrar).setStatus(corporate.address, 2);
    await expect(refused(() => retire(corporate))).resolves.toBe(`ERC7943CannotSend(${corporate.address})`);
    await participants.connect(regulator).setStatus(corporate.address, 1);
    await retire(corporate);
  });

  it("of what is pledged, until the lien is released", async () => {
    const { credit, operator, bank } = system;
    const terms = lienTerms(system, operator);
    await credit.connect(operator).placeLien(terms, baseUnits(801n));
    const free = `${operator.address},7,${String(baseUnits(100n))},${String(baseUnits(99n))}`;
    await expect(refused(() => retire(operator))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${free})`,
    );
    await credit.connect(bank).releaseLien(terms, baseUnits(1n));
    await retire(operator);
  });

  it("of what is frozen", async () => {
    const { credit, operator, regulator } = system;
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, baseUnits(801n));
    const free = `${operator.address},7,${String(baseUnits(100n))},${String(baseUnits(99n))}`;
    await expect(refused(() => retire(operator))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${free})`,
    );
  });

  it("of a suspended batch, until it is reinstated", async () => {
    const { batches, operator, regulator } = system;
    await batches.connect(regulator).suspend(7n, 16);
    await expect(refused(() => retire(operator))).resolves.toBe("BatchSuspended(7,16)");
    await batches.connect(regulator).reinstate(7n, 16);
    await retire(operator);
  });

  it("in whole where one of its lines is refused", async () => {
    const { operator } = system;
    const amounts = [
      { batchId: 7n, milligrams: 1n },
      { batchId: 9n, milligrams: 901n },
    ];
    await expect(refused(() => retire(operator, { amounts }))).resolves.toBe(
      "RetirementExceedsMinted(901,900)",
    );
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
      await expect(refusal(credit.connect(other).burnByOrder(operator.address, 7n, 1n, []))).resolves.toBe(
        expected,
      );
    }
  });
});
