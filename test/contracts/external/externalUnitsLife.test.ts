import { beforeEach, describe, expect, it } from "vitest";
import {
  blockOf,
  booksOf,
  freshExternalUnits,
  idOf,
  immobilise,
  MILLIGRAMS_PER_UNIT,
  START,
} from "../support/externalUnits.ts";
import type { ExternalSystem } from "../support/externalUnits.ts";
import { placeBy } from "../support/liens.ts";
import { refusal } from "../support/refusal.ts";
import {
  give,
  lienTerms,
  orderOf,
  recordsOf,
  REPLACEMENT,
  requestOf,
  retirementIdOf,
  WHOLE_BALANCE,
  type Request,
} from "../support/retirements.ts";
import { issue, type Account } from "../support/system.ts";

let system: ExternalSystem;
/** Units 1,000 to 1,999, all the corporate's. */
let id: bigint;
beforeEach(async () => {
  system = await freshExternalUnits();
  id = await immobilise(system);
});

const TONNE = 10n ** 18n;
const of = (milligrams: bigint) => ({ amounts: [{ batchId: id, milligrams }] });
const retire = (milligrams: bigint, changes: Partial<Request> = {}) =>
  system.retirements
    .connect(system.corporate)
    .retireExternal(requestOf(system, { ...of(milligrams), ...changes }));
const release = (count: bigint, holder: Account = system.corporate) =>
  system.units.connect(holder).release(id, count, system.ethers.id("account over there"));
const expectBooks = async (circulating: bigint, retired: bigint, released: bigint) => {
  const books = await booksOf(system, id);
  expect(books).toEqual({ immobilised: 1_000n * MILLIGRAMS_PER_UNIT, circulating, retired, released });
  expect(books.circulating + books.retired + books.released).toBe(books.immobilised);
};

describe("a retirement of external units", () => {
  it("takes the next milligrams from the head of the block, record and certificate as ever", async () => {
    const { ethers, retirements, corporate } = system;
    await retire(1_500_000_000n);
    await retire(1n, { nonce: ethers.id("2") });
    expect(await recordsOf(system)).toMatchObject([
      { holder: corporate.address, lines: [{ batchId: id, start: 0n, end: 1_500_000_000n }] },
      { holder: corporate.address, lines: [{ batchId: id, start: 1_500_000_000n, end: 1_500_000_001n }] },
    ]);
    await expect(retirements.ownerOf(retirementIdOf(system, corporate))).resolves.toBe(corporate.address);
    await expectBooks(998_499_999_999n, 1_500_000_001n, 0n);
  });

  it("works on behalf of a holder and by a regulator's order too", async () => {
    const { ethers, credit, retirements, corporate, bank, regulator } = system;
    const onBehalf = () =>
      retirements.connect(bank).retireExternalFor(corporate.address, requestOf(system, of(10n)));
    await expect(refusal(onBehalf())).resolves.toBe(
      `CallerNotApproved(${bank.address},${corporate.address})`,
    );
    await credit.connect(corporate).setApprovalForAll(bank.address, true);
    await onBehalf();
    await credit.connect(regulator).setFrozenTokens(corporate.address, id, 1_000n * TONNE);
    await credit.connect(corporate).safeTransferFrom(corporate.address, corporate.address, id, 0n, "0x");
    const order = (caller: Account, nonce: string) => {
      const request = orderOf(system, { nonce: ethers.id(nonce), ...of(WHOLE_BALANCE) });
      return retirements.connect(caller).retireExternalByOrder(corporate.address, request, [[]]);
    };
    await expect(refusal(order(bank, "1"))).resolves.toBe(`CallerNotEntitled(${bank.address},8192)`);
    await order(regulator, "1");
    await expect(retirements.ownerOf(retirementIdOf(system, regulator, ethers.id("1")))).resolves.toBe(
      corporate.address,
    );
    await expectBooks(0n, 1_000n * MILLIGRAMS_PER_UNIT, 0n);
  });

  it("is refused of what is pledged or frozen, beyond the balance, and of an id that is none", async () => {
    const { credit, operator, corporate, regulator } = system;
    const all = 1_000n * MILLIGRAMS_PER_UNIT;
    await credit.connect(regulator).setFrozenTokens(corporate.address, id, TONNE);
    await expect(refusal(retire(all))).resolves.toMatch(/^ERC7943InsufficientUnfrozenBalance/);
    await credit.connect(regulator).setFrozenTokens(corporate.address, id, 0n);
    await placeBy(system, corporate, { ...lienTerms(system, corporate), tokenId: id }, 1n);
    await expect(refusal(retire(all))).resolves.toMatch(/^ERC7943InsufficientUnfrozenBalance/);
    await give(system, corporate, operator, 1n, id);
    await expect(refusal(retire(all))).resolves.toMatch(/^ERC1155InsufficientBalance/);
    await expect(refusal(retire(all + 1n))).resolves.toBe(
      `RetirementExceedsUnits(${String(all + 1n)},${String(all)})`,
    );
    await expect(refusal(retire(1n, { amounts: [{ batchId: 7n, milligrams: 1n }] }))).resolves.toBe(
      "UnitsUnknown(7)",
    );
  });

  it("is no retirement of a batch, and the other way round: each id has one issuer", async () => {
    const { retirements, corporate, operator } = system;
    await issue(system);
    const asBatch = retirements.connect(corporate).retire(requestOf(system, of(1n)));
    await expect(refusal(asBatch)).resolves.toBe(`BatchNotMinted(${String(id)})`);
    const asUnits = retirements.connect(operator).retireExternal(requestOf(system));
    await expect(refusal(asUnits)).resolves.toBe("UnitsUnknown(7)");
  });

  it("does not make a batch's shortfall good", async () => {
    const { batches, disputes, operator, corporate, retirements } = system;
    await issue(system);
    await batches.connect(disputes).strike(7n, 0, 0n, 150n);
    await give(system, corporate, operator, 50n, id);
    const attempt = retirements
      .connect(operator)
      .replaceShortfall(7n, requestOf(system, { purpose: REPLACEMENT, ...of(50n) }));
    await expect(refusal(attempt)).resolves.toBe(`BatchNotMinted(${String(id)})`);
    const plainly = retirements
      .connect(operator)
      .retireExternal(requestOf(system, { purpose: REPLACEMENT, ...of(50n) }));
    await expect(refusal(plainly)).resolves.toBe("PurposeOutOfRange(6)");
  });

  it("moves the cursor by the retirement registry alone", async () => {
    const { units, admin, corporate } = system;
    for (const caller of [admin, corporate]) {
      const attempt = units.connect(caller).recordRetirement([{ batchId: id, milligrams: 1n }]);
      await expect(refusal(attempt)).resolves.toBe(`CallerNotRetirements(${caller.address})`);
    }
  });
});

