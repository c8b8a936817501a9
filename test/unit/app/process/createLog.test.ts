import { spawnSync } from "node:child_process";
import { pino } from "pino";
import { describe, expect, it, vi } from "vitest";
import { createLog } from "../../../../src/app/process/createLog.ts";

describe("the log", () => {
  it("writes one JSON object to standard error, secrets left out, and nothing to standard output", () => {
    const script = `import { createLog } from "./src/app/process/createLog.ts";
      createLog("info").info({ rows: 3, a: { b: { salt: "canary-1388" } } }, "said");`;
    // It goes to standard error of the process, so a process of its own is asked.
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script], {
      encoding: "utf8",
    });
    expect(stdout).toBe("");
    const said = { level: 30, rows: 3, a: { b: { salt: "[redacted]" } }, msg: "said" };
    expect(JSON.parse(stderr)).toMatchObject(said);
  });
});

/** What the log hands to its stream for an object, which then stays unwritten. */
function handedOver(what: object): Record<string, unknown> {
  const log = createLog("info");
  const { [pino.symbols.streamSym]: stream } = log as unknown as Record<
    symbol,
    { write(line: string): void }
  >;
  const lines: string[] = [];
  vi.spyOn(stream as { write(line: string): void }, "write").mockImplementation(
    (line) => void lines.push(line),
  );
  log.info(what, "said");
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "") as Record<string, unknown>;
}

describe("what a log hands over", () => {
  it.each([
    "privateKey",
    "operatorKey",
    "signers",
    "verifierKey",
    "databaseUrl",
    "rpcUrl",
    "raw",
    "identifier",
    "subject",
    "subjectKey",
    "salt",
    "fileSalt",
    "seed",
    "password",
    "authorization",
  ])("has no %s, down to three levels", (field) => {
    const secret = { [field]: "canary", kept: 1 };
    const told = handedOver({ ...secret, a: { ...secret, b: secret } });
    const censored = { [field]: "[redacted]", kept: 1 };
    expect(told).toMatchObject({ ...censored, a: { ...censored, b: censored } });
  });

  it("says neither process nor machine", () => {
    expect(Object.keys(handedOver({ rows: 3 }))).toEqual(["level", "time", "rows", "msg"]);
  });

  it("is nothing below the level that was asked for, and is written at once", () => {
    const log = createLog("warn");
    expect([log.isLevelEnabled("info"), log.isLevelEnabled("warn")]).toEqual([false, true]);
    const { [pino.symbols.streamSym]: stream } = log as unknown as Record<
      symbol,
      { fd: number; sync: boolean }
    >;
    expect(stream).toMatchObject({ fd: 2, sync: true });
  });
});
