import type { UnixSeconds } from "../../base/types/quantities.ts";

/** Why an endpoint gets nothing more: its receiver answered 410, failed for days, or its owner said so. */
export type DisabledReason = "gone" | "failing" | "owner";

/** How an endpoint stands. */
export interface EndpointStanding {
  /** First failure since the last success, null where the last attempt succeeded. */
  readonly failingSince: UnixSeconds | null;
  readonly disabled: { readonly at: UnixSeconds; readonly reason: DisabledReason } | null;
}

/** A receiver's answer, or a word why there was none. */
export type WebhookAnswer =
  | {
      readonly status: number;
      /** The header as it came, for 429 and 503. */
      readonly retryAfter: string | null;
    }
  | { readonly failure: string };

/** What came of an attempt. */
export interface AttemptOutcome {
  readonly at: UnixSeconds;
  readonly status: number | null;
  /** A word, where there was no answer. */
  readonly failure: string | null;
  /**
   * `delivered`; `gone`: nothing more is to be sent to the endpoint; a number: seconds until the next
   * attempt; null: it was the last.
   */
  readonly next: "delivered" | "gone" | number | null;
}

/** What becomes of a delivery and its endpoint after an attempt. */
export interface AttemptDecision {
  readonly state: "delivered" | "failed" | "pending";
  /** Seconds until the next attempt; null where there is none. */
  readonly retryAfter: number | null;
  readonly failingSince: UnixSeconds | null;
  /** Null where the endpoint stays as it is. */
  readonly disable: Exclude<DisabledReason, "owner"> | null;
}

export type DecideAttempt = (endpoint: EndpointStanding, outcome: AttemptOutcome) => AttemptDecision;

/** Throws StateError `webhook.disabled` where an endpoint is switched off. */
export type CheckEnabled = (endpoint: Pick<EndpointStanding, "disabled">) => void;

/** Throws StateError `webhook.too-many` where a tenant that has this many endpoints may have no more. */
export type CheckRoom = (endpoints: number) => void;
