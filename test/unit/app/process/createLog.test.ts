import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Logs go to standard error of the process, so a process of its own is asked. */
function logged(what: string): { out: string; err: string } {
  const script = `import { createLog } from "./src/app/process/createLog.ts";
    createLog("info").info(${what}, "said");`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script], {
    encoding: "utf8",
  });
  return { out: stdout, err: stderr };
}

describe("the log", () => {
  it("writes one JSON object to standard error and nothing to standard output", () => {
    const { out, err } = logged(`{ rows: 3 }`);
    expect(out).toBe("");
    expect(JSON.parse(err)).toMatchObject({ level: 30, rows: 3, msg: "said" });
  });

  it.each([
    `{ subject: "canary-1388" }`,
    `{ row: { identifier: "canary-1388" } }`,
    `{ a: { b: { salt: "canary-1388" } } }`,
    `{ config: { databaseUrl: "postgres://u:canary-1388@h/d" } }`,
    `{ operatorKey: "canary-1388" }`,
  ])("never writes the secret in %s", (what) => {
    const { err } = logged(what);
    expect(err).not.toContain("canary-1388");
    expect(err).toContain("[redacted]");
  });
});