describe("a release", () => {
  it("burns whole units of the caller and frees the block's last ones for the account it names", async () => {
    const { ethers, credit, units, corporate, registryId } = system;
    await release(300n);
    await expect(credit.balanceOf(corporate.address, id)).resolves.toBe(700n * TONNE);
    await expectBooks(700n * MILLIGRAMS_PER_UNIT, 0n, 300n * MILLIGRAMS_PER_UNIT);
    const [event] = await units.queryFilter(units.filters.UnitsReleased(id, corporate.address));
    expect([event?.args.first, event?.args.end, event?.args.destinationHash]).toEqual([
      1_700n,
      2_000n,
      ethers.id("account over there"),
    ]);
    await expect(units.neighbourOf(registryId, blockOf(system).prefix, 9_999n)).resolves.toEqual([
      1_000n,
      1_700n,
      START,
    ]);
    await release(1n);
    const events = await units.queryFilter(units.filters.UnitsReleased(id));
    expect(events.map(({ args }) => [args.first, args.end])).toEqual([
      [1_700n, 2_000n],
      [1_699n, 1_700n],
    ]);
  });

  it("is open to any holder, not only the first", async () => {
    const { operator, corporate, credit } = system;
    await give(system, corporate, operator, 2n * MILLIGRAMS_PER_UNIT, id);
    await release(2n, operator);
    await expect(credit.balanceOf(operator.address, id)).resolves.toBe(0n);
    await expectBooks(998n * MILLIGRAMS_PER_UNIT, 0n, 2n * MILLIGRAMS_PER_UNIT);
  });

  it("lets the freed units be immobilised again, by a new statement, and no others", async () => {
    await release(300n);
    const again = { first: 1_700n, end: 2_000n, documentHash: system.ethers.id("immobilisation 2") };
    await expect(refusal(immobilise(system, { ...again, first: 1_699n }))).resolves.toBe(
      "RangeTaken(1000,1700)",
    );
    const second = await immobilise(system, again, { hint: 1_000n });
    expect(second).not.toBe(id);
    expect(await booksOf(system, second)).toMatchObject({ circulating: 300n * MILLIGRAMS_PER_UNIT });
    await expect(refusal(immobilise(system))).resolves.toBe(`UnitsKnown(${String(id)})`);
  });

  it("of the whole block takes it off the line, but its id stays used", async () => {
    const { units, registryId, ethers } = system;
    await immobilise(system, { first: 500n, end: 600n });
    await immobilise(system, { first: 5_000n, end: 6_000n });
    await release(1_000n);
    await expectBooks(0n, 0n, 1_000n * MILLIGRAMS_PER_UNIT);
    const { prefix } = blockOf(system);
    await expect(units.neighbourOf(registryId, prefix, 4_000n)).resolves.toEqual([500n, 600n, 5_000n]);
    await expect(refusal(immobilise(system))).resolves.toBe(`UnitsKnown(${String(id)})`);
    await expect(refusal(immobilise(system, { first: 1_500n, end: 1_600n }, { hint: 1_000n }))).resolves.toBe(
      "HintUnfit(1000)",
    );
    const second = await immobilise(system, { documentHash: ethers.id("immobilisation 2") }, { hint: 500n });
    expect(await booksOf(system, second)).toMatchObject({
      circulating: 1_000n * MILLIGRAMS_PER_UNIT,
      retired: 0n,
      released: 0n,
    });
    await expectBooks(0n, 0n, 1_000n * MILLIGRAMS_PER_UNIT);
  });

  it("never frees a unit of which a milligram was retired", async () => {
    await retire(1n);
    await expect(refusal(release(1_000n))).resolves.toBe("ReleaseOutOfRange(1000,999)");
    await release(999n);
    await expectBooks(999_999_999n, 1n, 999n * MILLIGRAMS_PER_UNIT);
    await expect(refusal(release(1n))).resolves.toBe("ReleaseOutOfRange(1,0)");
    const taken = immobilise(system, { documentHash: system.ethers.id("2"), end: 1_001n });
    await expect(refusal(taken)).resolves.toBe("RangeTaken(1000,1001)");
    await retire(999_999_999n, { nonce: system.ethers.id("2") });
    await expectBooks(0n, MILLIGRAMS_PER_UNIT, 999n * MILLIGRAMS_PER_UNIT);
  });

  it("is refused of nothing, beyond the block or the balance, to nowhere, and of an unknown id", async () => {
    const { ethers, units, operator, corporate } = system;
    await expect(refusal(release(0n))).resolves.toBe("ReleaseOutOfRange(0,1000)");
    await expect(refusal(release(1_001n))).resolves.toBe("ReleaseOutOfRange(1001,1000)");
    await expect(refusal(release(2n ** 64n - 1n))).resolves.toBe(
      `ReleaseOutOfRange(${String(2n ** 64n - 1n)},1000)`,
    );
    await give(system, corporate, operator, MILLIGRAMS_PER_UNIT - 1n, id);
    await expect(refusal(release(1n, operator))).resolves.toMatch(/^ERC1155InsufficientBalance/);
    const mine = units.connect(corporate);
    await expect(refusal(mine.release(id, 1n, ethers.ZeroHash))).resolves.toBe("DestinationMissing()");
    await expect(refusal(mine.release(7n, 1n, ethers.id("x")))).resolves.toBe("UnitsUnknown(7)");
    await expectBooks(1_000n * MILLIGRAMS_PER_UNIT, 0n, 0n);
  });

  it("is refused of what is pledged or frozen, and to a holder that is not active", async () => {
    const { credit, participants, corporate, regulator } = system;
    await placeBy(system, corporate, { ...lienTerms(system, corporate), tokenId: id }, TONNE);
    await expect(refusal(release(1_000n))).resolves.toMatch(/^ERC7943InsufficientUnfrozenBalance/);
    await credit.connect(regulator).setFrozenTokens(corporate.address, id, 998n * TONNE);
    await expect(refusal(release(2n))).resolves.toMatch(/^ERC7943InsufficientUnfrozenBalance/);
    await participants.connect(regulator).setStatus(corporate.address, 2);
    await expect(refusal(release(1n))).resolves.toBe(`ERC7943CannotSend(${corporate.address})`);
    await participants.connect(regulator).setStatus(corporate.address, 1);
    await release(1n);
  });
});

