import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import { freshSystem, WUHAN, type System } from "../support/system.ts";

const ALL_REGIONS = "0x0000000000000000";

let system: System;
let [classes, plausibility, first, second] = ["", "", "", ""];
beforeEach(async () => {
  system = await freshSystem();
  const { id } = system.ethers;
  [classes, plausibility] = [id("scenario-classes"), id("plausibility")];
  [first, second] = [id("one"), id("two")];
});

describe("a list of rules", () => {
  it("is published version by version, each kind and region for itself, for good", async () => {
    const { ethers, methodologies } = system;
    await methodologies.publishRules(classes, ALL_REGIONS, 1, first);
    await methodologies.publishRules(classes, ALL_REGIONS, 2, second);
    await methodologies.publishRules(plausibility, WUHAN, 1, second);

    await expect(methodologies.rulesVersionOf(classes, ALL_REGIONS)).resolves.toBe(2n);
    await expect(methodologies.rulesVersionOf(plausibility, WUHAN)).resolves.toBe(1n);
    await expect(methodologies.rulesVersionOf(plausibility, ALL_REGIONS)).resolves.toBe(0n);
    await expect(methodologies.rulesVersionOf(classes, WUHAN)).resolves.toBe(0n);
    const hashes = [0, 1, 2, 3].map((version) => methodologies.rulesHashOf(classes, ALL_REGIONS, version));
    expect(await Promise.all(hashes)).toEqual([ethers.ZeroHash, first, second, ethers.ZeroHash]);
    await expect(methodologies.rulesHashOf(plausibility, WUHAN, 1)).resolves.toBe(second);
    await expect(methodologies.rulesHashOf(classes, WUHAN, 1)).resolves.toBe(ethers.ZeroHash);
    await expect(methodologies.rulesHashOf(classes, ALL_REGIONS, 2 ** 32 - 1)).resolves.toBe(ethers.ZeroHash);
    const events = await methodologies.queryFilter(methodologies.filters.RulesPublished(classes));
    expect(events.map(({ args }) => [args.region, args.version, args.hash])).toEqual([
      [ALL_REGIONS, 1n, first],
      [ALL_REGIONS, 2n, second],
    ]);
  });

  it("has no gaps, and no version twice", async () => {
    const { methodologies } = system;
    const publish = (version: number) => refusal(methodologies.publishRules(classes, WUHAN, version, second));
    const mismatch = (version: number, next: number) =>
      `RulesVersionNotNext(${classes},${WUHAN},${String(version)},${String(next)})`;
    for (const version of [0, 2, 2 ** 32 - 1])
      await expect(publish(version)).resolves.toBe(mismatch(version, 1));
    await methodologies.publishRules(classes, WUHAN, 1, first);
    for (const version of [0, 1, 3]) await expect(publish(version)).resolves.toBe(mismatch(version, 2));
    await expect(methodologies.rulesHashOf(classes, WUHAN, 1)).resolves.toBe(first);
  });

  it("has a kind and a hash, and is published by the access manager's admin alone", async () => {
    const { ethers, methodologies, outsider, registrar } = system;
    for (const [kind, hash] of [
      [ethers.ZeroHash, first],
      [classes, ethers.ZeroHash],
    ] as const)
      await expect(refusal(methodologies.publishRules(kind, WUHAN, 1, hash))).resolves.toBe(
        "RulesIncomplete()",
      );
    for (const caller of [outsider, registrar])
      await expect(
        refusal(methodologies.connect(caller).publishRules(classes, WUHAN, 1, first)),
      ).resolves.toBe(`AccessManagedUnauthorized(${caller.address})`);
  });
});
