import { get, type IncomingMessage } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { recordEvent } from "../../../src/adapters/storage/events/recordEvent.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import { serve } from "../../../src/doors/http/serve.ts";
import { expectProblem } from "./support/contract.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { onEachService, type ServiceBench } from "./support/service.ts";
import { until } from "./support/until.ts";

interface Page {
  readonly events: readonly { readonly sequence: string; readonly type: string }[];
  readonly first: string;
  readonly last: string;
}

/** Records so many events of a tenant. */
async function happen(bench: ServiceBench, tenant: string, count: number): Promise<void> {
  const data = { batchId: `0x${"ab".repeat(32)}` };
  await bench.context().db.transaction(async (tx) => {
    for (let index = 0; index < count; index++)
      await recordEvent(tx, tenantId(tenant), { type: "batch.committed", data });
  });
}

/** A reader of the stream that takes it as it comes. */
async function openStream(url: string, token: string, last: string | null, path = "/v1/events") {
  const { hostname, port } = new URL(url);
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "text/event-stream",
    ...(last !== null && { "last-event-id": last }),
  };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ hostname, port, path, headers, agent: false }, resolve).on("error", reject);
  });
  let text = "";
  const ids: string[] = [];
  const take = (bytes: Buffer): void => {
    text += bytes.toString("utf8");
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const id = /^id: (\d+)$/m.exec(text.slice(0, end))?.[1];
      if (id !== undefined) ids.push(id);
      text = text.slice(end + 2);
    }
  };
  answer.on("error", () => undefined);
  return {
    answer,
    ids,
    read: () => answer.on("data", take),
    ended: new Promise((resolve) => answer.once("close", resolve)),
  };
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describe("events", () => {
  onEachService((bench) => {
    it("come in pages, each behind the last one", async () => {
      const token = await bench.token("pages", ["read"]);
      expect(await bench.json<Page>("listEvents", 200, { token })).toEqual({
        events: [],
        first: "1",
        last: "0",
      });
      await happen(bench, "pages", 25);
      const seen: string[] = [];
      for (let after = "0"; ; after = seen.at(-1) ?? "0") {
        const page = await bench.json<Page>("listEvents", 200, { token, query: { after, limit: "10" } });
        expect([page.first, page.last]).toEqual(["1", "25"]);
        if (page.events.length === 0) break;
        seen.push(...page.events.map(({ sequence }) => sequence));
      }
      expect(seen).toEqual(numbers(1, 25));
    });

    it("are streamed to a reader cut off again and again, none lost, none twice", async () => {
      const token = await bench.token("stream", ["read"]);
      const total = 300;
      const producing = (async () => {
        for (let done = 0; done < total; done += 10) {
          await happen(bench, "stream", 10);
          await sleep(15);
        }
      })();
      const seen: string[] = [];
      let readers = 0;
      while (seen.length < total) {
        const reader = await openStream(bench.url(), token, seen.at(-1) ?? "0");
        expect(reader.answer.headers["content-type"]).toMatch(/^text\/event-stream/);
        reader.read();
        readers += 1;
        const enough = Math.min(seen.length + 40, total);
        await until("events", () => seen.length + reader.ids.length >= enough);
        reader.answer.destroy();
        await reader.ended;
        seen.push(...reader.ids);
      }
      await producing;
      expect(seen).toEqual(numbers(1, total));
      expect(readers).toBeGreaterThan(3);
    });

    it("begin behind `after` where no Last-Event-ID is sent, and refuse what is no number", async () => {
      const token = await bench.token("after", ["read"]);
      await happen(bench, "after", 5);
      const reader = await openStream(bench.url(), token, null, "/v1/events?after=3");
      reader.read();
      await until("events", () => reader.ids.length === 2);
      expect(reader.ids).toEqual(["4", "5"]);
      reader.answer.destroy();
      const headers = { accept: "text/event-stream", "last-event-id": "-1" };
      expect(expectProblem(await bench.call("listEvents", { token, headers }))).toMatchObject({
        status: 400,
        code: "event.id",
      });
    });

    it("a reader that is ahead of the list is told so, instead of waiting for ever", async () => {
      const token = await bench.token("ahead", ["read"]);
      await happen(bench, "ahead", 3);
      const accept = { accept: "text/event-stream" };
      for (const called of [
        { token, headers: { ...accept, "last-event-id": "4" } },
        { token, headers: accept, query: { after: "9000" } },
      ])
        expect(expectProblem(await bench.call("listEvents", called))).toMatchObject({
          status: 409,
          code: "event.ahead",
        });
      const reader = await openStream(bench.url(), token, "3");
      expect(reader.answer.statusCode).toBe(200);
      reader.answer.destroy();
    });

    it("of ingests number each tenant's on its own", async () => {
      for (const tenant of ["counts-a", "counts-b"]) {
        const token = await bench.token(tenant, ["read", "ingest"]);
        for (let file = 1; file <= 2; file++) {
          await bench.json("postActivities", 200, {
            token,
            query: { profile: "canonical-ndjson", provider: "city-metro" },
            body: ndjson(1, `${tenant}-${String(file)}`),
            headers: { "content-type": NDJSON },
          });
        }
        const { events } = await bench.json<{ events: { data: { ingestId: string } }[] }>("listEvents", 200, {
          token,
        });
        expect(events.map(({ data }) => data.ingestId)).toEqual(["1", "2"]);
      }
    });

    it("wait for a slow reader without being held in memory", async () => {
      const token = await bench.token("slow", ["read"]);
      const total = 30_000;
      // 200 characters each, so that all of them would be some 10 MB.
      await bench.context().db.query(
        `INSERT INTO events (tenant, sequence, type, data, occurred_at)
         SELECT $1, n, 'batch.committed', '{"batchId":"0x' || repeat('ab', 150) || '"}', 1
         FROM generate_series(1, $2::bigint) n`,
        ["slow", total],
      );
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc") as () => void;
      collect();
      const before = process.memoryUsage().heapUsed;
      const reader = await openStream(bench.url(), token, "0");
      await sleep(1_500);
      collect();
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(6_000_000);
      reader.read();
      await until("all events", () => reader.ids.length === total);
      expect(reader.ids.at(-1)).toBe(String(total));
      expect(new Set(reader.ids).size).toBe(total);
      reader.answer.destroy();
    });

    it("end for their readers when the service stops, at once", async () => {
      const token = await bench.token("stopped", ["read"]);
      const other = await serve(bench.context(), { host: "127.0.0.1", port: 0, jobs: false });
      const reader = await openStream(other.url, token, "0");
      reader.read();
      const begun = performance.now();
      await other.stop();
      await reader.ended;
      expect(performance.now() - begun).toBeLessThan(5_000);
    });
  });
});
