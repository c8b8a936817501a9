import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { proposeFor } from "../../../../src/app/profiles/initProfile.ts";
import { bytesSource } from "../../../../src/app/sources/bytesSource.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { ClassLists } from "../../../../src/format/batch/classes/classLists.ts";
import { publishedClasses, classesContent } from "../../../../src/stages/rules/classesContent.ts";
import { LISTED_CLASSES } from "../../../../src/format/batch/classes/scenarioClasses.ts";

const ROWS = Array.from(
  { length: 40 },
  (_, i) => `r${String(i)},2025-06-18 08:${String(10 + i)}:00,${String(i)}`,
);
const SOURCE = `trip,began,${"x".repeat(200)}\n${ROWS.join("\n")}\n`;

describe("a profile that is proposed", () => {
  it("is made under the settings' cap on rows", async () => {
    const folder = mkdtempSync(join(tmpdir(), "microtonne-init-"));
    const propose = (rowBytes: string) =>
      proposeFor(bytesSource(utf8(SOURCE)), {
        fileName: "trips.csv",
        name: null,
        provider: "city",
        region: "WUHAN",
        zone: "Asia/Shanghai",
        scenario: "bike",
        config: parseConfig({ MICROTONNE_MAX_ROW_BYTES: rowBytes }, { folder }),
      }).then(
        ({ profile }) => profile,
        (error: unknown) => (error as { code: string }).code,
      );
    try {
      const [wide, narrow] = [await propose("1000"), await propose("64")];
      expect(wide).toContain("trip");
      expect(narrow).not.toBe(wide);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("may name a class of the folder's own list", async () => {
    const own = publishedClasses(
      classesContent({
        schema: "microtonne-scenario-classes/1",
        region: "NIEBLA",
        version: 3,
        classes: [...LISTED_CLASSES, { code: 9, name: "cable-car", unit: "passenger-km" }],
      }),
    );
    const propose = (classes?: ClassLists) =>
      proposeFor(bytesSource(utf8(SOURCE)), {
        fileName: "rides.csv",
        name: null,
        provider: "cable",
        region: "NIEBLA",
        zone: "America/Santiago",
        scenario: "cable-car",
        config: parseConfig({}, { folder: tmpdir() }),
        classes: classes?.newest,
      });
    const { profile } = await propose(new ClassLists([own]));
    expect(profile).toContain("scenario: { constant: cable-car }\n");
    expect(profile).toContain("as: passenger-km");
    expect(profile).toContain("#   microtonne profile check rides.yaml FILE\n");
    await expect(propose()).rejects.toMatchObject({ code: "scenario.unknown" });
  });
});
