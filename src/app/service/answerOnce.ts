import {
  claimIdempotencyKey,
  keepAnswer,
  renewIdempotencyKey,
  type KeptAnswer,
} from "../../adapters/storage/service/idempotencyKeys.ts";
import type { Context } from "../context.ts";
import { claimsLeft } from "./claimsLeft.ts";

export type { KeptAnswer } from "../../adapters/storage/service/idempotencyKeys.ts";

/** A claim without an answer whose owner was not heard of for so long was cut off. */
export const LEASE_SECONDS = 30;
const BEAT_MILLISECONDS = 5_000;

export type Once =
  | { readonly state: "ours" | "answered"; readonly answer: KeptAnswer }
  | { readonly state: "running" | "other-request" };

/**
 * Does work at most once under a tenant's key and keeps its answer; asked again, gives that answer. Work that
 * throws, or that answers that the service failed (5xx) or that the caller should come again (409, 429),
 * keeps nothing: the key is free for another try.
 */
export async function answerOnce(
  { db, tenant, clock, randomness }: Context,
  { key, requestHash }: { readonly key: string; readonly requestHash: Uint8Array },
  work: () => Promise<KeptAnswer>,
): Promise<Once> {
  const attempt = randomness.bytes(16);
  const left = claimsLeft(db);
  const release = (): Promise<void> => left.release({ tenant, key, attempt });
  await left.catchUp();
  const claim = await claimIdempotencyKey(db, tenant, {
    idempotencyKey: key,
    requestHash,
    attempt,
    now: clock.now(),
    leaseSeconds: LEASE_SECONDS,
  }).catch(async (error: unknown) => {
    // The database may have gone when the claim was in it.
    await release();
    throw error;
  });
  if (claim.state !== "ours") return claim;
  // While the work goes on, the claim stays young. What is missed by a database that is away is caught up.
  const beat = setInterval(() => {
    renewIdempotencyKey(db, tenant, key, attempt, clock.now()).catch(() => undefined);
  }, BEAT_MILLISECONDS).unref();
  try {
    const answer = await work();
    if (answer.status >= 500 || answer.status === 409 || answer.status === 429) await release();
    else await keepAnswer(db, tenant, key, attempt, answer);
    return { state: "ours", answer };
  } catch (error) {
    await release();
    throw error;
  } finally {
    clearInterval(beat);
  }
}
