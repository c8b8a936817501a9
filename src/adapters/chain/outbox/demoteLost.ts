import type { OutboxEntry } from "../../../stages/outbox/ports.ts";
import { blockAt, type OutboxContext } from "./context.ts";

const FIRST_PAGE = 16;

/**
 * Compares the blocks of mined and final entries with the chain. What the chain lost (a reorg, a node
 * restored from an older state) goes back to `signed`; so does everything after it, because a chain that
 * differs in one block differs in all later ones.
 * @returns how many were demoted
 */
export async function demoteLost({ client, store }: OutboxContext): Promise<number> {
  const verdicts = new Map<string, boolean>();
  const isLost = async ({ blockNumber, blockHash }: OutboxEntry): Promise<boolean> => {
    if (blockNumber === null || blockHash === null) return false;
    const id = `${blockNumber.toString()} ${blockHash}`;
    const known = verdicts.get(id);
    if (known !== undefined) return known;
    const verdict = (await blockAt(client, blockNumber))?.hash !== blockHash;
    verdicts.set(id, verdict);
    return verdict;
  };
  const lostOf = async (entries: readonly OutboxEntry[]): Promise<OutboxEntry[]> => {
    const lost: OutboxEntry[] = [];
    for (const entry of entries) if (await isLost(entry)) lost.push(entry);
    return lost;
  };

  const lost = await lostOf((await store.unfinished()).filter(({ state }) => state === "mined"));
  for (let limit = FIRST_PAGE; ; limit *= 2) {
    const page = await store.finalNewestFirst(limit);
    const lostFinal = await lostOf(page);
    // Entries become final nearly, not strictly, in the order of their blocks: stop when a whole half page is
    // still on the chain.
    const older = new Set(page.slice(page.length / 2));
    if (page.length < limit || !lostFinal.some((entry) => older.has(entry))) {
      lost.push(...lostFinal);
      break;
    }
  }
  if (lost.length > 0) await store.demote(lost.map(({ key }) => key));
  return lost.length;
}
