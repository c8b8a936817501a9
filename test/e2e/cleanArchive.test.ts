import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { microtonne } from "./support/microtonne.ts";

const HALF = "cd".repeat(32);
const VERIFIER = "ab".repeat(20);
const HOURS_AGO = (hours: number): number => Math.floor(Date.now() / 1000) - 3600 * hours;
let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "microtonne-clean-"));
  await place("archive", ".draft-01", HOURS_AGO(30));
  await place("archive", HALF, HOURS_AGO(30));
  await place("archive", ".draft-02", HOURS_AGO(2));
  await place(`verifiers/${VERIFIER}`, ".draft-03", HOURS_AGO(30));
  await place(`verifiers/${VERIFIER}`, HALF, HOURS_AGO(30));
});
afterEach(() => rm(data, { recursive: true }));

describe("microtonne batch archive clean", () => {
  it("removes what was half-written a day ago, and says so", async () => {
    const found = [
      { path: join(data, "archive/.draft-01"), kind: "draft", state: "stale" },
      { path: join(data, "archive/.draft-02"), kind: "draft", state: "young" },
      { path: join(data, "archive", HALF), kind: "folder", state: "stale" },
      { path: join(data, "verifiers", VERIFIER, ".draft-03"), kind: "draft", state: "stale" },
    ];
    expect(await clean("--dry-run")).toMatchObject({
      dryRun: true,
      olderThanSeconds: 86_400,
      halfWritten: found,
    });
    expect(await left("archive")).toEqual([".draft-01", ".draft-02", HALF]);
    expect(await clean()).toMatchObject({ dryRun: false, halfWritten: found });
    expect(await left("archive")).toEqual([".draft-02"]);
    expect(await left(`verifiers/${VERIFIER}`)).toEqual([HALF]);
  });

  it("goes by the age that it is given", async () => {
    expect(await clean("--older-than", "2d")).toMatchObject({ olderThanSeconds: 172_800 });
    expect(await left("archive")).toEqual([".draft-01", ".draft-02", HALF]);
    await clean("--older-than", "1h");
    expect(await left("archive")).toEqual([]);
  });

  it("speaks to people, and opens no database", async () => {
    const { code, out } = await microtonne(["--data", data, "batch", "archive", "clean"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^removed \S+\.draft-01 \(3 bytes, last written 2/m);
    expect(out).toMatch(/^left, too young: \S+\.draft-02 /m);
    const again = await microtonne(["--data", join(data, "none"), "batch", "archive", "clean"]);
    expect(again).toEqual({ code: 0, out: "nothing half-written\n", err: "" });
    expect(await readdir(data)).toEqual(["archive", "verifiers"]);
  });

  it("passes over a stray file among the verifiers", async () => {
    await mkdir(join(data, "verifiers"), { recursive: true });
    await writeFile(join(data, "verifiers/.DS_Store"), "");
    expect((await microtonne(["--data", data, "batch", "archive", "clean"])).code).toBe(0);
  });

  it.each(["yesterday", "-1h", "24"])("calls an age of %s wrong usage", async (text) => {
    expect((await microtonne(["batch", "archive", "clean", `--older-than=${text}`])).code).toBe(2);
  });
});

async function clean(...options: string[]): Promise<unknown> {
  const { code, out, err } = await microtonne([
    "--data",
    data,
    "--json",
    "batch",
    "archive",
    "clean",
    ...options,
  ]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

const left = async (folder: string): Promise<string[]> => (await readdir(join(data, folder))).toSorted();

/** A half-written archive of three bytes. */
async function place(folder: string, name: string, at: number): Promise<void> {
  const half = join(data, folder, name);
  await mkdir(join(half, "leaves"), { recursive: true });
  await writeFile(join(half, "leaves/000"), "abc");
  for (const path of [join(half, "leaves/000"), join(half, "leaves"), half]) await utimes(path, at, at);
}
