import { decodeErrorResult } from "viem";
import type { Hex } from "../../base/types/ids.ts";
import * as abis from "./abis.generated.ts";
import { NodeRefusal } from "./client.ts";

const ALL = Object.values(abis).flat();

/**
 * Nodes word a revert differently (code 3; -32000 with "execution reverted"); an account without funds is no
 * revert.
 */
export function isRevert(error: unknown): error is NodeRefusal {
  return error instanceof NodeRefusal && (error.rpcCode === 3 || /revert/i.test(error.message));
}

/**
 * "BatchKnown(batchId: 7)" for what a contract returned when it reverted; says so where it gave no reason
 * that our contracts declare.
 */
export function describeRevert(data: Hex | null): string {
  if (data === null || data === "0x") return "it gave no reason";
  try {
    const { abiItem, args, errorName } = decodeErrorResult({ abi: ALL, data });
    const inputs = "inputs" in abiItem ? abiItem.inputs : [];
    const values: readonly unknown[] = Array.isArray(args) ? args : [];
    const named = inputs.map((input, i) => `${input.name ?? String(i)}: ${String(values[i])}`);
    return `${errorName}(${named.join(", ")})`;
  } catch {
    return `its reason is not one that our contracts declare (${data.slice(0, 10)})`;
  }
}
