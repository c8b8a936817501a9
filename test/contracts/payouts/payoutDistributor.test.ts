import { beforeEach, describe, expect, it } from "vitest";
import { deployPayouts, leafOf, payoutTree, type Due, type Payouts } from "../support/payouts.ts";
import { refusal } from "../support/refusal.ts";
import { replaceWallet } from "../support/recovery.ts";
import {
  admissionOf,
  blockTime,
  freshSystem,
  KIND,
  plain,
  setNextBlockTime,
  type Account,
  type System,
} from "../support/system.ts";

let system: System;
let cash: Payouts["cash"];
let distributor: Payouts["distributor"];
beforeEach(async () => {
  system = await freshSystem();
  ({ cash, distributor } = await deployPayouts(system));
});

const due = (account: Account, cumulativeAmount: bigint): Due => ({
  account: account.address,
  cumulativeAmount,
});

/** The operator announces an epoch of these leaves, claimable at once; returns what claims of it need. */
async function announce(dues: readonly Due[], changes: { total?: bigint; claimableAt?: bigint } = {}) {
  const { ethers, operator } = system;
  const tree = payoutTree(ethers, dues);
  const claimableAt = changes.claimableAt ?? (await blockTime(ethers)) + 1n;
  await distributor.connect(operator).announce(tree.root, changes.total ?? tree.total, claimableAt);
  const claimOf = (one: Due) => [one.account, one.cumulativeAmount, tree.proofOf(one)] as const;
  return {
    tree,
    claimOf,
    claim: (one: Due, by: Account = operator) => distributor.connect(by).claim(...claimOf(one)),
  };
}

describe("an announcement", () => {
  it("pays in what the total exceeds the last one by", async () => {
    const { corporate, otherCorporate, ethers } = system;
    const first = await announce([due(corporate, 300n), due(otherCorporate, 200n)]);
    await expect(cash.balanceOf(distributor)).resolves.toBe(500n);
    await announce([due(corporate, 700n)]);
    await expect(cash.balanceOf(distributor)).resolves.toBe(700n);
    await announce([due(corporate, 600n)], { total: 700n });
    await expect(cash.balanceOf(distributor)).resolves.toBe(700n);
    expect(plain(await distributor.latest())).toEqual({ epoch: 3n, total: 700n });
    const { number, total, paused } = await distributor.epochOf(first.tree.root);
    expect([number, total, paused]).toEqual([1n, 500n, 0n]);
    const [event] = await distributor.queryFilter(distributor.filters.EpochAnnounced(1));
    expect([event?.args.root, event?.args.total]).toEqual([first.tree.root, 500n]);
    expect((await distributor.epochOf(ethers.id("none"))).number).toBe(0n);
  });

  it("is the operator's, with a new root, counting on, and paid", async () => {
    const { ethers, operator, otherOperator, corporate, participants, regulator } = system;
    const { tree } = await announce([due(corporate, 500n)]);
    const root = ethers.id("root");
    const later = (await blockTime(ethers)) + 100n;
    const refused = (by: Account, given: string, total: bigint) =>
      refusal(distributor.connect(by).announce(given, total, later));
    for (const other of [corporate, otherOperator, system.admin]) {
      await expect(refused(other, root, 900n)).resolves.toBe(
        `CallerNotOperator(${other.address},${operator.address})`,
      );
    }
    await expect(refused(operator, ethers.ZeroHash, 900n)).resolves.toBe("RootMissing()");
    await expect(refused(operator, tree.root, 900n)).resolves.toBe(`RootKnown(${tree.root})`);
    await expect(refused(operator, root, 499n)).resolves.toBe("TotalBelowPrevious(499,500)");
    await expect(refused(operator, root, 1_000_001n)).resolves.toMatch(/^ERC20InsufficientBalance/);
    await cash.connect(operator).approve(distributor, 0n);
    await expect(refused(operator, root, 501n)).resolves.toMatch(/^ERC20InsufficientAllowance/);
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refused(operator, root, 500n)).resolves.toBe(
      `CallerNotOperator(${operator.address},${operator.address})`,
    );
    expect(plain(await distributor.latest())).toEqual({ epoch: 1n, total: 500n });
  });

  it("leaves others the delay to recompute the tree", async () => {
    const { ethers, outsider, corporate } = system;
    await expect(refusal(distributor.connect(outsider).setDelay(1))).resolves.toBe(
      `AccessManagedUnauthorized(${outsider.address})`,
    );
    await distributor.setDelay(3_600);
    await expect(distributor.delay()).resolves.toBe(3_600n);
    const now = (await blockTime(ethers)) + 10n;
    await setNextBlockTime(ethers, now);
    await expect(refusal(announce([due(corporate, 1n)], { claimableAt: now + 3_599n }))).resolves.toBe(
      `ClaimableTooEarly(${String(now + 3_599n)},${String(now + 3_600n)})`,
    );
    await setNextBlockTime(ethers, now + 20n);
    const { claim } = await announce([due(corporate, 1n)], { claimableAt: now + 3_620n });
    await setNextBlockTime(ethers, now + 3_619n);
    await expect(refusal(claim(due(corporate, 1n)))).resolves.toBe(
      `EpochNotClaimable(1,${String(now + 3_620n)})`,
    );
    await setNextBlockTime(ethers, now + 3_620n);
    await claim(due(corporate, 1n));
    await expect(cash.balanceOf(corporate)).resolves.toBe(1n);
  });
});

