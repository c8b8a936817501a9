import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { environmentOf } from "./support/commandLine.ts";
import { microtonne } from "./support/microtonne.ts";

// With a blank, as a user's folder may have one.
const folder = mkdtempSync(join(tmpdir(), "microtonne demo-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line as a shell does, with none of this machine's settings. */
function shell(line: string): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile("sh", ["-c", line], { env: environmentOf({}) }, (error, out) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out });
    });
  });
}

it("demo ends with commands that work as they are printed", async () => {
  const { code, out } = await microtonne(["demo", "--records", "600", "--out", join(folder, "out")]);
  expect(code).toBe(0);
  const lines = out.split("\n").flatMap((line) => (line.startsWith("  ") ? [line.trim()] : []));
  const told = new Map<string, string>();
  for (const line of lines) {
    const [, command = ""] = /npx microtonne ([a-z]+)/.exec(line) ?? [];
    told.set(command, line);
  }
  expect([...told.keys()].toSorted()).toEqual(["batch", "serve", "verify"]);
  const listed = await shell(`${told.get("batch") ?? ""} --json`);
  const [{ batchId } = { batchId: "" }] = JSON.parse(listed.out) as { batchId: string }[];
  expect(batchId).toMatch(/^0x[0-9a-f]{64}$/);
  expect((await shell(told.get("verify") ?? "")).out).toMatch(/^VERIFIED against the block/);
  // It goes on until it is stopped: its words are those of the line that lists batches.
  const words = (line: string | undefined) => line?.replace(/ (?:batch list|serve) /, " ");
  expect(words(told.get("serve"))).toBe(words(told.get("batch")));
});
