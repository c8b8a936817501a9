import { UnavailableError } from "../../../base/errors/errors.ts";
import type { OutboxEntry } from "../../../stages/outbox/ports.ts";
import { landed } from "../landed.ts";
import { pause } from "../pause.ts";
import { blockAt, receiptOf, type OutboxContext } from "./context.ts";
import { demoteLost } from "./demoteLost.ts";

/**
 * True once the entry's block has enough blocks after it; false as soon as the chain has lost it or any other
 * entry's block.
 */
async function awaitDepth(context: OutboxContext, entry: OutboxEntry): Promise<boolean> {
  const { client, clock, finalWithinSeconds = 900 } = context;
  const giveUpAt = clock.now() + finalWithinSeconds;
  const number = entry.blockNumber ?? 0n;
  for (;;) {
    // The head first: a block that is still in its place after the head was read had that many blocks after
    // it.
    const head = await blockAt(client, "latest");
    if ((await blockAt(client, number))?.hash !== entry.blockHash) return false;
    if (head !== null && head.number >= number + BigInt(client.finalityDepth)) return true;
    if (clock.now() > giveUpAt) {
      throw new UnavailableError(
        "outbox.not-final",
        `Block ${number.toString()} with ${entry.key} has not become final in time: ` +
          `${String(client.finalityDepth)} blocks must follow it.`,
      );
    }
    if (client.mine === null) await pause(client.pollMilliseconds);
    else await client.mine();
    // Later entries may be lost while this one stands; a chain that makes blocks on demand only would wait
    // for them for ever.
    if ((await demoteLost(context)) > 0) return false;
  }
}

/**
 * Waits until a mined entry is final and marks it so. Where its block was replaced, it takes note of the
 * transaction's new block, or demotes the entry so that it is sent again.
 * @returns whether it is final now
 */
export async function awaitFinality(context: OutboxContext, entry: OutboxEntry): Promise<boolean> {
  const { client, store, onFinal } = context;
  const deepEnough = await awaitDepth(context, entry);
  const receipt = entry.txHash === null ? null : await receiptOf(client, entry.txHash);
  const ours = receipt?.status === "success" ? receipt : null;
  if (ours !== null && ours.blockHash !== entry.blockHash) {
    await store.markMined(entry.key, { number: ours.blockNumber, hash: ours.blockHash });
    return false;
  }
  if (!deepEnough) {
    await demoteLost(context);
    return false;
  }
  if (ours === null && !(await landed(context, entry))) {
    await store.demote([entry.key]);
    return false;
  }
  await onFinal?.(entry, ours);
  await store.markFinal(entry.key);
  return true;
}
