import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { bothSums } from "./support/dispositionSums.ts";
import { openPglite } from "../../../src/adapters/storage/engine/openPglite.ts";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import { onEachEngine } from "./support/onEachEngine.ts";

const CHILD = fileURLToPath(new URL("./support/admittingChild.ts", import.meta.url));
const CHUNKS = 12;
const tenant = tenantId("crashing");

/** Runs the child; kills it `pause` ms after it has printed the line. Returns its lines. */
async function run(
  engine: string,
  place: string,
  kill: { after: string; pause: number } | null,
  of = tenant,
  more: readonly string[] = [],
): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, engine, place, of, String(CHUNKS), ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  let errors = "";
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (kill !== null && line === kill.after) setTimeout(() => child.kill("SIGKILL"), kill.pause);
  }
  await exited(child);
  if (kill === null && errors !== "") throw new Error(errors);
  return lines;
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once("exit", resolve));
}

describe("a process that is killed while it admits", () => {
  onEachEngine((bench) => {
    it("goes on where it was, and nothing is lost or there twice", async () => {
      const { engine } = bench.db();
      // The embedded database belongs to one process: the child gets a folder of its own.
      const place = engine === "pglite" ? mkdtempSync(join(tmpdir(), "microtonne-crash-")) : bench.place();
      let lines: string[] = [];
      for (const [after, pause] of [
        ["from 0", 40],
        ["chunk 2", 15],
        ["chunk 5", 30],
        ["chunk 8", 2],
      ] as const) {
        lines = await run(engine, place, { after, pause });
      }
      lines = await run(engine, place, null);
      const totals = JSON.parse(lines.at(-1) as string) as unknown;
      expect(totals).toEqual({
        rowsRead: 2400,
        accepted: 2400 - 220,
        rejected: 0,
        implausible: 0,
        duplicate: 220,
        milligrams: String(expectedMilligrams()),
        duplicateReasons: { "duplicate.record-id": 220 },
      });
      const db = engine === "pglite" ? await openPglite(place) : await openPostgres(place);
      const { rows, ledger } = await bothSums(db, tenant);
      expect(rows).toEqual({ open: { reductions: 2180n, milligrams: expectedMilligrams() } });
      expect(ledger).toEqual(rows);
      const [keys] = await db.query<{ records: bigint; activities: bigint }>(
        `SELECT (SELECT count(*) FROM records) AS records,
           (SELECT count(DISTINCT activity_key) FROM reductions WHERE tenant = $1) AS activities`,
        [tenant],
      );
      expect(keys).toEqual({ records: 2180n, activities: 2180n });
      await db.close();
      if (engine === "pglite") rmSync(place, { recursive: true, force: true });
    });

    it("leaves of a cap what was stored used, and uses the rest up to the milligram", async () => {
      const { engine } = bench.db();
      const place = engine === "pglite" ? mkdtempSync(join(tmpdir(), "microtonne-crash-")) : bench.place();
      const [of, most] = [tenantId("crashing-capped"), 1_000_000n];
      for (const [after, pause] of [
        ["from 0", 40],
        ["chunk 2", 15],
        ["chunk 5", 3],
      ] as const)
        await run(engine, place, { after, pause }, of, [String(most)]);
      const lines = await run(engine, place, null, of, [String(most)]);
      expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ rowsRead: 2400, milligrams: String(most) });
      const db = engine === "pglite" ? await openPglite(place) : await openPostgres(place);
      const { rows, ledger } = await bothSums(db, of);
      expect(rows.open?.milligrams).toBe(most);
      expect(ledger).toEqual(rows);
      const used = await db.query<{ milligrams: bigint }>(
        `SELECT u.milligrams FROM cap_use u JOIN capped_methodologies m ON m.capped = u.capped
         WHERE m.tenant = $1`,
        [of],
      );
      expect(used).toEqual([{ milligrams: most }]);
      await db.close();
      if (engine === "pglite") rmSync(place, { recursive: true, force: true });
    });
  });
});

/**
 * Independent of the child's loop: the rows that repeat a record are those ending in 9, from the second chunk
 * on, and they earn nothing.
 */
function expectedMilligrams(): bigint {
  let sum = 0n;
  for (let number = 0; number < 2400; number++)
    if (number < 200 || number % 10 !== 9) sum += BigInt(number + 1);
  return sum;
}

describe("a data folder", () => {
  const folders: string[] = [];
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), "microtonne-lock-"));
    folders.push(path);
    return path;
  };
  afterEach(() => {
    for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
  });

  it("is refused to a second process, which is told the first one's pid", async () => {
    const place = folder();
    const child = spawn(process.execPath, [CHILD, "pglite", place, tenant, "100000"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const lines = createInterface({ input: child.stdout });
    await new Promise((resolve) => lines.once("line", resolve));
    await expect(openPglite(place)).rejects.toMatchObject({
      code: "storage.locked",
      message: expect.stringContaining(String(child.pid)) as string,
    });
    child.kill("SIGKILL");
    await exited(child);
    const db = await openPglite(place);
    await db.close();
  });

  it("is refused to a second opening in the same process, until the first is closed", async () => {
    const place = folder();
    const db = await openPglite(place);
    await expect(openPglite(place)).rejects.toMatchObject({ code: "storage.locked" });
    await db.close();
    await (await openPglite(place)).close();
  });

  it("is taken over where the lock's process is gone, its pid reused or the boot another", async () => {
    const place = folder();
    const lock = join(place, "lock");
    const db = await openPglite(place);
    const own = JSON.parse(readFileSync(lock, "utf8")) as object;
    await db.close();
    for (const stale of [
      { startedAt: "1" },
      { boot: "another boot" },
      { pid: 2 ** 22 + 1, startedAt: "1" },
    ]) {
      writeFileSync(lock, JSON.stringify({ ...own, ...stale }));
      const taken = await openPglite(place);
      expect(JSON.parse(readFileSync(lock, "utf8"))).toEqual(own);
      await taken.close();
    }
  });

  it("stays locked where it can't be told whether the holder lives", async () => {
    const place = folder();
    mkdirSync(place, { recursive: true });
    for (const content of [
      JSON.stringify({ pid: 1, startedAt: "1", boot: "x", host: `not-${hostname()}` }),
      "garbage",
      "",
    ]) {
      writeFileSync(join(place, "lock"), content);
      await expect(openPglite(place)).rejects.toMatchObject({ code: "storage.locked" });
    }
  });
});
