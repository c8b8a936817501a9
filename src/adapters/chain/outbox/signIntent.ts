import { keccak256 } from "viem";
import { CheckFailedError, UnavailableError, UsageError } from "../../../base/errors/errors.ts";
import type { OutboxEntry } from "../../../stages/outbox/ports.ts";
import { plannedNonce } from "../intents/deployContract.ts";
import { landed } from "../landed.ts";
import { pause } from "../pause.ts";
import { describeRevert, isRevert } from "../revert.ts";
import { blockAt, nonceOf, type OutboxContext } from "./context.ts";
import { demoteLost } from "./demoteLost.ts";
import { currentFees } from "./currentFees.ts";

/** An entry with its raw transaction. */
export type SignedEntry = OutboxEntry & { nonce: number; raw: `0x${string}`; txHash: `0x${string}` };

/** `landed`: the effect is on chain already. `moved`: the chain lost earlier entries, which must go first. */
export type SignOutcome = SignedEntry | "landed" | "moved";

/** Polls that a node behind others gets to catch up. */
export const LAG_POLLS = 3;

/**
 * Where the effect is on chain, notes the block in which it was seen; finality is then counted from there.
 */
export async function noteLanded(context: OutboxContext, entry: OutboxEntry): Promise<boolean> {
  const { client, store } = context;
  if (!(await landed(context, entry))) return false;
  const seen = await blockAt(client, "latest");
  if (seen !== null) await store.markMined(entry.key, seen);
  return seen !== null;
}

/** Marks an entry failed. @throws CheckFailedError `outbox.failed`, always */
export async function fail({ store }: OutboxContext, entry: OutboxEntry, why: string): Promise<never> {
  await store.markFailed(entry.key, why);
  throw new CheckFailedError(
    "outbox.failed",
    `${entry.key} cannot be done on chain: ${why}. Nothing after it was sent.`,
  );
}

/**
 * The nonce to sign with; null where the chain has moved. A stored nonce that the chain does not count yet
 * means a lost block, a node that lags behind, or a reverted transaction that was lost with its block: only
 * the last leaves the chain's own count to go by.
 */
async function freeNonce(context: OutboxContext, entry: OutboxEntry): Promise<number | null> {
  for (let poll = 0; ; poll++) {
    const pending = await nonceOf(context.client, entry.from, "pending");
    const highest = await context.store.highestNonce(entry.from);
    if (highest === null || highest < pending) return pending;
    if ((await demoteLost(context)) > 0) return null;
    if (poll >= LAG_POLLS) return pending;
    await pause(context.client.pollMilliseconds);
  }
}

/** Deployments have one right nonce: the other contracts know the address that follows from it. */
async function checkDeploymentNonce(
  context: OutboxContext,
  entry: OutboxEntry,
  nonce: number,
): Promise<void> {
  const planned = plannedNonce(entry);
  if (nonce > planned) {
    await fail(
      context,
      entry,
      `the deployer's account has used nonce ${String(planned)} for something else; plan the ` +
        "deployment again",
    );
  }
  if (nonce < planned) {
    throw new UnavailableError(
      "outbox.nonce-ahead",
      `${entry.key} needs nonce ${String(planned)}, and the chain node expects ${String(nonce)} next. ` +
        "Try again when it has caught up.",
    );
  }
}

/**
 * Simulates an entry, signs it and stores the raw transaction. `sameNonce` replaces its transaction by one
 * with current fees, of which only one can ever be mined.
 * @throws CheckFailedError `outbox.failed` where the contract refuses; UsageError `outbox.no-signer`
 */
export async function signIntent(
  context: OutboxContext,
  entry: OutboxEntry,
  sameNonce = false,
): Promise<SignOutcome> {
  const { client, store, signers } = context;
  const signer = signers.find(({ address }) => address.toLowerCase() === entry.from.toLowerCase());
  if (signer === undefined)
    throw new UsageError(
      "outbox.no-signer",
      `No signing key for ${entry.from}, which must send ${entry.key}.`,
    );
  if (await noteLanded(context, entry)) return "landed";
  const nonce = sameNonce && entry.nonce !== null ? entry.nonce : await freeNonce(context, entry);
  if (nonce === null) return "moved";
  if (entry.kind === "deploy") await checkDeploymentNonce(context, entry, nonce);
  const call = { from: entry.from, data: entry.data, ...(entry.to === null ? {} : { to: entry.to }) };
  let estimate: bigint;
  try {
    estimate = BigInt((await client.request("eth_estimateGas", [call])) as string);
  } catch (error) {
    if (!isRevert(error)) throw error;
    if (await noteLanded(context, entry)) return "landed";
    if ((await demoteLost(context)) > 0) return "moved";
    return fail(context, entry, `the contract refuses, ${describeRevert(error.data)}`);
  }
  // A quarter more: by the time of mining, slots that were warm or zero may be neither.
  const gas = (estimate * 5n) / 4n;
  const fields = {
    chainId: client.chainId,
    nonce,
    to: entry.to,
    data: entry.data,
    gas,
    ...(await currentFees(client)),
  };
  await context.confirmLock?.();
  const raw = await signer.signTransaction(fields);
  const signed = { nonce, raw, txHash: keccak256(raw) };
  await store.markSigned(entry.key, signed);
  return { ...entry, ...signed, state: "signed" };
}
