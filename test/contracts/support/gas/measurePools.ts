import { createPool, deposit, issueNext, retirementOf } from "../pools.ts";
import { deploySystem, type Ethers } from "../system.ts";
import { gasOf, type GasFigure } from "./gasOf.ts";

const MILLIGRAMS = 1_000_000n;

/** A pool's deposits, redemptions and retirements, by a holder who keeps shares and credits. */
export async function measurePools(ethers: Ethers): Promise<GasFigure[]> {
  const system = await deploySystem(ethers);
  const { operator } = system;
  const masses = { totalMilligrams: 1_000_000_000n, bufferMilligrams: 50_000_000n };
  const start = await issueNext(system, BigInt(ethers.id("one")), masses);
  const batchId = await issueNext(system, BigInt(ethers.id("two")), {
    ...masses,
    vintageStartDay: 20_031,
    vintageEndDay: 20_061,
  });
  const sameDay = await issueNext(system, BigInt(ethers.id("three")), masses);
  const pool = await createPool(system);
  const held = pool.connect(operator);
  const amounts = [{ batchId, milligrams: 1_000n }];

  await deposit(system, pool, operator, start, MILLIGRAMS);
  const first = await gasOf(deposit(system, pool, operator, batchId, MILLIGRAMS));
  const firstOfDay = await gasOf(deposit(system, pool, operator, sameDay, MILLIGRAMS));
  const later = await gasOf(held.deposit(batchId, MILLIGRAMS));
  await held.redeem(batchId, 1_000n);
  const redeem = await gasOf(held.redeem(batchId, 1_000n));
  const oldest = await gasOf(held.redeemOldest(1_000n, 4));
  const retireFirst = await gasOf(held.retire(retirementOf(system, amounts, "first")));
  const retireLater = await gasOf(held.retire(retirementOf(system, amounts, "later")));
  const free = await createPool(system, { choiceFeeBps: 0 });
  await deposit(system, free, operator, batchId, MILLIGRAMS);
  const redeemFree = await gasOf(free.connect(operator).redeem(batchId, 1_000n));
  const retireFree = await gasOf(free.connect(operator).retire(retirementOf(system, amounts, "free")));
  const collectFirst = await gasOf(pool.collectFees());
  return [
    { operation: "pool deposit, a batch's first, new day", gas: first, target: 190_000, bestPeer: null },
    {
      operation: "pool deposit, a batch's first, day in use",
      gas: firstOfDay,
      target: 190_000,
      bestPeer: null,
    },
    { operation: "pool deposit, later", gas: later, target: 90_000, bestPeer: "Toucan: 237483" },
    {
      operation: "redeem a chosen batch, pool without fee",
      gas: redeemFree,
      target: 75_000,
      bestPeer: "Toucan: 264764",
    },
    { operation: "redeem a chosen batch, with fee", gas: redeem, target: 75_000, bestPeer: "Toucan: 264764" },
    { operation: "redeem the oldest", gas: oldest, target: null, bestPeer: null },
    {
      operation: "retire from a pool, a batch's first, with fee",
      gas: retireFirst,
      target: 172_000,
      bestPeer: null,
    },
    {
      operation: "retire from a pool, later, pool without fee",
      gas: retireFree,
      target: 155_000,
      bestPeer: "Toucan: 443879",
    },
    {
      operation: "retire from a pool, later, with fee",
      gas: retireLater,
      target: 155_000,
      bestPeer: "Toucan: 443879",
    },
    { operation: "collect a pool's fees, first", gas: collectFirst, target: null, bestPeer: null },
  ];
}
