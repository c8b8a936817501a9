import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import { commit, freshSystem, WUHAN, type System } from "../support/system.ts";

const ALL_REGIONS = "0x0000000000000000";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});

describe("settings of the batch registry", () => {
  it("are for the access manager's admin alone", async () => {
    const { ethers, batches, outsider, regulator } = system;
    for (const caller of [outsider, regulator]) {
      const stranger = batches.connect(caller);
      const calls = [
        stranger.setQuorum(ALL_REGIONS, 1, 0),
        stranger.setChallengeWindow(0),
        stranger.setLeastClaimPeriod(0),
        stranger.setKeyScheme(ethers.ZeroHash, true),
        stranger.setPaused(true),
      ];
      for (const call of calls)
        await expect(refusal(call)).resolves.toBe(`AccessManagedUnauthorized(${caller.address})`);
    }
  });

  it("are told by events and views", async () => {
    const { ethers, batches } = system;
    await batches.setQuorum(ALL_REGIONS, 5, 7);
    await batches.setQuorum(WUHAN, 3, 32);
    await batches.setChallengeWindow(3_600);
    await batches.setLeastClaimPeriod(30);
    await batches.setPaused(true);
    const other = ethers.id("other");
    await batches.setKeyScheme(other, true);
    await batches.setKeyScheme(other, false);

    expect([...(await batches.quorumOf(ALL_REGIONS))]).toEqual([5n, 7n]);
    expect([...(await batches.quorumOf(WUHAN))]).toEqual([3n, 32n]);
    expect([...(await batches.quorumOf("0x5348000000000000"))]).toEqual([5n, 7n]);
    await expect(batches.challengeWindow()).resolves.toBe(3_600n);
    await expect(batches.leastClaimPeriod()).resolves.toBe(30n);
    await expect(batches.isPaused()).resolves.toBe(true);
    await expect(batches.keySchemeAllowed(other)).resolves.toBe(false);
    const quorums = await batches.queryFilter(batches.filters.QuorumSet());
    expect(quorums.map(({ args }) => [...args])).toEqual([
      [ALL_REGIONS, 2n, 0n],
      [ALL_REGIONS, 5n, 7n],
      [WUHAN, 3n, 32n],
    ]);
    expect(
      (await batches.queryFilter(batches.filters.ChallengeWindowSet())).map(({ args }) => args.window),
    ).toEqual([0n, 3_600n]);
    expect(
      (await batches.queryFilter(batches.filters.LeastClaimPeriodSet())).map(({ args }) => args.leastDays),
    ).toEqual([30n]);
    expect((await batches.queryFilter(batches.filters.PausedSet())).map(({ args }) => args.paused)).toEqual([
      true,
    ]);
    const schemes = await batches.queryFilter(batches.filters.KeySchemeSet(other));
    expect(schemes.map(({ args }) => args.allowed)).toEqual([true, false]);
  });

  it("know no general threshold of zero, and no verifier set beyond 32", async () => {
    const { batches } = system;
    await expect(refusal(batches.setQuorum(ALL_REGIONS, 0, 0))).resolves.toBe("ThresholdZero()");
    await expect(refusal(batches.setQuorum(WUHAN, 1, 33))).resolves.toBe("VerifierSetOutOfRange(33)");
  });

  it("know no window above 24 bits of seconds, no least claim period above 16 of days", async () => {
    const { ethers, batches, manager, participants, methodologies, credit, retirements, disputes } = system;
    await expect(refusal(batches.setChallengeWindow(2 ** 24))).resolves.toBe(
      "ChallengeWindowTooLong(16777216,16777215)",
    );
    await expect(refusal(batches.setLeastClaimPeriod(2 ** 16))).resolves.toBe(
      "ClaimPeriodTooLong(65536,65535)",
    );
    const links = { participants, methodologies, credit, retirements, disputes };
    const tooLong = ethers.deployContract("BatchRegistry", [manager, links, 1, 2 ** 24]);
    await expect(refusal(tooLong)).resolves.toBe("ChallengeWindowTooLong(16777216,16777215)");
    await batches.setChallengeWindow(2 ** 24 - 1);
    await batches.setLeastClaimPeriod(2 ** 16 - 1);
    await commit(system, { claimPeriodDays: 2 ** 16 - 1 });
    const { challengeWindow, claimPeriodDays } = await batches.batchOf(7n);
    expect([challengeWindow, claimPeriodDays]).toEqual([2n ** 24n - 1n, 2n ** 16n - 1n]);
  });

  it("must name every contract that the registry depends on", async () => {
    const { ethers, manager, participants, methodologies, credit, retirements, disputes } = system;
    const links = { participants, methodologies, credit, retirements, disputes };
    const deploy = (changed: Partial<Record<keyof typeof links, string>>, threshold = 1) =>
      refusal(ethers.deployContract("BatchRegistry", [manager, { ...links, ...changed }, threshold, 0]));
    for (const missing of Object.keys(links))
      await expect(deploy({ [missing]: ethers.ZeroAddress })).resolves.toBe("ZeroDependency()");
    await expect(deploy({}, 0)).resolves.toBe("ThresholdZero()");
  });
});
