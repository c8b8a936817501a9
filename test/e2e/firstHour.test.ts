/** What a newcomer meets in the first hour beside what goes well. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { runningProcesses } from "./support/runningProcesses.ts";
import { microtonne } from "./support/microtonne.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-first-"));
const path = (name: string): string => join(folder, name);
const data = path("data");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const canonical = ["--profile", "canonical-csv", "--provider", "city-app"];
const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
const RIDE = "r1,13800000001,metro,2025-06-18T08:00:00+08:00,2025-06-18T08:30:00+08:00,12.5,passenger-km";

describe("faults are sentences, said before anything is opened", () => {
  it.each([
    ["a wrong header", ["ingest", "wrong.csv", ...canonical], "has no column"],
    [
      "a file that is not there",
      ["ingest", "none.csv", ...canonical],
      "none.csv can't be read: there is none",
    ],
    ["a folder for a file", ["ingest", ".", ...canonical], "it is a folder"],
    ["a proof that is not there", ["verify", "none.json"], "none.json can't be read: there is none"],
    [
      "an attestation that is not there",
      ["mint", "0x12", "--attestation", "none"],
      "can't be read: there is none",
    ],
  ])("%s", async (_name, args, sentence) => {
    writeFileSync(path("wrong.csv"), "recordId,who\n1,2\n");
    const named = args.map((arg) => (/^(?:wrong\.csv|none.*|\.)$/.test(arg) ? path(arg) : arg));
    const { code, err } = await microtonne(["--data", data, ...named]);
    expect(code).not.toBe(0);
    expect(err).toContain(sentence);
    expect(err).not.toMatch(/ENOENT|EISDIR|\n\s+at /);
    expect(existsSync(data)).toBe(false);
  });

  it("a data folder that is a file", async () => {
    writeFileSync(path("file"), "");
    const { code, err } = await microtonne(["--data", path("file"), "batch", "list"]);
    expect([code, err]).toEqual([2, expect.stringMatching(/data folder .* can't be made or opened/)]);
  });
});

it("names that a terminal would obey, or that are not ASCII, go in and out as they are", async () => {
  writeFileSync(path("行程 é.csv"), `${HEADER}\n${RIDE}\nr2,,metro,x,y,1,km\n`);
  const out = path("拒绝 ü.csv");
  const ingest = ["ingest", path("行程 é.csv"), ...canonical, "--rejects", out];
  const { code, err } = await microtonne(["--data", path("数据"), ...ingest]);
  expect(code, err).toBe(0);
  expect(err).toContain(
    `Next: npx microtonne batch close --region WUHAN --vintage 2025 --data '${path("数据")}'`,
  );
  expect(readFileSync(out, "utf8")).toContain("time.malformed");
  const escape = String.fromCodePoint(27);
  for (const args of [["verify", `no${escape}[31m`], [`no${escape}[31m`]]) {
    const answer = await microtonne(args);
    expect(answer.err).toContain(String.raw`no\u001b[31m`);
    expect(answer.err).not.toContain(escape);
  }
});

it("a version and help are said without loading database, chain, schemas or service", async () => {
  for (const word of ["--version", "--help"]) {
    const loaded = await loadedBy([word]);
    expect(loaded.some((url) => url.endsWith("/main.ts"))).toBe(true);
    expect(loaded.filter((url) => /pglite|viem|zod|express|pg-boss|openContext/.test(url))).toEqual([]);
    expect(loaded.filter((url) => url.startsWith("file:")).length).toBeLessThan(80);
  }
});

/** URLs of the modules that a call loads. */
async function loadedBy(args: readonly string[]): Promise<string[]> {
  const hook = path("trace.mjs");
  writeFileSync(
    hook,
    `import { registerHooks } from "node:module";
     const load = (url, context, next) => (process.stderr.write(url + "\\n"), next(url, context));
     registerHooks({ load });`,
  );
  const child = spawn(process.execPath, ["--import", hook, "src/doors/cli/main.ts", ...args]);
  let text = "";
  child.stderr.on("data", (bytes: Buffer) => (text += bytes.toString()));
  await once(child, "close");
  return text.split("\n");
}

it("Ctrl-C is answered at once, ends within two seconds, and the same command goes on", async () => {
  const out = path("demo");
  const words = ["scripts/microtonne.mjs", "demo", "--records", "60000", "--out", out];
  const child = spawn(process.execPath, words, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
  // The database computes, and hears nothing.
  while (!said.includes("generated")) await sleep(50);
  await sleep(3_000);
  const before = said.length;
  const pressed = Date.now();
  process.kill(-(child.pid as number), "SIGINT");
  while (said.length === before) await sleep(10);
  const answered = Date.now() - pressed;
  const [code] = (await once(child, "exit")) as [number];
  const ended = Date.now() - pressed;
  expect(said.slice(before)).toContain("Stopping. What is stored stays whole");
  expect(code).toBe(130);
  expect(answered).toBeLessThan(500);
  expect(ended).toBeLessThan(2_000);
  await sleep(1_000);
  expect(await runningProcesses(out)).toEqual([]);
  const again = await microtonne(["demo", "--records", "600", "--out", out]);
  expect(again.code, again.err).toBe(0);
});
