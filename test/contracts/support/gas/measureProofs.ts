import { commit, deploySystem, type Ethers } from "../system.ts";
import { madeUpProof } from "../madeUpProof.ts";
import type { GasFigure } from "./gasOf.ts";

const BASE = 21_000;

/** What calldata costs under Cancun rules: 4 a zero byte, 16 any other. */
function calldataGas(data: string): number {
  const bytes = Buffer.from(data.slice(2), "hex");
  return bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
}

/** Checking a leaf of a tree of 2^20 leaves, beyond the transaction's base price and its calldata. */
export async function measureProofs(ethers: Ethers): Promise<GasFigure[]> {
  const system = await deploySystem(ethers);
  const { root, total, leafCount, leaf, index, siblings } = madeUpProof(20);
  const { batchId } = await commit(system, { root, totalMilligrams: total, leafCount, bufferMilligrams: 0n });
  const data = system.batches.interface.encodeFunctionData("verifyLeaf", [batchId, leaf, index, siblings]);
  const receipt = await (
    await system.outsider.sendTransaction({ to: await system.batches.getAddress(), data })
  ).wait();
  const gas = Number(receipt?.gasUsed ?? 0) - BASE - calldataGas(data);
  return [
    {
      operation: "inclusion proof, 2^20 leaves, beyond base and calldata",
      gas,
      target: 16_000,
      bestPeer: null,
    },
  ];
}
