import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Caller } from "../../../../../src/app/apiKeys/authenticator.ts";
import { limitsOf } from "../../../../../src/doors/http/pipeline/limitsOf.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const CALLER = { keyId: "one" } as Caller;
const refusedWith = (limits: ReturnType<typeof limitsOf>) =>
  limits.request(CALLER).then(
    () => null,
    (error: unknown) => (error as Error).message,
  );

it("a key may send a tenth of its minute in one second, and not one more", async () => {
  const limits = limitsOf(60);
  for (let sent = 0; sent < 6; sent++) expect(await refusedWith(limits)).toBeNull();
  expect(await refusedWith(limits)).toContain("in one second");
  vi.advanceTimersByTime(1_001);
  expect(await refusedWith(limits)).toBeNull();
});

it("a key may send so many in a minute, however they are spread, and as many in another", async () => {
  const limits = limitsOf(60);
  for (let second = 0; second < 10; second++) {
    for (let sent = 0; sent < 6; sent++) expect(await refusedWith(limits)).toBeNull();
    vi.advanceTimersByTime(1_001);
  }
  expect(await refusedWith(limits)).toContain("in this minute");
  vi.advanceTimersByTime(60_000);
  expect(await refusedWith(limits)).toBeNull();
});

it("a key is told what is left of its minute, apart from other keys", async () => {
  const limits = limitsOf(60);
  expect(await limits.request(CALLER)).toEqual({
    "RateLimit-Limit": "60",
    "RateLimit-Remaining": "59",
    "RateLimit-Reset": "60",
  });
  vi.advanceTimersByTime(1_500);
  expect(await limits.request(CALLER)).toMatchObject({
    "RateLimit-Remaining": "58",
    "RateLimit-Reset": "59",
  });
  expect(await limits.request({ keyId: "two" } as Caller)).toMatchObject({ "RateLimit-Remaining": "59" });
});

it("who is over a limit is told when to come again", async () => {
  const limits = limitsOf(1);
  await limits.request(CALLER);
  await expect(limits.request(CALLER)).rejects.toMatchObject({
    code: "limit.requests",
    message: "You send more requests in one second than this key may. Spread them out. Try again in 1 s.",
    headers: { "Retry-After": "1" },
  });
  vi.advanceTimersByTime(1_500);
  await expect(limits.request(CALLER)).rejects.toMatchObject({
    code: "limit.requests",
    message: "You have sent more requests in this minute than this key may. Try again in 59 s.",
    headers: { "Retry-After": "59" },
  });
});

it("an address may send thirty requests a minute without a good key, apart from others", async () => {
  const limits = limitsOf(1);
  for (let sent = 0; sent < 30; sent++) await limits.refused("10.0.0.1");
  await limits.refused("10.0.0.2");
  await expect(limits.refused("10.0.0.1")).rejects.toMatchObject({
    code: "limit.unauthenticated",
    message: "Too many requests without a good key came from your address. Try again in 60 s.",
    headers: { "Retry-After": "60" },
  });
  vi.advanceTimersByTime(60_001);
  await expect(limits.refused("10.0.0.1")).resolves.toBeUndefined();
});
