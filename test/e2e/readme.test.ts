/** The README's commands, run as they stand there, with the files that it ships, in an empty folder. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { environmentOf, MAIN } from "./support/commandLine.ts";

const FIRST = /^npx microtonne (?:ingest|methodology)/;
const BLOCKS = [...readFileSync("README.md", "utf8").matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(
  ([, block = ""]) => (FIRST.test(block) ? [block] : []),
);

const folder = mkdtempSync(join(tmpdir(), "microtonne readme 读我-"));
let environment: NodeJS.ProcessEnv;

beforeAll(() => {
  const programs = join(folder, "programs");
  mkdirSync(programs);
  // `npx microtonne` of this clone, without its set-up.
  writeFileSync(join(programs, "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(programs, "npx"), 0o755);
  cpSync("docs/examples/rides.csv", join(folder, "docs/examples/rides.csv"));
  const path = [programs, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  environment = { ...environmentOf({}), PATH: path };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a text as a shell does; it ends with the first command that fails. */
function shell(text: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync("bash", ["-euo", "pipefail", "-c", text], {
    cwd: folder,
    env: environment,
    encoding: "utf8",
  });
}

it("are two blocks that run to their ends, and what they verify is true", () => {
  expect(BLOCKS).toHaveLength(2);
  const [life = "", provider = ""] = BLOCKS;
  const lived = shell(life);
  expect(lived.status, lived.stderr).toBe(0);
  expect(lived.stdout).toContain("read 26 rows: 24 accepted, 1 rejected, 1 duplicate;");
  expect(lived.stdout).toContain("time.end-before-start: The act ends before it starts.");
  expect(lived.stdout).toMatch(
    /would retire 0\.001 t for corporate-neutrality\nfor +Sifang Street Branch\nyear +2025, CN/,
  );
  expect(lived.stdout).toMatch(/it stands on block [0-9]+, 0x[0-9a-f]{64}/);
  expect(lived.stdout.match(/^VERIFIED/gm)).toHaveLength(2);
  expect(readFileSync(join(folder, "refused.csv"), "utf8")).toContain("time.end-before-start");
  const retired = JSON.parse(readFileSync(join(folder, "retired.json"), "utf8")) as Record<string, unknown>;
  expect(retired).toMatchObject({ reportingYear: 2025, country: "CN", tonnes: "0.001" });

  const signed = shell(provider);
  expect(signed.status, signed.stderr).toBe(0);
  expect(signed.stdout).toContain("signed 25 records of city-metro for local");

  // The next step that each command names is one that can be pasted.
  const next = [...lived.stderr.matchAll(/^Next: (npx microtonne (?:batch|mint|prove|verify) .*)$/gm)];
  const printed = next.map(([, command = ""]) => command);
  expect(printed.map((command) => command.split(" ")[2])).toEqual(
    ["batch", "mint", "prove", "verify", "verify"].filter((verb) => verb !== "prove"),
  );
  for (const command of printed.filter((one) => one.includes(" verify "))) {
    const ran = shell(command);
    expect(ran.status, `${command}\n${ran.stderr}`).toBe(0);
  }

  // What is there is left alone, and said to be.
  const again = shell("npx microtonne prove --record ride-17 --provider city-metro --out ride.proof.json");
  expect([again.status, again.stderr]).toEqual([
    2,
    expect.stringContaining("ride.proof.json is there already"),
  ]);
  expect(shell("npx microtonne verify ride.proof.json").status).toBe(5);
});
