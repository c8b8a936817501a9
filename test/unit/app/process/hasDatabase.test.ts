import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hasDatabase } from "../../../../src/app/process/hasDatabase.ts";

it("there is a database where one is named, or where a folder holds one", () => {
  const folder = mkdtempSync(join(tmpdir(), "microtonne-database-"));
  expect(hasDatabase({ databaseUrl: null, folder })).toBe(false);
  expect(hasDatabase({ databaseUrl: "postgres://h/d", folder })).toBe(true);
  mkdirSync(join(folder, "db"));
  expect(hasDatabase({ databaseUrl: null, folder })).toBe(true);
  rmSync(folder, { recursive: true });
});
