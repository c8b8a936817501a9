import { describe, expect, it } from "vitest";
import { bothSums } from "./support/dispositionSums.ts";
import { startClosing } from "./support/startClosing.ts";
import { streamPooled } from "../../../src/adapters/storage/batches/streamPooled.ts";
import { admissionDecisions } from "../../../src/app/ingest/admissionDecisions.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { KEY_WIDTHS } from "./support/keyWidths.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { hash, ingest, MORNING, progress, REGION } from "./support/samples.ts";

describe.each(KEY_WIDTHS)("several at once, $keys", ({ admitReductions, reduction }) => {
  onEachEngine((bench) => {
    it(
      "admit overlapping files, each record once, and each minute of a person's with all its acts",
      { timeout: 600_000 },
      async () => {
        const tenant = await bench.tenant();
        const db = bench.db();
        // 300 records in all; each worker has them in its own order, and every fifth is told by a second
        // provider too.
        const file = (turn: number) => {
          const all = Array.from({ length: 300 }, (_, i) => {
            const [metro, wallet] = ["metro", "wallet"].map((provider) =>
              reduction({
                id: `${provider} ${String(i)}`,
                provider,
                subject: `s${String(i % 40)}`,
                startedAt: MORNING + (i % 7) * 86_400 + i,
                quantity: BigInt(i + 1),
              }),
            ) as [ReturnType<typeof reduction>, ReturnType<typeof reduction>];
            return i % 5 === 0 && turn % 2 === 1 ? wallet : metro;
          });
          return [...all.slice(turn * 60), ...all.slice(0, turn * 60)];
        };
        const work = async (turn: number) => {
          const id = await ingest(db, tenant);
          const rows = file(turn);
          for (let chunk = 0; chunk * 50 < rows.length; chunk++) {
            const part = rows.slice(chunk * 50, (chunk + 1) * 50);
            await admitReductions(db, tenant, part, progress(id, chunk, part), null, admissionDecisions);
          }
        };
        await Promise.all([0, 1, 2, 3].map((turn) => work(turn)));
        const { rows, ledger } = await bothSums(db, tenant);
        expect(rows.open?.reductions).toBe(300n);
        expect(ledger).toEqual(rows);
        const [keys] = await db.query<{ records: bigint; mixed: bigint }>(
          `SELECT (SELECT count(DISTINCT (provider, record_id)) FROM reductions WHERE tenant = $1) AS records,
          (SELECT count(*) FROM (SELECT 1 FROM reductions WHERE tenant = $1 GROUP BY activity_key
          HAVING count(DISTINCT provider) > 1) m) AS mixed`,
          [tenant],
        );
        expect(keys).toEqual({ records: 300n, mixed: 0n });
      },
    );

    it("admit one act under several record ids: one of them is kept", async () => {
      const db = bench.db();
      for (let round = 0; round < 10; round++) {
        const tenant = await bench.tenant();
        const people = Array.from({ length: 30 }, (_, i) => `s${String(i)}`);
        // The keys are claimed already, so that nothing but the comparison of contents can find the copies.
        const first = people.map((subject) => reduction({ id: subject, subject, quantity: 1n }));
        await admitReductions(
          db,
          tenant,
          first,
          progress(await ingest(db, tenant), 0, first),
          null,
          admissionDecisions,
        );
        const admissions = [1, 2, 3, 4].map(async (worker) => {
          const copies = people.map((subject) =>
            reduction({ id: `${subject} ${String(worker)}`, subject, quantity: 2n }),
          );
          return admitReductions(
            db,
            tenant,
            copies,
            progress(await ingest(db, tenant), 0, copies),
            null,
            admissionDecisions,
          );
        });
        const accepted = (await Promise.all(admissions)).reduce(
          (sum, { result }) => sum + result.accepted,
          0,
        );
        expect(accepted).toBe(people.length);
      }
    });

    it("admit while a batch is closed: no frozen key gains an act", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      let admitted = 0;
      let begin = (): void => undefined;
      const underWay = new Promise<void>((resolve) => (begin = resolve));
      const work = async (worker: number) => {
        const id = await ingest(db, tenant);
        for (let chunk = 0; chunk < 12; chunk++) {
          // All workers keep adding to the same 20 people's minutes.
          const part = Array.from({ length: 20 }, (_, i) =>
            reduction({
              id: `${String(worker)} ${String(chunk)} ${String(i)}`,
              subject: `s${String(i)}`,
              quantity: BigInt(worker * 100 + chunk + 1),
            }),
          );
          await admitReductions(db, tenant, part, progress(id, chunk, part), null, admissionDecisions);
          if (++admitted === 3) begin();
        }
      };
      const workers = [1, 2, 3].map((worker) => work(worker));
      await Promise.race([underWay, Promise.all(workers)]);
      const closed = await startClosing(db, tenant, {
        closingId: hash("busy"),
        region: REGION,
        startDay: 20_089 as Day,
        endDay: 20_453 as Day,
        timeZone: "Asia/Shanghai",
        createdAt: MORNING as UnixSeconds,
        previousBatchId: null,
      });
      // The others went on meanwhile, and go on.
      expect(admitted).toBeLessThan(36);
      await Promise.all(workers);
      const { rows, ledger } = await bothSums(db, tenant);
      expect(ledger).toEqual(rows);
      const frozen = new Set<string>();
      let count = 0;
      for await (const batch of streamPooled(db, tenant, hash("busy"), 5_000)) {
        for (const row of batch) frozen.add(toHex(row.activityKey));
        count += batch.length;
      }
      expect(count).toBe(closed.closing.reductions);
      expect(count).toBeGreaterThan(0);
      const open = await db.query<{ activity_key: Uint8Array }>(
        "SELECT activity_key FROM reductions WHERE tenant = $1 AND disposition = 'open'",
        [tenant],
      );
      expect(open.filter((row) => frozen.has(toHex(row.activity_key)))).toEqual([]);
    });

    it("keep each other out of the work that a lock names, in one process too", async () => {
      const db = bench.db();
      const first = await db.lock("work");
      const second = db.lock("work").then((lock) => lock.release());
      const early = await Promise.race([
        second.then(() => true),
        new Promise((resolve) => setTimeout(() => resolve(false), 400)),
      ]);
      expect(early).toBe(false);
      await first.release();
      await second;
    });
  });
});
