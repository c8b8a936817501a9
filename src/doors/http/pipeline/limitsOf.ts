import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Caller } from "../../../app/apiKeys/authenticator.ts";
import { HttpError } from "./httpError.ts";

/** Requests a client may send: so many a minute, and no more than a tenth of it in one second. */
export interface Limits {
  /** @throws HttpError `limit.requests` */
  request(caller: Caller): Promise<Readonly<Record<string, string>>>;
  /**
   * Counts a request without a good key against the address that it came from. @throws HttpError
   * `limit.unauthenticated`
   */
  refused(address: string): Promise<void>;
}

const WRONG_KEYS_A_MINUTE = 30;

/** @param requestsPerMinute of one key, in this process */
export function limitsOf(requestsPerMinute: number): Limits {
  const minute = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  const burst = new RateLimiterMemory({
    points: Math.max(1, Math.ceil(requestsPerMinute / 10)),
    duration: 1,
  });
  const wrong = new RateLimiterMemory({ points: WRONG_KEYS_A_MINUTE, duration: 60 });
  return {
    async request({ keyId }) {
      await take(
        burst,
        keyId,
        "limit.requests",
        "You send more requests in one second than this key may. Spread them out.",
      );
      const left = await take(
        minute,
        keyId,
        "limit.requests",
        "You have sent more requests in this minute than this key may.",
      );
      // The header fields of draft-ietf-httpapi-ratelimit-headers, in the spelling that clients know.
      return {
        "RateLimit-Limit": String(requestsPerMinute),
        "RateLimit-Remaining": String(left.remainingPoints),
        "RateLimit-Reset": String(Math.ceil(left.msBeforeNext / 1000)),
      };
    },
    async refused(address) {
      await take(
        wrong,
        address,
        "limit.unauthenticated",
        "Too many requests without a good key came from your address.",
      );
    },
  };
}

async function take(
  limiter: RateLimiterMemory,
  name: string,
  code: string,
  sentence: string,
): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(name);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = String(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    throw new HttpError(code, `${sentence} Try again in ${seconds} s.`, { "Retry-After": seconds });
  }
}
