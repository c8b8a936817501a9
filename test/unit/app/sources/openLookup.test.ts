import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLookup } from "../../../../src/app/sources/openLookup.ts";
import { textOf } from "./support/textOf.ts";

describe("a profile's lookup file", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-lookup-"));
    mkdirSync(join(folder, "lookups"));
    writeFileSync(join(folder, "stops.csv"), "beside");
    writeFileSync(join(folder, "lookups", "stops.csv"), "of the folder");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(["../stations.csv", "/etc/passwd", "sub/stations.csv", ".hidden", "", ".."])(
    "may not be named %j",
    (name) => {
      expect(() => openLookup(name, { file: "data/rides.csv", folder: null })).toThrowError(
        expect.objectContaining({
          code: "lookup.name",
          message: `A profile's lookup file is a plain file name, not ${JSON.stringify(name)}.`,
        }),
      );
    },
  );

  it("stands in the folder that was named, else beside the provider's file", async () => {
    const file = join(folder, "rides.csv");
    expect(await textOf(openLookup("stops.csv", { file, folder: join(folder, "lookups") }))).toBe(
      "of the folder",
    );
    expect(await textOf(openLookup("stops.csv", { file, folder: null }))).toBe("beside");
  });

  it("of standard input stands in the working folder", async () => {
    expect(await textOf(openLookup("package.json", { file: "-", folder: null }))).toContain('"microtonne"');
  });
});
