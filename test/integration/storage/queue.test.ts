import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { openQueue } from "../../../src/adapters/storage/queue/openQueue.ts";
import type { Job, Queue } from "../../../src/adapters/storage/queue/queue.ts";
import { StateError } from "../../../src/base/errors/errors.ts";
import { onEachEngine, type Bench } from "./support/onEachEngine.ts";
import { jobKind } from "./support/jobKind.ts";

const CHILD = fileURLToPath(new URL("./support/queueChild.ts", import.meta.url));
/** Longer than a test: what runs in time was woken. */
const NEVER = { pollSeconds: 600 };
const OFTEN = { pollSeconds: 0.5 };

const KINDS = [
  jobKind("plain"),
  jobKind("failing", { retryLimit: 1 }),
  jobKind("hanging", { expireSeconds: 1 }),
  jobKind("keyed", { oncePerKey: "alive" }),
  jobKind("waiting", { oncePerKey: "waiting" }),
];

const opened: Queue[] = [];
const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill("SIGKILL");
    await ended(child);
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  for (const queue of opened.splice(0)) await queue.stop(1);
});

async function open(
  bench: Bench,
  onError: (error: unknown) => void = () => undefined,
  db = bench.db(),
): Promise<Queue> {
  const queue = await openQueue(db, { kinds: KINDS, onError, superviseSeconds: 1 });
  opened.push(queue);
  return queue;
}

