import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { initProfile, proposeFor } from "../../../../src/app/profiles/initProfile.ts";
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

  it("is written into a new file where one is named, and nowhere else", async () => {
    const folder = mkdtempSync(join(tmpdir(), "microtonne-init-"));
    const file = join(folder, "City Trips 2025.csv");
    writeFileSync(file, SOURCE);
    const init = (out: string | null, more: object = {}) =>
      initProfile({
        file,
        name: null,
        provider: "city",
        region: "WUHAN",
        zone: "Asia/Shanghai",
        scenario: "bike",
        out,
        config: parseConfig({}, { folder: join(folder, "data") }),
        ...more,
      });
    try {
      const told = await init(null);
      expect(told).toMatchObject({ name: "city-trips-2025", out: null });
      const out = join(folder, "trips.yaml");
      const written = await init(out);
      expect(written).toEqual({ ...told, out, profile: readFileSync(out, "utf8") });
      expect(written.profile).toContain(`#   microtonne profile check ${out} FILE\n`);
      await expect(init(out)).rejects.toMatchObject({
        code: "file.exists",
        message: `${out} exists already; nothing was written over it.`,
      });
      const nowhere = join(folder, "none", "trips.yaml");
      await expect(init(nowhere)).rejects.toMatchObject({
        code: "file.unwritable",
        message: `${nowhere} can't be written.`,
      });
      // Before anything is read.
      const missing = { file: join(folder, "none.csv") };
      await expect(init(null, { ...missing, scenario: "airship" })).rejects.toMatchObject({
        code: "scenario.unknown",
      });
      await expect(init(null, missing)).rejects.toMatchObject({ code: "file.unreadable" });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const proposed = (fileName: string, more: object = {}) =>
    proposeFor(bytesSource(utf8(SOURCE)), {
      fileName,
      name: null,
      provider: null,
      region: null,
      zone: null,
      scenario: null,
      config: parseConfig({}, { folder: tmpdir() }),
      ...more,
    });

  it.each([
    ["Trips.of.2025.csv", "trips"],
    ["--Trips__of 2025--.csv", "trips-of-2025"],
    ["stdin", "stdin"],
    ["骑行.csv", "my-provider"],
    ["x.csv", "my-provider"],
    ["ab.csv", "ab"],
    [`${"t".repeat(70)}.csv`, "t".repeat(64)],
  ])("from %j is called %j", async (fileName, name) => {
    expect((await proposed(fileName)).name).toBe(name);
  });

  it("is refused where what is known of it is malformed", async () => {
    expect((await proposed("trips.csv", { name: "own-trips" })).name).toBe("own-trips");
    await expect(proposed("trips.csv", { name: "Own" })).rejects.toMatchObject({
      code: "profile.name",
      message: "A profile's name has 2 to 64 small letters, digits and hyphens.",
    });
    for (const [more, code] of [
      [{ provider: "NO" }, "id.malformed"],
      [{ region: "wuhan" }, "id.malformed"],
      [{ zone: "Asia/Nowhere" }, "zone.unknown"],
      [{ scenario: "airship" }, "scenario.unknown"],
    ] as const)
      await expect(proposed("trips.csv", more)).rejects.toMatchObject({ code });
  });
});
