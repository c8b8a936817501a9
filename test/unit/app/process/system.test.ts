import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { systemClock, systemRandomness } from "../../../../src/app/process/system.ts";
import { VERSION } from "../../../../src/app/process/version.ts";

it("the machine's clock tells whole seconds that lie behind it", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(Number.isInteger(now)).toBe(true);
  expect(now * 1000).toBeLessThanOrEqual(Date.now());
  expect(now * 1000).toBeGreaterThan(before - 1000);
});

it("the system's randomness has the asked length and never comes again", () => {
  const bytes = (length: number) => systemRandomness.bytes(length);
  expect(bytes(0)).toHaveLength(0);
  expect(bytes(32)).toHaveLength(32);
  expect(bytes(32)).not.toEqual(bytes(32));
});

it("the version is the package's", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(VERSION).toBe(version);
});
