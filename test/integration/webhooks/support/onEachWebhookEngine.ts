import { afterAll, afterEach, beforeAll } from "vitest";
import type { Queue } from "../../../../src/adapters/storage/queue/queue.ts";
import { createEndpoint } from "../../../../src/app/webhooks/createEndpoint.ts";
import { onEachEngine, type Bench } from "../../storage/support/onEachEngine.ts";
import { startReceiver, type Receiver } from "./receiver.ts";
import { webhookContext, webhookQueue, type TestContext } from "./webhookBench.ts";

export interface WebhookPlace {
  readonly bench: Bench;
  /** A receiver that answers with these statuses in turn, the last one again and again. */
  readonly answering: (...statuses: (number | [number, Record<string, string>])[]) => Promise<Receiver>;
  readonly closeAfterTest: (receiver: Receiver) => void;
  /** Of a new tenant that may send to these receivers. */
  readonly context: (...receivers: Receiver[]) => Promise<TestContext>;
  readonly endpoint: (
    to: TestContext,
    receiver: Receiver,
    eventTypes?: string[] | null,
  ) => ReturnType<typeof createEndpoint>;
}

/** Runs tests on each engine with a queue; receivers are closed after each test. */
export function onEachWebhookEngine(tests: (place: WebhookPlace) => void): void {
  const started: Receiver[] = [];
  afterEach(async () => {
    for (const receiver of started.splice(0)) await receiver.close();
  });
  onEachEngine((bench) => {
    let queue: Queue;
    beforeAll(async () => {
      queue = await webhookQueue(bench.db());
    });
    afterAll(async () => queue.stop(1));
    tests({
      bench,
      answering: async (...statuses) => {
        let asked = 0;
        const receiver = await startReceiver((response) => {
          const next = statuses[Math.min(asked++, statuses.length - 1)] as
            number | [number, Record<string, string>];
          const [status, headers] = Array.isArray(next) ? next : [next, {}];
          response.writeHead(status, headers).end();
        });
        started.push(receiver);
        return receiver;
      },
      closeAfterTest: (receiver) => void started.push(receiver),
      context: async (...receivers) =>
        webhookContext(
          bench.db(),
          queue,
          await bench.tenant(),
          receivers.map(({ host }) => host),
        ),
      endpoint: async (to, receiver, eventTypes = null) =>
        createEndpoint(to, { url: receiver.url, eventTypes }),
    });
  });
}
