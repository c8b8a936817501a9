import { beforeEach, describe, expect, it } from "vitest";
import { placeBy } from "../support/liens.ts";
import { refusal } from "../support/refusal.ts";
import {
  give,
  lienTerms,
  orderOf,
  recordsOf,
  requestOf,
  retirementIdOf,
  WHOLE_BALANCE,
  type Request,
} from "../support/retirements.ts";
import { admissionOf, baseUnits, freshSystem, issue, KIND, type System } from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  await issue(system, { batchId: 9n, root: system.ethers.id("second"), previousBatchId: 7n });
});

type Liens = ReturnType<typeof lienTerms>[][];
const order = (changes: Partial<Request> = {}, released: Liens = [[]]) =>
  system.retirements
    .connect(system.regulator)
    .retireByOrder(system.operator.address, orderOf(system, changes), released);
const of = (milligrams: bigint) => ({ amounts: [{ batchId: 7n, milligrams }] });
const balance = () => system.credit.balanceOf(system.operator.address, 7n);
const free = (amount: bigint, left: bigint) =>
  `AmountAboveLimit(${String(baseUnits(amount))},${String(baseUnits(left))})`;

describe("a regulator's order", () => {
  it("retires a holder's credits; the record says whose they were, the id is the regulator's", async () => {
    const { ethers, retirements, operator, regulator } = system;
    await order();
    const id = retirementIdOf(system, regulator);
    expect(await recordsOf(system)).toMatchObject([
      {
        retirementId: id,
        holder: operator.address,
        documentHash: ethers.id("order"),
        lines: [{ batchId: 7n, start: 0n, end: 100n }],
      },
    ]);
    const [event] = await retirements.queryFilter(retirements.filters.Retired());
    expect(event?.args.source).toBe(operator.address);
    const [ordered] = await retirements.queryFilter(retirements.filters.RetiredByOrder());
    expect([ordered?.args.retirementId, ordered?.args.regulator]).toEqual([id, regulator.address]);
    await expect(retirements.ownerOf(id)).resolves.toBe(operator.address);
    await expect(balance()).resolves.toBe(baseUnits(800n));
  });

  it("uses the same cursor as everybody", async () => {
    const { retirements, operator } = system;
    await retirements.connect(operator).retire(requestOf(system, of(3n)));
    await order(of(4n));
    await retirements
      .connect(operator)
      .retire(requestOf(system, { nonce: system.ethers.id("2"), ...of(5n) }));
    expect((await recordsOf(system)).flatMap(({ lines }) => lines)).toEqual([
      { batchId: 7n, start: 0n, end: 3n },
      { batchId: 7n, start: 3n, end: 7n },
      { batchId: 7n, start: 7n, end: 12n },
    ]);
  });

  it("of the whole balance rounds it down to the milligram, whatever was moved away before", async () => {
    const { credit, operator, corporate } = system;
    await credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 7n, 1n, "0x");
    await order(of(WHOLE_BALANCE));
    expect(await recordsOf(system)).toMatchObject([{ lines: [{ batchId: 7n, start: 0n, end: 899n }] }]);
    await expect(balance()).resolves.toBe(baseUnits(1n) - 1n);
    await expect(refusal(order({ nonce: system.ethers.id("2"), ...of(WHOLE_BALANCE) }))).resolves.toBe(
      "AmountZero(7)",
    );
  });

  it("makes a freeze give way, so far as it must", async () => {
    const { credit, operator, regulator } = system;
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, baseUnits(850n));
    await order(of(40n));
    await expect(credit.getFrozenTokens(operator.address, 7n)).resolves.toBe(baseUnits(850n));
    await order({ nonce: system.ethers.id("2"), ...of(60n) });
    await expect(credit.getFrozenTokens(operator.address, 7n)).resolves.toBe(baseUnits(800n));
    await expect(balance()).resolves.toBe(baseUnits(800n));
  });

  it("releases the liens that it names, while others hold", async () => {
    const { credit, operator } = system;
    const [one, other] = ["one", "other"].map((name) => lienTerms(system, operator, name)) as [
      Liens[0][0],
      Liens[0][0],
    ];
    for (const terms of [one, other]) await placeBy(system, operator, terms, baseUnits(400n));
    await expect(refusal(order(of(101n)))).resolves.toBe(free(101n, 100n));
    await expect(refusal(order(of(WHOLE_BALANCE)))).resolves.toBe(free(900n, 100n));
    await expect(refusal(order(of(501n), [[one]]))).resolves.toBe(free(501n, 500n));
    await order(of(500n), [[one]]);
    await expect(credit.heldOf(operator.address, 7n)).resolves.toBe(baseUnits(400n));
    expect((await credit.holdOf(await credit.lienIdOf(one), 7n)).amount).toBe(0n);
    await expect(balance()).resolves.toBe(baseUnits(400n));
    const id = await credit.lienIdOf(one);
    await expect(refusal(order({ nonce: system.ethers.id("2"), ...of(1n) }, [[one]]))).resolves.toBe(
      `HoldUnknown(${id})`,
    );
  });

  it("of several batches names the liens of each", async () => {
    const { credit, operator } = system;
    const terms = { ...lienTerms(system, operator), tokenId: 9n };
    await placeBy(system, operator, terms, baseUnits(900n));
    const amounts = [
      { batchId: 7n, milligrams: 1n },
      { batchId: 9n, milligrams: WHOLE_BALANCE },
    ];
    await expect(refusal(order({ amounts }, [[]]))).resolves.toBe("LienListsMismatch(2,1)");
    await expect(refusal(order({ amounts }, [[terms], []]))).resolves.toBe(
      `HoldUnknown(${await credit.lienIdOf(terms)})`,
    );
    await order({ amounts }, [[], [terms]]);
    expect((await recordsOf(system)).flatMap(({ lines }) => lines)).toEqual([
      { batchId: 7n, start: 0n, end: 1n },
      { batchId: 9n, start: 0n, end: 900n },
    ]);
  });

  it("reaches a holder that is suspended", async () => {
    const { participants, regulator, retirements, operator } = system;
    await participants.connect(regulator).setStatus(operator.address, 2);
    await order();
    await expect(retirements.ownerOf(retirementIdOf(system, regulator))).resolves.toBe(operator.address);
  });

  it("does not reach what a pool holds for others", async () => {
    const { ethers, participants, retirements, regulator, otherCorporate, operator } = system;
    await give(system, operator, otherCorporate, 10n);
    await participants.appoint(admissionOf(ethers, otherCorporate.address, KIND.pool), 0);
    const attempt = retirements
      .connect(regulator)
      .retireByOrder(otherCorporate.address, orderOf(system, of(10n)), [[]]);
    await expect(refusal(attempt)).resolves.toBe(`HeldByPool(${otherCorporate.address})`);
  });
});

