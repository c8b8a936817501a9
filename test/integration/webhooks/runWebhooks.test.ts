import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Queue } from "../../../src/adapters/storage/queue/queue.ts";
import { createEndpoint } from "../../../src/app/webhooks/createEndpoint.ts";
import { listDeliveries } from "../../../src/app/webhooks/deliveries.ts";
import { rotateSecret } from "../../../src/app/webhooks/rotateSecret.ts";
import { runWebhooks } from "../../../src/app/webhooks/runWebhooks.ts";
import { sendTestEvent } from "../../../src/app/webhooks/sendTestEvent.ts";
import { onEachEngine } from "../storage/support/onEachEngine.ts";
import { startReceiver, verified, type Received, type Receiver } from "./support/receiver.ts";
import { recordCommitted, webhookContext, webhookQueue } from "./support/webhookBench.ts";

const CHILD = fileURLToPath(new URL("./support/webhookChild.ts", import.meta.url));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function receiver(...given: Parameters<typeof startReceiver>): Promise<Receiver> {
  const made = await startReceiver(...given);
  closing.push(() => made.close());
  return made;
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

describe("the sender of webhooks", () => {
  onEachEngine((bench) => {
    const open = async (onError?: (error: unknown) => void): Promise<Queue> => {
      const queue = await webhookQueue(bench.db(), onError);
      closing.push(() => queue.stop(1));
      return queue;
    };

    it("brings what this process records within a second; a slow receiver holds up no other", async () => {
      const errors: unknown[] = [];
      const queue = await open((error) => errors.push(error));
      const [quick, slow] = [await receiver(), await receiver(() => undefined)];
      const context = webhookContext(bench.db(), queue, await bench.tenant(), [quick.host, slow.host]);
      const { endpoint, secret } = await createEndpoint(context, { url: quick.url, eventTypes: null });
      await createEndpoint(context, { url: slow.url, eventTypes: null });
      const sender = await runWebhooks(context);
      closing.push(() => sender.stop());
      await sleep(300);
      for (let i = 0; i < 20; i++) await recordCommitted(context.db, context.tenant, String(i));
      await vi.waitFor(() => expect(quick.received).toHaveLength(20), { timeout: 300_000 });
      await sendTestEvent(context, endpoint.endpointId);
      await vi.waitFor(() => expect(quick.received).toHaveLength(21), { timeout: 300_000 });
      const numbers = quick.received.map(
        (each) => (verified(secret, each) as { sequence: string | null }).sequence,
      );
      expect(new Set(numbers).size).toBe(21);
      // It is called once and not yet done with.
      expect(slow.received).toHaveLength(1);
      expect(errors).toEqual([]);
    });

    it("is understood by the documents' receiver, which turns away another's signature", async () => {
      const port = await freePort();
      const context = webhookContext(bench.db(), await open(), await bench.tenant(), [`127.0.0.1:${port}`]);
      const { endpoint, secret } = await createEndpoint(context, {
        url: `http://127.0.0.1:${port}/`,
        eventTypes: null,
      });
      const child = spawn(process.execPath, ["docs/examples/receive-webhooks.mjs"], {
        env: { ...process.env, PORT: port, WEBHOOK_SECRET: secret },
        stdio: ["ignore", "pipe", "inherit"],
      });
      closing.push(async () => {
        child.kill("SIGKILL");
        await once(child, "exit");
      });
      let said = "";
      child.stdout.on("data", (data: Buffer) => (said += data.toString()));
      await vi.waitFor(() => expect(said).toContain("listening"), { timeout: 300_000 });
      const sender = await runWebhooks(context);
      closing.push(() => sender.stop());
      await recordCommitted(context.db, context.tenant, "documented");
      await vi.waitFor(() => expect(said).toContain("batch.committed 1 {"), { timeout: 300_000 });
      await vi.waitFor(
        async () =>
          expect(await listDeliveries(context, endpoint.endpointId, { limit: 1 })).toMatchObject([
            { lastStatus: 204 },
          ]),
        { timeout: 300_000 },
      );
      await rotateSecret(context, endpoint.endpointId, 0);
      await sendTestEvent(context, endpoint.endpointId);
      await vi.waitFor(
        async () =>
          expect(await listDeliveries(context, endpoint.endpointId, { limit: 1 })).toMatchObject([
            { lastStatus: 401 },
          ]),
        { timeout: 300_000 },
      );
      expect(said).not.toContain("endpoint.test");
    });

    it(
      "brings a webhook again, with the same id, where it was killed in the middle of it",
      { timeout: 600_000 },
      async () => {
        const { engine } = bench.db();
        const place =
          engine === "pglite" ? mkdtempSync(join(tmpdir(), "microtonne-webhooks-")) : bench.place();
        let answers = false;
        const target = await receiver(
          (response) => void (answers ? response.writeHead(204).end() : undefined),
        );
        const run = () => {
          const child = spawn(process.execPath, [CHILD, engine, place, "killed", target.url], {
            stdio: ["ignore", "ignore", "inherit"],
          });
          closing.push(async () => {
            child.kill("SIGKILL");
            if (child.exitCode === null && child.signalCode === null)
              await new Promise((resolve) => child.once("exit", resolve));
          });
          return child;
        };
        const first = run();
        await vi.waitFor(() => expect(target.received).toHaveLength(1), { timeout: 300_000 });
        first.kill("SIGKILL");
        await new Promise((resolve) => first.once("exit", resolve));
        answers = true;
        run();
        await vi.waitFor(() => expect(target.received).toHaveLength(2), { timeout: 300_000 });
        const [one, two] = target.received as [Received, Received];
        expect(two.headers["webhook-id"]).toBe(one.headers["webhook-id"]);
        expect(two.body).toBe(one.body);
        if (engine === "pglite")
          closing.unshift(async () => Promise.resolve(rmSync(place, { recursive: true, force: true })));
      },
    );
  });
});
