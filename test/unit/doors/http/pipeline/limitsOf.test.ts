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