describe("a claim", () => {
  it("pays the account what is due less what it got, whoever calls", async () => {
    const { corporate, otherCorporate, outsider } = system;
    const first = await announce([due(corporate, 300n), due(otherCorporate, 200n), due(outsider, 1n)]);
    await first.claim(due(corporate, 300n), outsider);
    await expect(cash.balanceOf(corporate)).resolves.toBe(300n);
    await expect(refusal(first.claim(due(corporate, 300n)))).resolves.toBe(
      `NothingToClaim(${corporate.address},300)`,
    );
    const second = await announce([due(corporate, 450n), due(otherCorporate, 250n)], { total: 701n });
    await second.claim(due(corporate, 450n), outsider);
    await second.claim(due(otherCorporate, 250n), outsider);
    expect([await cash.balanceOf(corporate), await cash.balanceOf(otherCorporate)]).toEqual([450n, 250n]);
    // What the next epoch counts in is not paid again from the one before.
    await expect(refusal(first.claim(due(otherCorporate, 200n)))).resolves.toBe(
      `NothingToClaim(${otherCorporate.address},250)`,
    );
    await expect(distributor.claimedOf(corporate.address)).resolves.toBe(450n);
    const [event] = await distributor.queryFilter(distributor.filters.Claimed(otherCorporate.address));
    expect([event?.args.to, event?.args.epoch, event?.args.amount]).toEqual([
      otherCorporate.address,
      2n,
      250n,
    ]);
  });

  it("from an earlier epoch goes on while the next one waits", async () => {
    const { ethers, corporate } = system;
    const first = await announce([due(corporate, 300n)]);
    await announce([due(corporate, 400n)], { claimableAt: (await blockTime(ethers)) + 1_000n });
    await first.claim(due(corporate, 300n));
    await expect(cash.balanceOf(corporate)).resolves.toBe(300n);
  });

  it("needs the very leaf of the very tree", async () => {
    const { ethers, operator, corporate, otherCorporate, bank } = system;
    const mine = due(corporate, 300n);
    const others = [due(otherCorporate, 200n), due(operator, 5n), due(bank, 6n)];
    const { claimOf, tree } = await announce([mine, ...others]);
    const [account, amount, proof] = claimOf(mine);
    const tryWith = (changes: { account?: string; amount?: bigint }, given: readonly string[] = proof) =>
      refusal(distributor.claim(changes.account ?? account, changes.amount ?? amount, [...given]));
    await expect(tryWith({ amount: 301n })).resolves.toBe(`ProofInvalid(${account},301)`);
    await expect(tryWith({ account: otherCorporate.address })).resolves.toBe(
      `ProofInvalid(${otherCorporate.address},300)`,
    );
    await expect(tryWith({}, proof.slice(1))).resolves.toMatch(/^ProofInvalid/);
    await expect(tryWith({}, [...proof, ethers.ZeroHash])).resolves.toMatch(/^ProofInvalid/);
    await expect(tryWith({}, proof.toReversed())).resolves.toMatch(/^ProofInvalid/);
    await expect(tryWith({}, [])).resolves.toMatch(/^ProofInvalid/);
    // A leaf hashed once, as a node is.
    const once = ethers.AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [account, amount]);
    await distributor
      .connect(operator)
      .announce(ethers.keccak256(once), tree.total, (await blockTime(ethers)) + 1n);
    await expect(tryWith({}, [])).resolves.toMatch(/^ProofInvalid/);
    await distributor.claim(...claimOf(mine));
  });

  it("proves a single leaf by the root itself", async () => {
    const { ethers, corporate } = system;
    const only = due(corporate, 7n);
    const { claim, tree } = await announce([only]);
    expect(tree.root).toBe(leafOf(ethers, only));
    await claim(only);
    await expect(cash.balanceOf(corporate)).resolves.toBe(7n);
  });

  it("never takes more than was paid in, be the leaves what they may", async () => {
    const { corporate, otherCorporate } = system;
    const wrong = await announce([due(corporate, 300n), due(otherCorporate, 200n)], { total: 499n });
    await wrong.claim(due(corporate, 300n));
    await expect(refusal(wrong.claim(due(otherCorporate, 200n)))).resolves.toBe(
      `ERC20InsufficientBalance(${await distributor.getAddress()},199,200)`,
    );
    const mended = await announce([due(corporate, 301n), due(otherCorporate, 200n)], { total: 501n });
    await mended.claim(due(otherCorporate, 200n));
    await mended.claim(due(corporate, 301n));
    await expect(cash.balanceOf(distributor)).resolves.toBe(0n);
  });

  it("to an account that may not hold the token waits until it may", async () => {
    const { outsider, registrar, participants, ethers } = system;
    const { claim } = await announce([due(outsider, 5n)]);
    await expect(refusal(claim(due(outsider, 5n)))).resolves.toBe(
      `ERC7943CannotReceive(${outsider.address})`,
    );
    await participants.connect(registrar).register(admissionOf(ethers, outsider.address, KIND.corporate));
    await claim(due(outsider, 5n));
    await expect(cash.balanceOf(outsider)).resolves.toBe(5n);
  });
});

