import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { systemClock } from "../../../../src/app/process/system.ts";
import { checkFirstRows } from "../../../../src/app/profiles/checkFirstRows.ts";
import { checkProfile } from "../../../../src/app/profiles/checkProfile.ts";
import { resolveProfile } from "../../../../src/app/profiles/resolveProfile.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { shippedProfile, shippedProfileText } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-check-"));
  mkdirSync(join(folder, "lookups"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const check = (
  rows: number,
  {
    profile = "canonical-csv",
    file = null,
    lookupFolder = null,
    rowBytes = "65536",
    now = systemClock.now(),
  }: {
    profile?: string;
    file?: string | null;
    lookupFolder?: string | null;
    rowBytes?: string;
    now?: number;
  } = {},
) =>
  checkProfile({
    profile,
    file,
    rows,
    lookupFolder,
    config: parseConfig({ MICROTONNE_MAX_ROW_BYTES: rowBytes }, { folder: join(folder, "data") }),
    clock: { now: () => now as UnixSeconds },
  });

it("a profile is checked without a file as well, and shows a thousand rows at most", async () => {
  for (const rows of [1, 1000])
    expect(await check(rows)).toEqual({
      name: "canonical-csv",
      description: "Activity records in Microtonne's own CSV.",
      provider: "canonical",
      region: "WUHAN",
      format: "csv",
      dates: null,
      counts: null,
      rows: [],
    });
  for (const rows of [0, 1001, 1.5])
    await expect(check(rows)).rejects.toMatchObject({
      code: "profile.rows",
      message: "Between 1 and 1000 rows can be shown.",
    });
});

const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
const START = "2025-06-18T08:00:00+08:00";
const row = (
  id: string,
  more: { subject?: string; start?: string; end?: string; km?: string; unit?: string },
) =>
  [
    id,
    more.subject ?? "",
    more.unit === "kWh" ? "ev-charging" : "metro",
    more.start ?? START,
    more.end ?? "",
    more.km ?? "5",
    more.unit ?? "passenger-km",
  ].join(",");

describe("a file that is checked by a profile", () => {
  it("is counted whole: acts, their quantities by unit, refusals with the most frequent first", async () => {
    const file = put(
      "rides.csv",
      `${[
        HEADER,
        row("r1", { km: "-1" }),
        row("r2", { start: "yesterday" }),
        row("r3", { subject: "s", end: "2025-06-18T08:20:00+08:00", km: "1.5" }),
        row("r4", { start: "today" }),
        row("r5", { km: "2.25" }),
        row("r6", { km: "0.5", unit: "kWh" }),
        row("r7", { start: "2099-01-01T00:00:00Z" }),
      ].join("\n")}\n`,
    );
    const { counts, dates, rows } = await check(3, { file, now: Date.UTC(2026, 0) / 1000 });
    expect(dates).toBeNull();
    expect(counts).toMatchObject({
      read: 7,
      acts: 3,
      quantities: { "passenger-km": "3.75", kWh: "0.5" },
    });
    expect(counts?.refused.map(({ rows: count, firstRow, field }) => [count, firstRow, field])).toEqual([
      [2, 2, "startedAt"],
      [1, 1, "quantity"],
      [1, 7, "startedAt"],
    ]);
    expect(counts?.refused.every(({ code, sentence }) => code !== "" && sentence !== "")).toBe(true);
    const [negative, unread, good] = rows;
    expect(rows).toHaveLength(3);
    const [, first] = counts?.refused ?? [];
    expect(negative).toEqual({ row: 1, field: "quantity", code: first?.code, sentence: first?.sentence });
    expect(unread).toMatchObject({ row: 2, field: "startedAt" });
    expect(good).toEqual({
      row: 3,
      hasSubject: true,
      starts: "2025-06-18T00:00:00Z",
      ends: "2025-06-18T00:20:00Z",
      notes: [],
      record: {
        provider: "canonical",
        recordId: "r3",
        scenario: "metro",
        startedAt: 1_750_204_800,
        endedAt: 1_750_206_000,
        quantity: "1.5",
        unit: "passenger-km",
      },
    });
    const all = await check(1000, { file });
    expect(all.rows).toHaveLength(7);
    expect(all.rows[4]).toMatchObject({ row: 5, hasSubject: false, ends: null });
    expect(readdirSync(folder), "nothing is written beside it").not.toContain("rides.csv.part");
  });

  it("shows evidence, consent, attributes and kinds of assets, but no asset's number", async () => {
    const profile = put(
      "more.yaml",
      `${shippedProfileText("canonical-csv").trimEnd()}
evidence: photo
consentText: v2
attributes: { fuel: { column: fuel } }
asset: { kind: vehicle, column: plate }
`,
    );
    const file = put("more.csv", `${HEADER},fuel,plate\n${row("r1", {})},petrol,A12345\n`);
    const checked = await check(1, { profile, file });
    expect(checked.rows[0]?.record).toMatchObject({
      evidence: "photo",
      consentText: "v2",
      "attributes.fuel": "petrol",
      asset: "vehicle",
    });
    expect(JSON.stringify(checked)).not.toContain("A12345");
  });

  it("of taps is told with the rows that an act is made of, and its lookup files lie beside it", async () => {
    const tap = (minute: string, kind: string, station: string) =>
      `2018-09-01 ${minute}:00,c1,0,${kind},${station},gate-${station}`;
    const file = put(
      "taps.csv",
      "deal_date,card_no,deal_value,deal_type,station,equ_no\n" +
        `${tap("06:00", "地铁入站", "A")}\n${tap("06:20", "地铁出站", "B")}\n`,
    );
    const stations = "station,lng,lat\nA,114.0,22.50\nB,114.0,22.55\n";
    put("shenzhen_stations_geo.csv.gz", stations);
    const { counts, rows } = await check(5, { profile: "shenzhen-taps", file });
    expect(counts).toMatchObject({ read: 2, acts: 1 });
    expect(rows).toMatchObject([{ row: 2, parts: [1] }]);
    put("lookups/shenzhen_stations_geo.csv.gz", stations.replace("22.55", "22.60"));
    const farther = await check(5, { profile: "shenzhen-taps", file, lookupFolder: join(folder, "lookups") });
    expect(Number(farther.counts?.quantities["passenger-km"])).toBeCloseTo(
      2 * Number(counts?.quantities["passenger-km"]),
      2,
    );
  });

  it("is read for its dates under the settings' caps", async () => {
    const columns = "Charging event,User ID,Start Date,Start Time,End Date,End Time,Total kWh";
    const file = put("dundee.csv", `${columns}\n1,u1,13/07/2018,10:00,13/07/2018,11:00,5\n`);
    const read = await check(1, { profile: "dundee-charging", file });
    expect(read.dates).toMatchObject({ readable: 1, certain: 1, verdict: "sound" });
    // Its header alone is longer than a row may be.
    await expect(check(1, { profile: "dundee-charging", file, rowBytes: "64" })).rejects.toMatchObject({
      code: expect.stringMatching(/^input\./) as unknown,
    });
  });
});

describe("the first rows of a file", () => {
  const config = () => parseConfig({}, { folder: join(folder, "data") });
  const first = (
    file: string,
    profile = shippedProfile("canonical-csv"),
    lookupFolder: string | null = null,
  ) => checkFirstRows(config(), systemClock, { file, profile, lookupFolder });

  it("tell that it is another one than the profile is for", async () => {
    const good = put("good.csv", `${HEADER}\n${row("r1", {})}\n`);
    await expect(first(good)).resolves.toBeUndefined();
    await expect(first(put("other.csv", "a,b\n1,2\n"))).rejects.toMatchObject({ name: "InputError" });
    await expect(first(join(folder, "none.csv"))).rejects.toMatchObject({ code: "file.unreadable" });
  });

  it("are not looked at of what comes once, or is put in order before", async () => {
    await expect(first("-")).resolves.toBeUndefined();
    for (const name of ["shenzhen-taps", "sgsc-electricity"])
      await expect(first(join(folder, "none.csv"), shippedProfile(name))).resolves.toBeUndefined();
  });

  it("are read with the lookup files of the folder that was named", async () => {
    const joined = `${shippedProfileText("canonical-csv").trimEnd()}
joins:
  - { name: stop, column: unit, file: stops.csv, key: stop, fields: { km: km } }
`;
    const profile = await resolveProfile(put("joined.yaml", joined));
    const file = put("joined.csv", `${HEADER}\n${row("r1", {})}\n`);
    await expect(first(file, profile)).rejects.toThrow("stops.csv");
    put("lookups/stops.csv", "stop,km\na,1\n");
    await expect(first(file, profile, join(folder, "lookups"))).resolves.toBeUndefined();
  });
});

describe("a profile that a command names", () => {
  it("is a shipped one, or a file where the name has a dot or a slash", async () => {
    expect(await resolveProfile("canonical-csv")).toEqual(shippedProfile("canonical-csv"));
    const text = shippedProfileText("canonical-csv").replace("name: canonical-csv", "name: own-rides");
    put("own-rides", text);
    expect((await resolveProfile(join(folder, "own-rides"))).name).toBe("own-rides");
    await expect(resolveProfile("own-rides")).rejects.toMatchObject({ code: "profile.unknown" });
    for (const name of ["own.yaml", "own\\rides"])
      await expect(resolveProfile(name)).rejects.toMatchObject({
        code: "file.unreadable",
        message: `The profile ${name} can't be read: there is none of that name.`,
      });
    const large = put("large.yaml", `${text}#${"x".repeat(2 ** 20 - Buffer.byteLength(text))}`);
    await expect(resolveProfile(large)).rejects.toThrow("it is larger than any file of its kind");
  });

  it("may be for another provider and region than it says", async () => {
    expect(await resolveProfile("canonical-csv", { provider: "city-metro" })).toMatchObject({
      provider: { id: "city-metro" },
      region: "WUHAN",
    });
    expect(await resolveProfile("canonical-csv", { region: "YICHANG" })).toMatchObject({
      provider: { id: "canonical" },
      region: "YICHANG",
    });
  });
});
