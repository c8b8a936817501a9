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

const LONG = `9${"0".repeat(12)}`;
it.each([
  ["M-1,2025-01-01,2025-01-01,GEC-1", true],
  [" M-1 , 2025-01-01 ,2025-02-01, GEC-1 ", true],
  ["M-1,2025-01-01,2035-01-08,GEC-1", true],
  ["M-1,2025-01-01,2035-01-09,GEC-1", true],
  ["M-1,2025-01-01,2035-01-10,GEC-1", false],
  ["M-1,2025-01-02,2025-01-01,GEC-1", false],
  ["M-1,2025-02-29,2025-03-01,GEC-1", false],
  ["M-1,2025-01-01,2025-02-30,GEC-1", false],
  [",2025-01-01,2025-02-01,GEC-1", false],
  ["M-1,2025-01-01,2025-02-01,", false],
  ["M-1,2025-01-01,2025-02-01,GEC 1", false],
  [`M-1,2025-01-01,2025-02-01,${"x".repeat(100)}`, true],
  [`M-1,2025-01-01,2025-02-01,${"x".repeat(101)}`, false],
  ["M-1,2025-01-01,2025-02-01,GEC-1,0.000001", true],
  ["M-1,2025-01-01,2025-02-01,GEC-1,0.0000001", false],
  ["M-1,2025-01-01,2025-02-01,GEC-1,0", false],
  ["M-1,2025-01-01,2025-02-01,GEC-1,01", false],
  ["M-1,2025-01-01,2025-02-01,GEC-1,-1", false],
  ["M-1,2025-01-01,2025-02-01,GEC-1,", false],
  [`M-1,2025-01-01,2025-02-01,GEC-1,${LONG}`, false],
] as const)("a certificate's row keeps to its rules: %s (%j)", async (row, isSound) => {
  const file = join(folder, "row.csv");
  const header = `meter,from,to,certificate${row.split(",").length === 5 ? ",mwh" : ""}`;
  writeFileSync(file, `${header}\n${row}\n`);
  const meters: unknown[] = [];
  const context = {
    config: parseConfig({}),
    keys: {
      subjects: {
        subjectKeys: (asked: readonly unknown[]) => {
          meters.push(...asked);
          throw new Error("asked");
        },
      },
    },
  } as unknown as Context;
  await expect(addClaims(context, file)).rejects.toThrow("asked");
  expect(meters).toEqual(isSound ? [{ scope: "asset/meter", identifier: "M1" }] : []);
});

it("a header without one of the columns is refused", async () => {
  const file = join(folder, "header.csv");
  for (const header of ["meter,from,to", "meter,from,to,mwh", "from,to,certificate"]) {
    writeFileSync(file, `${header}\na,b,c,d\n`);
    await expect(addClaims({ config: parseConfig({}) } as Context, file)).rejects.toMatchObject({
      code: "claims.header",
      message: "The file's header must name meter, from, to, certificate, and may name mwh.",
    });
  }
});
