import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const script = new URL("../../../scripts/generate/vectors.ts", import.meta.url).pathname;
const run = (...options: string[]) => spawnSync(process.execPath, [script, ...options], { encoding: "utf8" });

describe("golden vectors", () => {
  it("are what the script makes", () => {
    const { status, stderr } = run("--check");
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("are not written by a bare run, which prints help", () => {
    const { status, stdout } = run();
    expect([status, stdout.includes("--write"), stdout.includes("--check")]).toEqual([0, true, true]);
    expect(run("--wrong").status).toBe(2);
  });
});
