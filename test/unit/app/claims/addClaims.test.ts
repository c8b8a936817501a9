import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addClaims } from "../../../../src/app/claims/addClaims.ts";
import type { Context } from "../../../../src/app/context.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-claims-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a file of too many certificates is refused before any of them is looked at", async () => {
  const file = join(folder, "claims.csv");
  const row = "M-1,2025-01-01,2025-02-01,GEC-1\n";
  writeFileSync(file, `meter,from,to,certificate\n${row.repeat(100_001)}`);
  const context = { config: parseConfig({}) } as Context;
  await expect(addClaims(context, file)).rejects.toMatchObject({
    code: "claims.too-many",
    message: "A file has at most 100000 certificates.",
  });
});