describe("a suspended block", () => {
  it("neither moves, nor retires, nor is released; a regulator's move by force still works", async () => {
    const { credit, units, registryOperator, regulator, corporate, operator, retirements } = system;
    await units.connect(registryOperator).suspend(id);
    const send = credit
      .connect(corporate)
      .safeTransferFrom(corporate.address, operator.address, id, 1n, "0x");
    await expect(refusal(send)).resolves.toBe(`TransferSuspended(${String(id)})`);
    const suspended = `UnitsSuspended(${String(id)},1)`;
    await expect(refusal(retire(1n))).resolves.toBe(suspended);
    await expect(refusal(release(1n))).resolves.toBe(suspended);
    const order = retirements
      .connect(regulator)
      .retireExternalByOrder(corporate.address, orderOf(system, of(1n)), [[]]);
    await expect(refusal(order)).resolves.toBe(suspended);
    await credit.connect(regulator).forcedTransfer(corporate.address, operator.address, id, 1n);
    await units.connect(registryOperator).reinstate(id);
    await retire(1n);
    await release(1n);
    await give(system, corporate, operator, 1n, id);
  });

  it("is so while its registry or a regulator says so; each lifts its own cause", async () => {
    const { credit, units, registryOperator, regulator } = system;
    const state = async () => [(await units.unitsOf(id)).suspension, await credit.isSuspended(id)];
    const byRegistry = units.connect(registryOperator);
    const byOrder = units.connect(regulator);
    await byRegistry.suspend(id);
    expect(await state()).toEqual([1n, true]);
    await byOrder.suspend(id);
    expect(await state()).toEqual([3n, true]);
    await byRegistry.suspend(id);
    await byRegistry.reinstate(id);
    expect(await state()).toEqual([2n, true]);
    await byRegistry.reinstate(id);
    expect(await state()).toEqual([2n, true]);
    await byOrder.reinstate(id);
    expect(await state()).toEqual([0n, false]);
    const events = await units.queryFilter(units.filters.SuspensionSet(id));
    expect(events.map(({ args }) => args.causes)).toEqual([1n, 3n, 2n, 0n]);
    const switches = await credit.queryFilter(credit.filters.SuspensionSet(id));
    expect(switches.map(({ args }) => args.suspended)).toEqual([true, false]);
  });

  it("leaves the others of its line alone", async () => {
    const { credit, units, registryOperator } = system;
    const other = await immobilise(system, { first: 1n, end: 2n });
    await units.connect(registryOperator).suspend(id);
    await expect(credit.isSuspended(other)).resolves.toBe(false);
  });

  it("can't be made or unmade by anybody else, nor by another's or an inactive operator", async () => {
    const { ethers, participants, units, admin, corporate, regulator, registryOperator, registryId } = system;
    const refused = (who: Account) => `CallerNotEntitled(${who.address},${registryId})`;
    const switches = async (who: Account, expected: string) => {
      await expect(refusal(units.connect(who).suspend(id))).resolves.toBe(expected);
      await expect(refusal(units.connect(who).reinstate(id))).resolves.toBe(expected);
    };
    for (const who of [admin, corporate]) await switches(who, refused(who));
    await units.setRegistryOperator(registryId, corporate.address);
    await units.setRegistryOperator(ethers.id("GS"), registryOperator.address);
    for (const who of [corporate, registryOperator]) await switches(who, refused(who));
    await units.setRegistryOperator(registryId, registryOperator.address);
    await participants.connect(regulator).setStatus(registryOperator.address, 2);
    await switches(registryOperator, refused(registryOperator));
    await expect(refusal(units.connect(regulator).suspend(7n))).resolves.toBe("UnitsUnknown(7)");
    await expect(refusal(units.connect(regulator).reinstate(7n))).resolves.toBe("UnitsUnknown(7)");
  });
});

describe("the id of a block", () => {
  it("is unknown before and its books are empty", async () => {
    const { credit, units } = system;
    const unknown = idOf(system, blockOf(system, { first: 1n }));
    await expect(credit.totalSupply(unknown)).resolves.toBe(0n);
    expect((await units.unitsOf(unknown)).units).toBe(0n);
    await expect(units.circulatingOf(unknown)).resolves.toBe(0n);
  });
});
