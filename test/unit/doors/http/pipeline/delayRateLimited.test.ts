import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { delayRateLimited } from "../../../../../src/doors/http/pipeline/delayRateLimited.ts";

it("keeps who is over a limit waiting, and nobody else", async () => {
  await Promise.all([200, 401, 409, 503].map((status) => delayRateLimited(status)));
  expect(await Promise.race([delayRateLimited(429).then(() => "answered"), sleep(500, "waiting")])).toBe(
    "waiting",
  );
});
