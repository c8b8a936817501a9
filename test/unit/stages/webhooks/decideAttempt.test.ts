import { describe, expect, it } from "vitest";
import { SECONDS_PER_DAY } from "../../../../src/base/lib/time/units.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { attemptOutcome } from "../../../../src/stages/webhooks/attemptOutcome.ts";
import { decideAttempt } from "../../../../src/stages/webhooks/decideAttempt.ts";
import { checkEndpointEnabled, checkEndpointRoom } from "../../../../src/stages/webhooks/endpointChecks.ts";
import type { AttemptOutcome, EndpointStanding } from "../../../../src/stages/webhooks/ports.ts";
import { RETRY_DELAYS } from "../../../../src/stages/webhooks/retrySchedule.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const NOW = 1_800_000_000 as UnixSeconds;
const since = (seconds: number) => (NOW - seconds) as UnixSeconds;
const GOOD: EndpointStanding = { failingSince: null, disabled: null };
const outcome = (next: AttemptOutcome["next"]): AttemptOutcome => ({
  at: NOW,
  status: null,
  failure: null,
  next,
});
const code = (name: string) => refusedFor(name);

describe("an attempt to deliver", () => {
  it("that is delivered ends the delivery and the endpoint's failing", () => {
    const failing = { ...GOOD, failingSince: since(6 * SECONDS_PER_DAY) };
    expect(decideAttempt(failing, outcome("delivered"))).toEqual({
      state: "delivered",
      retryAfter: null,
      failingSince: null,
      disable: null,
    });
  });

  it("that fails is planned again, or has failed with the last; failing counts from the first", () => {
    expect(decideAttempt(GOOD, outcome(30))).toEqual({
      state: "pending",
      retryAfter: 30,
      failingSince: NOW,
      disable: null,
    });
    expect(decideAttempt({ ...GOOD, failingSince: since(9) }, outcome(null))).toEqual({
      state: "failed",
      retryAfter: null,
      failingSince: since(9),
      disable: null,
    });
  });

  it("switches an endpoint off that is gone, or has failed for five days, and leaves one that is off", () => {
    const days = 5 * SECONDS_PER_DAY;
    expect(decideAttempt(GOOD, outcome("gone"))).toMatchObject({ state: "failed", disable: "gone" });
    expect(decideAttempt({ ...GOOD, failingSince: since(days) }, outcome(1)).disable).toBe("failing");
    expect(decideAttempt({ ...GOOD, failingSince: since(days - 1) }, outcome(1)).disable).toBeNull();
    const off: EndpointStanding = { failingSince: null, disabled: { at: NOW, reason: "owner" } };
    expect(decideAttempt(off, outcome("gone")).disable).toBeNull();
  });
});

describe("what came of an attempt", () => {
  const next = (status: number, retryAfter: string | null = null) =>
    attemptOutcome({ status, retryAfter }, NOW, 1, 0).next;

  it("is told by the status", () => {
    for (const status of [200, 204, 299]) expect(next(status)).toBe("delivered");
    for (const status of [199, 300, 404, 500]) expect(next(status)).toBe(RETRY_DELAYS[0]);
    expect(next(410)).toBe("gone");
  });

  it("gives the time that 429 and 503 ask for, and no other status", () => {
    for (const status of [429, 503]) expect(next(status, "600")).toBe(600);
    expect(next(500, "600")).toBe(RETRY_DELAYS[0]);
  });

  it("is a word where there was no answer, and the last one where all attempts are used up", () => {
    expect(attemptOutcome({ failure: "timeout" }, NOW, RETRY_DELAYS.length + 1, 0)).toEqual({
      at: NOW,
      status: null,
      failure: "timeout",
      next: null,
    });
  });
});

describe("an endpoint", () => {
  it("gets nothing where it is off", () => {
    expect(() => checkEndpointEnabled(GOOD)).not.toThrow();
    expect(() => checkEndpointEnabled({ disabled: { at: NOW, reason: "gone" } })).toThrowError(
      code("webhook.disabled"),
    );
  });

  it("has at most nineteen others beside it", () => {
    expect(() => checkEndpointRoom(19)).not.toThrow();
    expect(() => checkEndpointRoom(20)).toThrowError(code("webhook.too-many"));
  });
});
