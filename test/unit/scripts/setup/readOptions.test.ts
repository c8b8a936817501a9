import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";

const SCRIPTS = globSync("scripts/{bench,contracts,deploy,generate,package,setup,test}/*.ts").filter(
  (path) => spawnSync("grep", ["-q", "HELP", path]).status === 0,
);
const run = (script: string, option: string) =>
  spawnSync(process.execPath, [script, option], { encoding: "utf8" });

describe("a script", () => {
  it.each(SCRIPTS)("%s says what it does on --help", (script) => {
    const help = run(script, "--help");
    expect({ status: help.status, stderr: help.stderr }).toEqual({ status: 0, stderr: "" });
    expect(help.stdout).toMatch(/node scripts\/|npm run -s /);
  });

  it("names an option that there is not, with exit code 2", () => {
    const wrong = run("scripts/contracts/gas.ts", "--no-such-option");
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain("--no-such-option");
    expect(wrong.stderr).not.toContain("    at ");
  });
});
