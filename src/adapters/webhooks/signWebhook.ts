import { Webhook } from "standardwebhooks";
import type { Randomness } from "../../base/lib/system.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";

/** 24 to 64 bytes are allowed by Standard Webhooks. */
const SECRET_BYTES = 32;

/** A fresh signing secret as receivers keep it: `whsec_` and base64. */
export function newWebhookSecret(randomness: Randomness): string {
  return `whsec_${Buffer.from(randomness.bytes(SECRET_BYTES)).toString("base64")}`;
}

/**
 * The headers of Standard Webhooks 1.0 (https://www.standardwebhooks.com) for one attempt: the message's id,
 * which all of its attempts share, the time of this attempt, and a signature over both and the body under
 * each secret, in the order given.
 */
export function signWebhook(
  id: string,
  at: UnixSeconds,
  body: string,
  secrets: readonly string[],
): Record<string, string> {
  return {
    "content-type": "application/json",
    "user-agent": "microtonne-webhooks",
    "webhook-id": id,
    "webhook-timestamp": String(at),
    "webhook-signature": secrets
      .map((secret) => new Webhook(secret).sign(id, new Date(at * 1000), body))
      .join(" "),
  };
}
