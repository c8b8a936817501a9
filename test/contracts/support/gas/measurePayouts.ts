import { deployPayouts, leafOf, type Due } from "../payouts.ts";
import { deploySystem, setNextBlockTime, type Ethers } from "../system.ts";
import { gasOf, type GasFigure } from "./gasOf.ts";

const DEPTH = 20;
/**
 * Epochs become claimable a day apart, at fixed times: a time is calldata, and its zero bytes are cheaper.
 */
const START = 1_908_000_000n;
const DAY = 86_400n;

/**
 * A made-up tree of 2^20 leaves around one: siblings are whatever they are, sorted pairs as OpenZeppelin
 * hashes them.
 */
function deepTree(ethers: Ethers, due: Due): { root: string; proof: string[] } {
  const proof = Array.from({ length: DEPTH }, (_, level) => ethers.id(`sibling ${String(level)}`));
  const root = proof.reduce(
    (node, sibling) =>
      ethers.keccak256(
        BigInt(node) < BigInt(sibling) ? ethers.concat([node, sibling]) : ethers.concat([sibling, node]),
      ),
    leafOf(ethers, due),
  );
  return { root, proof };
}

/**
 * Announcements of the operator, and claims by proofs of a million leaves: of a holder without cash, of one
 * who has some, and its next.
 */
export async function measurePayouts(ethers: Ethers): Promise<GasFigure[]> {
  const system = await deploySystem(ethers);
  const { distributor, cash } = await deployPayouts(system);
  const { operator, corporate, otherCorporate } = system;
  await cash.connect(operator).transfer(corporate.address, 1n);
  let total = 0n;
  let claimableAt = START;
  const measure = async (account: string, cumulativeAmount: bigint) => {
    const { root, proof } = deepTree(ethers, { account, cumulativeAmount });
    claimableAt += DAY;
    total += 50_000n;
    const announce = await gasOf(distributor.connect(operator).announce(root, total, claimableAt));
    await setNextBlockTime(ethers, claimableAt);
    return { announce, claim: await gasOf(distributor.claim(account, cumulativeAmount, proof)) };
  };
  const withoutCash = await measure(otherCorporate.address, 10_000n);
  const first = await measure(corporate.address, 10_000n);
  const later = await measure(corporate.address, 20_000n);
  const peer = "Uniswap distributor: 80585";
  return [
    { operation: "announce a payout epoch, later", gas: later.announce, target: null, bestPeer: null },
    {
      operation: "cumulative claim, depth 20, first, no cash before",
      gas: withoutCash.claim,
      target: null,
      bestPeer: null,
    },
    { operation: "cumulative claim, depth 20, first", gas: first.claim, target: 95_000, bestPeer: null },
    { operation: "cumulative claim, depth 20, later", gas: later.claim, target: 78_000, bestPeer: peer },
  ];
}
