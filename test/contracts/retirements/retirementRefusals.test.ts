import { placeBy } from "../support/liens.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { of, refused, retire } from "../support/retirementRefusals.ts";
import { give, lienTerms, retirementIdOf } from "../support/retirements.ts";
import { baseUnits, commit, freshSystem, issue, type System } from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  await issue(system, { batchId: 9n, root: system.ethers.id("second"), previousBatchId: 7n });
});

describe("a retirement is refused", () => {
  it("the second time with one nonce, whatever else differs", async () => {
    const { retirements, operator } = system;
    await retire(system, operator);
    const id = retirementIdOf(system, operator);
    const before = await retirements.recordHashOf(id);
    await expect(refused(system, () => retire(system, operator))).resolves.toBe(`RetirementKnown(${id})`);
    await expect(
      refused(system, () => retire(system, operator, { purpose: 5, ...of(9n, 1n) })),
    ).resolves.toBe(`RetirementKnown(${id})`);
    await expect(retirements.recordHashOf(id)).resolves.toBe(before);
  });

  it("where it does not say what for, for whom, where and when", async () => {
    const { ethers, operator } = system;
    await expect(refused(system, () => retire(system, operator, { purpose: 0 }))).resolves.toBe(
      "PurposeOutOfRange(0)",
    );
    await expect(refused(system, () => retire(system, operator, { purpose: 6 }))).resolves.toBe(
      "PurposeOutOfRange(6)",
    );
    await expect(refused(system, () => retire(system, operator, { country: "0x0000" }))).resolves.toBe(
      "CountryMalformed(0x0000)",
    );
    await expect(refused(system, () => retire(system, operator, { reportingYear: 0 }))).resolves.toBe(
      "ReportingYearMissing()",
    );
    await expect(
      refused(system, () => retire(system, operator, { beneficiaryHash: ethers.ZeroHash })),
    ).resolves.toBe("BeneficiaryMissing()");
  });

  it("of nothing, of zero, of one batch twice or of batches out of order", async () => {
    const { operator } = system;
    const attempt = async (...amounts: [bigint, bigint][]) =>
      refused(system, () =>
        retire(system, operator, {
          amounts: amounts.map(([batchId, milligrams]) => ({ batchId, milligrams })),
        }),
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
    await expect(refused(system, () => retire(system, operator, of(8n, 1n)))).resolves.toBe(
      "BatchNotMinted(8)",
    );
    await commit(system, { batchId: 11n, root: ethers.id("third"), previousBatchId: 9n });
    await expect(refused(system, () => retire(system, operator, of(11n, 1n)))).resolves.toBe(
      "BatchNotMinted(11)",
    );
  });

  it("of more than was minted, and of more than the caller has", async () => {
    const { credit, operator, corporate } = system;
    await expect(refused(system, () => retire(system, operator, of(7n, 901n)))).resolves.toBe(
      "RetirementExceedsMinted(901,900)",
    );
    await expect(refused(system, () => retire(system, operator, of(7n, 2n ** 64n - 1n)))).resolves.toBe(
      `RetirementExceedsMinted(${String(2n ** 64n - 1n)},900)`,
    );
    await credit
      .connect(operator)
      .safeTransferFrom(operator.address, corporate.address, 7n, baseUnits(2n) - 1n, "0x");
    await expect(refused(system, () => retire(system, corporate, of(7n, 2n)))).resolves.toBe(
      `ERC1155InsufficientBalance(${corporate.address},${String(baseUnits(2n) - 1n)},` +
        `${String(baseUnits(2n))},7)`,
    );
  });

  it("by who is not, or no longer, an active participant", async () => {
    const { participants, registrar, regulator, corporate, operator, outsider } = system;
    await expect(refused(system, () => retire(system, outsider))).resolves.toBe(
      `ERC7943CannotSend(${outsider.address})`,
    );
    await give(system, operator, corporate, 100n);
    await participants.connect(registrar).setStatus(corporate.address, 2);
    await expect(refused(system, () => retire(system, corporate))).resolves.toBe(
      `ERC7943CannotSend(${corporate.address})`,
    );
    await participants.connect(regulator).setStatus(corporate.address, 1);
    await retire(system, corporate);
  });

  it("of what is pledged, until the lien is released", async () => {
    const { credit, operator, bank } = system;
    const terms = lienTerms(system, operator);
    await placeBy(system, operator, terms, baseUnits(801n));
    const free = `${operator.address},7,${String(baseUnits(100n))},${String(baseUnits(99n))}`;
    await expect(refused(system, () => retire(system, operator))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${free})`,
    );
    await credit.connect(bank).releaseLien(terms, baseUnits(1n));
    await retire(system, operator);
  });

  it("of what is frozen", async () => {
    const { credit, operator, regulator } = system;
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, baseUnits(801n));
    const free = `${operator.address},7,${String(baseUnits(100n))},${String(baseUnits(99n))}`;
    await expect(refused(system, () => retire(system, operator))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${free})`,
    );
  });

  it("of a suspended batch, until it is reinstated", async () => {
    const { batches, operator, regulator } = system;
    await batches.connect(regulator).suspend(7n, 16);
    await expect(refused(system, () => retire(system, operator))).resolves.toBe("BatchSuspended(7,16)");
    await batches.connect(regulator).reinstate(7n, 16);
    await retire(system, operator);
  });

  it("in whole where one of its lines is refused", async () => {
    const { operator } = system;
    const amounts = [
      { batchId: 7n, milligrams: 1n },
      { batchId: 9n, milligrams: 901n },
    ];
    await expect(refused(system, () => retire(system, operator, { amounts }))).resolves.toBe(
      "RetirementExceedsMinted(901,900)",
    );
  });
});