describe("a regulator's order is refused", () => {
  it("from anybody else, a suspended regulator among them", async () => {
    const { participants, retirements, operator, admin, regulator } = system;
    const attempt = (caller: typeof admin) =>
      retirements.connect(caller).retireByOrder(operator.address, orderOf(system), [[]]);
    for (const caller of [operator, admin]) {
      await expect(refusal(attempt(caller))).resolves.toBe(
        `CallerNotEntitled(${caller.address},${String(KIND.regulator)})`,
      );
    }
    await participants.connect(regulator).setStatus(regulator.address, 2);
    await expect(refusal(attempt(regulator))).resolves.toBe(
      `CallerNotEntitled(${regulator.address},${String(KIND.regulator)})`,
    );
  });

  it("without its document, for a purpose that is none, and the second time", async () => {
    await expect(refusal(order({ documentHash: system.ethers.ZeroHash }))).resolves.toBe("OrderMissing()");
    for (const purpose of [0, 6])
      await expect(refusal(order({ purpose }))).resolves.toBe(`PurposeOutOfRange(${String(purpose)})`);
    await order();
    await expect(refusal(order())).resolves.toBe(
      `RetirementKnown(${retirementIdOf(system, system.regulator)})`,
    );
  });

  it("of more than the holder has, of another id, and while the batch is suspended", async () => {
    const { batches, operator, corporate, regulator } = system;
    await give(system, operator, corporate, 100n);
    const amounts = `${String(baseUnits(800n))},${String(baseUnits(801n))}`;
    const lacking = `ERC1155InsufficientBalance(${operator.address},${amounts},7)`;
    await expect(refusal(order(of(801n)))).resolves.toBe(lacking);
    await expect(refusal(order({ amounts: [{ batchId: 8n, milligrams: 1n }] }))).resolves.toBe(
      "BatchNotMinted(8)",
    );
    await batches.connect(regulator).suspend(7n, 16);
    await expect(refusal(order())).resolves.toBe("BatchSuspended(7,16)");
    await expect(balance()).resolves.toBe(baseUnits(800n));
  });
});
