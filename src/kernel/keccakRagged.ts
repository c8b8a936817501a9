import { keccak256 } from "./keccak256.ts";
import type { Kernel } from "./kernel.ts";
import { HASH_BYTES, RATE } from "./sizes.ts";

/**
 * keccak-256 of each of several messages of any lengths that stand one after the other in `messages`; message
 * `i` ends before `ends[i]`. Their hashes come in the same order into `out`, 32 bytes each.
 * @throws RangeError where the ends don't ascend to the end of `messages`, or `out` has no room
 */
export function keccakRagged(
  kernel: Kernel,
  messages: Uint8Array,
  ends: ArrayLike<number>,
  out: Uint8Array,
): void {
  checkEnds(messages, ends, out);
  const { input, output } = kernel.window;
  for (const [blocks, indices] of byBlocks(ends)) {
    const bytes = blocks * RATE;
    const most = Math.min(Math.floor(input.length / bytes), Math.floor(output.length / HASH_BYTES));
    if (most === 0) {
      for (const index of indices) {
        out.set(keccak256(kernel, messages.subarray(startOf(ends, index), ends[index])), HASH_BYTES * index);
      }
      continue;
    }
    for (let first = 0; first < indices.length; first += most) {
      const now = Math.min(most, indices.length - first);
      for (let i = 0; i < now; i++) {
        const index = indices[first + i] as number;
        pad(input, i * bytes, bytes, messages.subarray(startOf(ends, index), ends[index]));
      }
      kernel.wasm.keccakPadded(blocks, now);
      for (let i = 0; i < now; i++) {
        const hash = output.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1));
        out.set(hash, HASH_BYTES * (indices[first + i] as number));
      }
    }
  }
}

/** Indices of messages by how many blocks they take, padding included. */
function byBlocks(ends: ArrayLike<number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < ends.length; i++) {
    const blocks = Math.floor(((ends[i] as number) - startOf(ends, i)) / RATE) + 1;
    const group = groups.get(blocks);
    if (group === undefined) groups.set(blocks, [i]);
    else group.push(i);
  }
  return groups;
}

function startOf(ends: ArrayLike<number>, index: number): number {
  return index === 0 ? 0 : (ends[index - 1] as number);
}

/** Writes a message and keccak's padding into `bytes` bytes, whole blocks, at `at`. */
function pad(input: Uint8Array, at: number, bytes: number, message: Uint8Array): void {
  input.set(message, at);
  input.fill(0, at + message.length, at + bytes);
  input[at + message.length] = 0x01;
  input[at + bytes - 1] = (input[at + bytes - 1] as number) | 0x80;
}

function checkEnds(messages: Uint8Array, ends: ArrayLike<number>, out: Uint8Array): void {
  let last = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i] as number;
    if (!Number.isInteger(end) || end < last) throw new RangeError("The messages' ends don't ascend.");
    last = end;
  }
  if (last !== messages.length) throw new RangeError("The last message does not end where the bytes do.");
  if (out.length < ends.length * HASH_BYTES)
    throw new RangeError(`${String(ends.length)} hashes have no room.`);
}