describe("a pause", () => {
  it("stops claims of one epoch only, and loses none of them", async () => {
    const { operator, corporate, otherCorporate } = system;
    const first = await announce([due(corporate, 300n), due(otherCorporate, 200n)]);
    await distributor.connect(operator).setPaused(first.tree.root, true);
    await expect(refusal(first.claim(due(corporate, 300n)))).resolves.toBe("EpochPaused(1)");
    const second = await announce([due(corporate, 320n), due(otherCorporate, 200n)]);
    await second.claim(due(corporate, 320n));
    await distributor.connect(operator).setPaused(first.tree.root, false);
    await first.claim(due(otherCorporate, 200n));
    expect([await cash.balanceOf(corporate), await cash.balanceOf(otherCorporate)]).toEqual([320n, 200n]);
  });

  it("is for the operator and for regulators, who end the operator's too", async () => {
    const { operator, otherOperator, corporate, regulator, participants } = system;
    const { claim, tree } = await announce([due(corporate, 300n)]);
    const set = (by: Account, paused: boolean) => distributor.connect(by).setPaused(tree.root, paused);
    for (const other of [otherOperator, corporate, system.admin]) {
      await expect(refusal(set(other, true))).resolves.toBe(
        `CallerNotOperator(${other.address},${operator.address})`,
      );
    }
    const unknown = system.ethers.id("unknown");
    await expect(refusal(distributor.connect(operator).setPaused(unknown, true))).resolves.toBe(
      `RootUnknown(${unknown})`,
    );
    await set(regulator, true);
    await set(operator, true);
    await set(operator, false);
    await expect(refusal(claim(due(corporate, 300n)))).resolves.toBe("EpochPaused(1)");
    await set(operator, true);
    await set(regulator, false);
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusal(set(operator, true))).resolves.toBe(
      `CallerNotOperator(${operator.address},${operator.address})`,
    );
    // Claims go on without the operator.
    await claim(due(corporate, 300n), corporate);
    const events = await distributor.queryFilter(distributor.filters.EpochPausedSet(1));
    expect(events.map(({ args }) => args.paused)).toEqual([2n, 3n, 2n, 3n, 0n]);
  });
});

