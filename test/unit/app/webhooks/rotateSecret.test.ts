import { expect, it } from "vitest";
import { rotateSecret } from "../../../../src/app/webhooks/rotateSecret.ts";
import type { WebhookContext } from "../../../../src/app/webhooks/webhookContext.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";

const NOW = 1_750_000_000;
const WEEK = 604_800;
const context = {
  db: { query: () => Promise.resolve([{}]) },
  tenant: tenantId("hooks"),
  clock: { now: () => NOW },
  randomness: { bytes: (length: number) => new Uint8Array(length).fill(1) },
  sealer: { seal: () => new Uint8Array() },
} as unknown as WebhookContext;

it("two secrets sign together for a day, or for as long as is asked, a week at most", async () => {
  expect((await rotateSecret(context, "e")).previousUntil).toBe(NOW + 86_400);
  for (const seconds of [0, 1, WEEK])
    expect((await rotateSecret(context, "e", seconds)).previousUntil).toBe(NOW + seconds);
});

it.each([-1, WEEK + 1, 0.5, Number.NaN])("not for %d seconds", async (seconds) => {
  await expect(rotateSecret(context, "e", seconds)).rejects.toMatchObject({
    code: "webhook.overlap",
    message: "Two secrets can sign together for 0 to 604800 seconds.",
  });
});
