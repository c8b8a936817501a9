import type { Kernel } from "./kernel.ts";
import type { SumFault } from "./sumFault.ts";

/**
 * Nodes that the window holds: 2^12, so that whole windows come to whole nodes on each of twelve levels
 * above.
 */
export const WINDOW_NODES = 4096;
/** Levels that are climbed within one window. */
export const MAX_HEIGHT = 12;
/** Size (uint64, big-endian) and hash. */
export const NODE_BYTES = 40;

/**
 * @throws RangeError for a height that is not from `lowest` to 12, or where `out` is too short for the nodes
 */
export function checkRoom(count: number, out: Uint8Array, height: number, lowest: number): void {
  if (!Number.isInteger(height) || height < lowest || height > MAX_HEIGHT) {
    throw new RangeError(`The height is not from ${String(lowest)} to ${String(MAX_HEIGHT)}.`);
  }
  if (out.length < nodesAbove(count, height) * NODE_BYTES) throw new RangeError("The nodes have no room.");
}

/** How many nodes stand `height` levels above `count`. */
export function nodesAbove(count: number, height: number): number {
  return Math.ceil(count / 2 ** height);
}

/**
 * Puts the nodes `height` levels above the `count` nodes in the window in their place. `first` is the index
 * of the first of them. Returns the first fault found.
 */
export function climb({ wasm }: Kernel, count: number, height: number, first: number): SumFault | null {
  for (let level = 0; level < height; level++) {
    const code = wasm.parentNodes(nodesAbove(count, level));
    if (code >= 0) return decodeFault(code, level, first / 2 ** level);
  }
  return null;
}

/**
 * The fault behind a code of the WebAssembly: its kind in the low two bits, its index within the window
 * above.
 */
export function decodeFault(code: number, level: number, first: number): SumFault {
  const index = code >> 2;
  if ((code & 3) === 2) return { kind: "too-large", level: level + 1, index: first / 2 + index };
  return { kind: (code & 3) === 0 ? "zero-size" : "too-large", level, index: first + index };
}