describe("a lost wallet's claims", () => {
  it("go to what took its place, and count as its own", async () => {
    const { corporate, outsider, otherDeployer } = system;
    const { claim, claimOf } = await announce([due(corporate, 300n)]);
    await expect(refusal(distributor.claimForRecovered(...claimOf(due(corporate, 300n))))).resolves.toBe(
      `NotRecovered(${corporate.address})`,
    );
    await replaceWallet(system, corporate.address, outsider.address);
    await expect(refusal(claim(due(corporate, 300n)))).resolves.toBe(
      `ERC7943CannotReceive(${corporate.address})`,
    );
    await distributor.claimForRecovered(...claimOf(due(corporate, 300n)));
    await expect(cash.balanceOf(outsider)).resolves.toBe(300n);
    await expect(refusal(distributor.claimForRecovered(...claimOf(due(corporate, 300n))))).resolves.toBe(
      `NothingToClaim(${corporate.address},300)`,
    );
    // Lost again.
    const second = await announce([due(corporate, 310n)]);
    await replaceWallet(system, outsider.address, otherDeployer.address);
    await distributor.claimForRecovered(...second.claimOf(due(corporate, 310n)));
    await expect(cash.balanceOf(otherDeployer)).resolves.toBe(10n);
    await expect(distributor.claimedOf(corporate.address)).resolves.toBe(310n);
  });

  it("leave an operator's distributor to the wallet that took its place", async () => {
    const { ethers, operator, outsider, corporate } = system;
    const { tree } = await announce([due(corporate, 300n)]);
    await replaceWallet(system, operator.address, outsider.address);
    await cash.recover(operator.address);
    await cash.connect(outsider).approve(distributor, ethers.MaxUint256);
    const next = [ethers.id("root"), 400n, (await blockTime(ethers)) + 100n] as const;
    const refused = `CallerNotOperator(${operator.address},${operator.address})`;
    await expect(refusal(distributor.connect(operator).announce(...next))).resolves.toBe(refused);
    await expect(refusal(distributor.connect(operator).setPaused(tree.root, true))).resolves.toBe(refused);
    await distributor.connect(outsider).announce(...next);
    await distributor.connect(outsider).setPaused(tree.root, true);
    expect(plain(await distributor.latest())).toEqual({ epoch: 2n, total: 400n });
  });
});

describe("a platform", () => {
  let platform: Account;
  beforeEach(async () => {
    platform = system.verifiers[4] as Account;
    await system.participants.appoint(admissionOf(system.ethers, platform.address, KIND.platform), 0);
  });

  it("claims by its own leaf for its users", async () => {
    const { claim } = await announce([due(platform, 900n)]);
    await claim(due(platform, 900n), platform);
    await expect(cash.balanceOf(platform)).resolves.toBe(900n);
  });

  it("claims for a holder who named it, and for nobody else", async () => {
    const { outsider, corporate } = system;
    const { claimOf } = await announce([due(outsider, 30n), due(corporate, 40n)]);
    const forHolder = (by: Account, holder: Account, amount: bigint) =>
      distributor.connect(by).claimAsDelegate(...claimOf(due(holder, amount)));
    await expect(refusal(forHolder(platform, outsider, 30n))).resolves.toBe(
      `CallerNotDelegate(${platform.address},${outsider.address})`,
    );
    await distributor.connect(outsider).setDelegate(platform);
    await expect(distributor.delegateOf(outsider)).resolves.toBe(platform.address);
    await expect(refusal(forHolder(platform, corporate, 40n))).resolves.toMatch(/^CallerNotDelegate/);
    await forHolder(platform, outsider, 30n);
    await expect(cash.balanceOf(platform)).resolves.toBe(30n);
    const [event] = await distributor.queryFilter(
      distributor.filters.Claimed(outsider.address, platform.address),
    );
    expect(event?.args.amount).toBe(30n);
    await distributor.connect(corporate).setDelegate(outsider);
    await expect(refusal(forHolder(outsider, corporate, 40n))).resolves.toBe(
      `CallerNotEntitled(${outsider.address},${String(KIND.platform)})`,
    );
    await distributor.connect(corporate).setDelegate(platform);
    await distributor.connect(corporate).setDelegate(system.ethers.ZeroAddress);
    await expect(refusal(forHolder(platform, corporate, 40n))).resolves.toMatch(/^CallerNotDelegate/);
  });

  it("named by a lost wallet is not the delegate of what took its place", async () => {
    const { corporate, outsider } = system;
    const { claimOf } = await announce([due(corporate, 40n)]);
    await distributor.connect(corporate).setDelegate(platform);
    await replaceWallet(system, corporate.address, outsider.address);
    const claim = () => distributor.connect(platform).claimAsDelegate(...claimOf(due(corporate, 40n)));
    await expect(refusal(claim())).resolves.toMatch(/^CallerNotDelegate/);
    await distributor.connect(outsider).setDelegate(platform);
    await claim();
    await expect(cash.balanceOf(platform)).resolves.toBe(40n);
  });
});

describe("the distributor", () => {
  it("needs every dependency", async () => {
    const { ethers, manager, participants, operator } = system;
    const good = [await participants.getAddress(), await cash.getAddress(), operator.address];
    for (const missing of [0, 1, 2]) {
      const given = good.map((address, at) => (at === missing ? ethers.ZeroAddress : address));
      await expect(refusal(ethers.deployContract("PayoutDistributor", [manager, ...given, 0]))).resolves.toBe(
        "ZeroDependency()",
      );
    }
  });
});
