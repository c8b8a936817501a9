import { beforeEach, describe, expect, it } from "vitest";
import { asRetirements, booksOf, CAUSE, fallShort, strike, suspensionOf } from "../support/safety.ts";
import { refusal } from "../support/refusal.ts";
import { baseUnits, freshSystem, issue, type System } from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});

describe("a cure by burning", () => {
  it("takes the operator's own grams out of circulation and, all cured, ends the suspension", async () => {
    const { batches, credit, operator } = system;
    await fallShort(system);
    await batches.connect(operator).cureByBurning(7, 100);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 800n, 0n, 250n, 50n, 0n]);
    await expect(suspensionOf(system)).resolves.toEqual({ causes: CAUSE.shortfall, stopped: true });
    await batches.connect(operator).cureByBurning(7, 50);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 750n, 0n, 250n, 0n, 0n]);
    await expect(suspensionOf(system)).resolves.toEqual({ causes: 0, stopped: false });
    await expect(credit.totalSupply(7)).resolves.toBe(baseUnits(750n));
    await expect(credit.balanceOf(operator.address, 7)).resolves.toBe(baseUnits(750n));
    const events = await batches.queryFilter(batches.filters.ShortfallCured(7, operator.address));
    expect(events.map(({ args }) => [args.milligrams, args.replaced])).toEqual([
      [100n, false],
      [50n, false],
    ]);
  });

  it("leaves other causes of suspension alone", async () => {
    const { batches, operator, regulator } = system;
    await fallShort(system);
    await batches.connect(regulator).suspend(7, CAUSE.order);
    await batches.connect(operator).cureByBurning(7, 150);
    await expect(suspensionOf(system)).resolves.toEqual({ causes: CAUSE.order, stopped: true });
  });

  it("is between one milligram and the shortfall, from what circulates", async () => {
    const { batches, operator } = system;
    const cure = (milligrams: number) => refusal(batches.connect(operator).cureByBurning(7, milligrams));
    await expect(cure(1)).resolves.toBe("BatchUnknown(7)");
    await issue(system);
    await expect(cure(1)).resolves.toBe("CureOutOfRange(1,0)");
    await strike(system, 3, 300, 550);
    await expect(cure(0)).resolves.toBe("CureOutOfRange(0,150)");
    await expect(cure(151)).resolves.toBe("CureOutOfRange(151,150)");
  });

  it("burns nobody else's grams: the operator must hold them, free of freeze and lien", async () => {
    const { batches, credit, operator, corporate, otherOperator, regulator } = system;
    await issue(system);
    await credit
      .connect(operator)
      .safeTransferFrom(operator.address, corporate.address, 7, baseUnits(800n), "0x");
    await strike(system, 3, 300, 550);
    const expected = `CallerNotOperator(${otherOperator.address},${operator.address})`;
    await expect(refusal(batches.connect(otherOperator).cureByBurning(7, 1))).resolves.toBe(expected);
    await expect(refusal(batches.connect(operator).cureByBurning(7, 101))).resolves.toBe(
      `ERC1155InsufficientBalance(${operator.address},` +
        `${String(baseUnits(100n))},${String(baseUnits(101n))},7)`,
    );
    await credit.connect(regulator).setFrozenTokens(operator.address, 7, baseUnits(60n));
    await expect(refusal(batches.connect(operator).cureByBurning(7, 41))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${operator.address},7,` +
        `${String(baseUnits(41n))},${String(baseUnits(40n))})`,
    );
    await batches.connect(operator).cureByBurning(7, 40);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 860n, 0n, 250n, 110n, 0n]);
  });
});

describe("a cure by replacing", () => {
  it("books what was retired of other batches and ends the suspension when all is replaced", async () => {
    const { batches, operator } = system;
    await fallShort(system);
    const registry = await asRetirements(system);
    await registry.recordReplacement(7, operator.address, 149);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 900n, 0n, 250n, 1n, 149n]);
    await expect(suspensionOf(system)).resolves.toEqual({ causes: CAUSE.shortfall, stopped: true });
    await registry.recordReplacement(7, operator.address, 1);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 900n, 0n, 250n, 0n, 150n]);
    await expect(suspensionOf(system)).resolves.toEqual({ causes: 0, stopped: false });
    const events = await batches.queryFilter(batches.filters.ShortfallCured(7));
    expect(events.map(({ args }) => args.replaced)).toEqual([true, true]);
  });

  it("comes from the retirement registry alone, for the batch's operator, within the shortfall", async () => {
    const { batches, operator, otherOperator } = system;
    await fallShort(system);
    await expect(refusal(batches.connect(operator).recordReplacement(7, operator.address, 1))).resolves.toBe(
      `CallerNotRetirements(${operator.address})`,
    );
    const registry = await asRetirements(system);
    await expect(refusal(registry.recordReplacement(7, otherOperator.address, 1))).resolves.toBe(
      `CallerNotOperator(${otherOperator.address},${operator.address})`,
    );
    await expect(refusal(registry.recordReplacement(8, operator.address, 1))).resolves.toBe(
      "BatchUnknown(8)",
    );
    await expect(refusal(registry.recordReplacement(7, operator.address, 0))).resolves.toBe(
      "CureOutOfRange(0,150)",
    );
    await expect(refusal(registry.recordReplacement(7, operator.address, 151))).resolves.toBe(
      "CureOutOfRange(151,150)",
    );
  });
});