describe("a job queue", () => {
  onEachEngine((bench) => {
    it("runs what was sent, at once where this process sent it, with its data and attempt", async () => {
      const queue = await open(bench);
      const ran: Pick<Job, "id" | "data" | "attempt">[] = [];
      await queue.work("plain", NEVER, async ({ id, data, attempt }) => void ran.push({ id, data, attempt }));
      await sleep(300);
      const ids = new Set<unknown>();
      for (const number of [1, 2, 3]) ids.add(await queue.send("plain", { number }));
      await vi.waitFor(() => expect(ran).toHaveLength(3), 5_000);
      expect(new Set(ran.map(({ id }) => id))).toEqual(ids);
      expect(ran.map(({ data }) => data)).toEqual(
        expect.arrayContaining([{ number: 1 }, { number: 2 }, { number: 3 }]),
      );
      expect(ran.every(({ attempt }) => attempt === 1)).toBe(true);
      await expect(queue.send("unheard-of", {})).rejects.toMatchObject({ code: "queue.unknown" });
      await expect(queue.work("unheard-of", {}, async () => undefined)).rejects.toMatchObject({
        code: "queue.unknown",
      });
    });

    it("takes a job with the transaction that sends it, or not at all", async () => {
      const queue = await open(bench);
      const ran: unknown[] = [];
      await queue.work("plain", OFTEN, async ({ data }) => void ran.push(data));
      const undone = bench.db().transaction(async (tx) => {
        expect(await queue.send("plain", { undone: true }, {}, tx)).not.toBeNull();
        await sleep(700);
        throw new Error("undone");
      });
      await expect(undone).rejects.toThrow("undone");
      await bench.db().transaction(async (tx) => {
        await queue.send("plain", { kept: true }, {}, tx);
        await sleep(700);
        expect(ran).toEqual([]);
      });
      await vi.waitFor(() => expect(ran).toEqual([{ kept: true }]), 5_000);
      await sleep(1_200);
      expect(ran).toEqual([{ kept: true }]);
    });

    it(
      "takes the first job of a new kind in a transaction, without asking for anything outside of it",
      { timeout: 300_000 },
      async () => {
        const kinds = [jobKind(`new-${String(Date.now())}`)];
        const queue = await openQueue(bench.db(), { kinds, onError: () => undefined });
        opened.push(queue);
        // On the embedded database a question outside of the transaction waits for its end, and this for the
        // question.
        const sent = await bench.db().transaction((tx) => queue.send(kinds[0]?.name ?? "", {}, {}, tx));
        expect(sent).not.toBeNull();
      },
    );

    it("tries a failed job again, then keeps it with the dead, with its error's code alone", async () => {
      const errors: unknown[] = [];
      const queue = await open(bench, (error) => errors.push(error));
      const times: number[] = [];
      let fails = true;
      await queue.work("failing", OFTEN, async () => {
        times.push(Date.now());
        if (fails)
          throw times.length === 1
            ? new Error("Wang Xiaoming")
            : new StateError("test.refused", "A sentence about Wang Xiaoming.");
      });
      await queue.send("failing", { number: 1 });
      await vi.waitFor(async () => expect(await queue.dead("failing")).toHaveLength(1), 15_000);
      expect(times).toHaveLength(2);
      expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(450);
      expect(await queue.dead("failing")).toMatchObject([{ data: { number: 1 }, failure: "test.refused" }]);
      expect(errors).toHaveLength(2);
      const [kept] = await bench
        .db()
        .query<{ text: string }>("SELECT string_agg(j::text, ' ') AS text FROM pgboss.job j");
      expect(kept?.text).toContain("test.refused");
      expect(kept?.text).not.toContain("Wang");
      fails = false;
      expect(await queue.revive("failing")).toBe(1);
      await vi.waitFor(() => expect(times).toHaveLength(3), 5_000);
      expect(await queue.dead("failing")).toEqual([]);
    });

    it("ends an attempt that takes too long, tells it so, and tries again", async () => {
      const queue = await open(bench);
      const over: number[] = [];
      await queue.work("hanging", OFTEN, async ({ attempt, signal }) => {
        if (attempt > 1) return void over.push(attempt);
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
        over.push(attempt);
      });
      await queue.send("hanging", {});
      await vi.waitFor(() => expect(over).toEqual([1, 2]), 15_000);
    });

    it("enters a job once per id, and once per key while one is alive or waits", async () => {
      const queue = await open(bench);
      const id = crypto.randomUUID();
      expect(await queue.send("plain", {}, { id, startAfterSeconds: 600 })).toBe(id);
      expect(await queue.send("plain", {}, { id, startAfterSeconds: 600 })).toBeNull();
      expect(await queue.send("waiting", {}, { singletonKey: "a" })).not.toBeNull();
      expect(await queue.send("waiting", {}, { singletonKey: "a" })).toBeNull();
      expect(await queue.send("waiting", {}, { singletonKey: "b" })).not.toBeNull();
      let go = (): void => undefined;
      const held = new Promise<void>((resolve) => (go = resolve));
      let running = 0;
      for (const name of ["keyed", "waiting"]) {
        await queue.work(name, { ...NEVER, concurrency: 2 }, async () => {
          running++;
          await held;
        });
      }
      await queue.send("keyed", {}, { singletonKey: "a" });
      await vi.waitFor(() => expect(running).toBe(3), 5_000);
      expect(await queue.send("keyed", {}, { singletonKey: "a" })).toBeNull();
      expect(await queue.send("waiting", {}, { singletonKey: "a" })).not.toBeNull();
      go();
      await vi.waitFor(
        async () => expect(await queue.send("keyed", {}, { singletonKey: "a" })).not.toBeNull(),
        5_000,
      );
    });

    it("never gives one job to two workers at once, and runs no more at once than it was told", async () => {
      const { engine } = bench.db();
      const other = engine === "postgres" ? await openPostgres(bench.place()) : bench.db();
      const queues = [await open(bench), await open(bench, () => undefined, other)];
      const runs = new Map<unknown, number>();
      const now = [0, 0];
      const most = [0, 0];
      for (const [index, queue] of queues.entries()) {
        await queue.work("plain", { ...OFTEN, concurrency: 3 }, async ({ data }) => {
          const { number } = data as { number?: number };
          if (number === undefined) return;
          runs.set(number, (runs.get(number) ?? 0) + 1);
          most[index] = Math.max(most[index] as number, ++(now[index] as number));
          await sleep(15);
          (now[index] as number)--;
        });
      }
      await bench.db().transaction(async (tx) => {
        for (let number = 0; number < 60; number++) await queues[0]?.send("plain", { number }, {}, tx);
      });
      await vi.waitFor(() => expect(runs.size).toBe(60), 20_000);
      await sleep(1_500);
      expect([...runs.values()].every((times) => times === 1)).toBe(true);
      expect(most[0]).toBe(3);
      expect(most[1]).toBeLessThanOrEqual(3);
      if (engine === "postgres") {
        for (const queue of opened.splice(0)) await queue.stop(1);
        await other.close();
      }
    });

    it("stops when what runs is done, takes nothing further, leaves the rest for later", async () => {
      const queue = await open(bench);
      const done: unknown[] = [];
      let started = false;
      await queue.work("plain", OFTEN, async ({ data }) => {
        started = true;
        await sleep(1_000);
        done.push(data);
      });
      await queue.send("plain", { number: 1 });
      await vi.waitFor(() => expect(started).toBe(true), 5_000);
      await queue.send("plain", { number: 2 });
      await queue.stop();
      expect(done).toEqual([{ number: 1 }]);
      const next = await open(bench);
      await next.work("plain", OFTEN, async ({ data }) => void done.push(data));
      await vi.waitFor(() => expect(done).toEqual([{ number: 1 }, { number: 2 }]), 5_000);
    });

    it("runs a job again whose worker was killed in the middle of it", async () => {
      const { engine } = bench.db();
      const place = engine === "pglite" ? mkdtempSync(join(tmpdir(), "microtonne-queue-")) : bench.place();
      if (engine === "pglite") folders.push(place);
      const first = start(engine, place, "send");
      expect(await lineOf(first)).toBe('attempt 1 of {"number":7}');
      first.kill("SIGKILL");
      await ended(first);
      const second = start(engine, place, "work");
      expect(await lineOf(second)).toBe('attempt 2 of {"number":7}');
    });
  });
});

function start(engine: string, place: string, mode: string): ChildProcess {
  const child = spawn(process.execPath, [CHILD, engine, place, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

async function lineOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("The child has no output.");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("The child ended without a line.");
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once("exit", resolve));
}
