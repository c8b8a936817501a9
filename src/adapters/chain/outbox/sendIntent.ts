import type { TransactionReceipt } from "viem";
import { StateError, UnavailableError } from "../../../base/errors/errors.ts";
import type { OutboxEntry } from "../../../stages/outbox/ports.ts";
import { NodeRefusal } from "../client.ts";
import { pause } from "../pause.ts";
import { nonceOf, receiptOf, type OutboxContext } from "./context.ts";
import { fail, LAG_POLLS, noteLanded, signIntent, type SignedEntry, type SignOutcome } from "./signIntent.ts";

const SIGNATURES = 4;
const MIN_POLL_MILLISECONDS = 3;

/** `NodeRefusal`: of the transaction itself, for a reason that has no rule of its own here. */
type Fate = TransactionReceipt | "taken" | "underpriced" | NodeRefusal;

/** Words of geth, Besu, Nethermind, Erigon and anvil. */
const KNOWN = /already known|already imported|known transaction|already in (?:the )?pool/i;
const USED = /nonce too low|nonce is too low|nonce has already been used|oldnonce/i;
const OUTBID = /replacement|too low to replace/i;
const TOO_CHEAP = /base ?fee|underpriced|below .*minimum/i;
const NO_FUNDS = /insufficient funds|insufficient balance|upfront cost/i;

/**
 * Sends the raw transaction to the node. Whether it has it already or has moved past its nonce is for the
 * caller to find out.
 */
async function broadcast(
  { client, confirmLock }: OutboxContext,
  entry: SignedEntry,
): Promise<"sent" | "underpriced" | NodeRefusal> {
  await confirmLock?.();
  try {
    await client.request("eth_sendRawTransaction", [entry.raw]);
  } catch (error) {
    if (!(error instanceof NodeRefusal)) throw error;
    const said = error.message;
    if (NO_FUNDS.test(said)) {
      throw new StateError(
        "chain.no-funds",
        `The account ${entry.from} cannot pay for ${entry.key}. Fund it, then try again.`,
      );
    }
    // Another transaction of ours or of a stranger waits under the same nonce: its block decides.
    if (OUTBID.test(said)) return "sent";
    if (TOO_CHEAP.test(said)) return "underpriced";
    if (!KNOWN.test(said) && !USED.test(said)) return error;
  }
  return "sent";
}

/**
 * Waits for an entry's block; sends it where the node does not know it. One that was signed just now is not
 * asked for first.
 */
async function awaitBlock(
  context: OutboxContext,
  entry: SignedEntry,
  { fresh, giveUpAt }: { fresh: boolean; giveUpAt: number },
): Promise<Fate> {
  const { client, clock } = context;
  let usedPolls = 0;
  if (fresh) {
    const sent = await broadcast(context, entry);
    if (sent !== "sent") return sent;
  }
  for (let wait = MIN_POLL_MILLISECONDS; ; wait = Math.min(2 * wait, client.pollMilliseconds)) {
    const receipt = await receiptOf(client, entry.txHash);
    if (receipt !== null) return receipt;
    if ((await nonceOf(client, entry.from, "latest")) > entry.nonce) {
      // Its receipt may be a moment late, or on a node that is behind.
      if (usedPolls++ >= LAG_POLLS) return "taken";
    } else if ((await client.request("eth_getTransactionByHash", [entry.txHash])) === null) {
      const sent = await broadcast(context, entry);
      if (sent !== "sent") return sent;
    }
    if (clock.now() > giveUpAt) {
      throw new UnavailableError(
        "outbox.not-mined",
        `The chain has not taken ${entry.key} into a block in time. It stays signed and is sent again ` +
          "at the next try.",
      );
    }
    await pause(wait);
  }
}

function isSigned(entry: OutboxEntry): entry is SignedEntry {
  return entry.raw !== null && entry.nonce !== null && entry.txHash !== null;
}

/**
 * Brings one entry into a block: signs where needed, sends, waits. Safe to cut and to call again at any
 * point: the raw transaction is stored before it is sent, and it is signed anew only where its nonce has gone
 * to another transaction, or under the same nonce where the node refuses it.
 * @returns false where the chain has lost earlier entries, which must go first
 * @throws CheckFailedError `outbox.failed`; UnavailableError `outbox.not-mined`; StateError `chain.no-funds`
 */
export async function sendIntent(context: OutboxContext, entry: OutboxEntry): Promise<boolean> {
  const giveUpAt = context.clock.now() + (context.minedWithinSeconds ?? 180);
  let current: SignOutcome = isSigned(entry) ? entry : await signIntent(context, entry);
  for (let signatures = 1; ; signatures++) {
    if (current === "moved") return false;
    if (current === "landed") return true;
    const fate = await awaitBlock(context, current, { fresh: current !== entry, giveUpAt });
    // Stored bytes may be such as no node ever takes, by a signature that is none or under rules that are no
    // more: another transaction goes under their nonce. Of two, one at most is mined.
    if (fate instanceof NodeRefusal && current !== entry) throw fate;
    if (typeof fate === "object" && !(fate instanceof NodeRefusal) && fate.status === "success") {
      await context.store.markMined(entry.key, { number: fate.blockNumber, hash: fate.blockHash });
      return true;
    }
    if (signatures >= SIGNATURES) {
      if (await noteLanded(context, current)) return true;
      if (fate !== "underpriced")
        return fail(context, current, `its transaction failed ${String(signatures)} times over`);
      throw new UnavailableError(
        "outbox.underpriced",
        `The chain node takes no fee that was offered for ${entry.key}. Try again later.`,
      );
    }
    // Signing looks whether the effect is there and simulates, so an intent that the contract refuses ends
    // there with the reason.
    current = await signIntent(context, current, fate === "underpriced" || fate instanceof NodeRefusal);
  }
}
