import { expect, it, vi } from "vitest";
import { runWebhooks } from "../../../../src/app/webhooks/runWebhooks.ts";
import type { DeliveryContext } from "../../../../src/app/webhooks/webhookContext.ts";
import { UnavailableError } from "../../../../src/base/errors/errors.ts";

it.each([
  ["code", new UnavailableError("storage.unreachable", "The database is away."), "storage.unreachable"],
  ["nothing more than that it was none of ours", new Error("secret"), "internal"],
])("a database that is away is told in the log by its %s, and asked again", async (_what, fault, failure) => {
  const told: unknown[][] = [];
  const deafen = vi.fn<() => void>();
  const running = await runWebhooks({
    db: {
      query: () => Promise.reject(fault),
      listen: () => deafen,
    },
    queue: { work: () => Promise.resolve() },
    log: { error: (...said: unknown[]) => told.push(said) },
  } as unknown as DeliveryContext);
  await expect.poll(() => told).toEqual([[{ failure }, "webhooks"]]);
  await expect.poll(() => told.length, { timeout: 60_000 }).toBe(2);
  await running.stop();
  expect(deafen).toHaveBeenCalledOnce();
});
