/**
 * Works on jobs of kind `slow` until it is killed: `node queueChild.ts <engine> <place> <send|work>`. With
 * `send` it enters one first. Prints a line per attempt; the first attempt of a job never ends.
 */
import { migrate } from "../../../../src/adapters/storage/engine/migrate.ts";
import { openPglite } from "../../../../src/adapters/storage/engine/openPglite.ts";
import { openPostgres } from "../../../../src/adapters/storage/engine/openPostgres.ts";
import { openQueue } from "../../../../src/adapters/storage/queue/openQueue.ts";
import { jobKind } from "./jobKind.ts";

const [engine, place, mode] = process.argv.slice(2) as [string, string, string];
const db = engine === "pglite" ? await openPglite(place) : await openPostgres(place);
await migrate(db);
const queue = await openQueue(db, {
  kinds: [jobKind("slow", { expireSeconds: 3600 })],
  onError: (error) => console.error(error),
  superviseSeconds: 1,
  heartbeatSeconds: 10,
});
await queue.work("slow", { pollSeconds: 0.5 }, async ({ data, attempt }) => {
  console.log(`attempt ${String(attempt)} of ${JSON.stringify(data)}`);
  if (attempt === 1) await new Promise(() => undefined);
});
if (mode === "send") await queue.send("slow", { number: 7 });
