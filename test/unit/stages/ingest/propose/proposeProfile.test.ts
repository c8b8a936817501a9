import { createReadStream, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../../src/format/batch/classes/classLists.ts";
import { parseProfile } from "../../../../../src/stages/ingest/profile/profile.ts";
import { shippedProfileText } from "../../../../../src/stages/ingest/profile/shippedProfiles.ts";
import type { Profile } from "../../../../../src/stages/ingest/schema/profileSchema.ts";
import { proposeProfile, type Known } from "../../../../../src/stages/ingest/propose/proposeProfile.ts";
import { codes, dataFile, hasData, pieces, tally, type Content } from "../support/helpers.ts";
import { workbook } from "../support/workbook.ts";

const NOTHING: Known = {
  name: "my-provider",
  provider: null,
  region: null,
  zone: null,
  scenario: null,
  fileName: "my-provider.csv",
  path: "new.yaml",
  classes: SHIPPED_CLASS_LISTS.newest,
};

async function proposed(
  content: Content,
  known: Partial<Known> = {},
): Promise<{ profile: Profile; doubts: string; yaml: string; mapped: Record<string, number> }> {
  const { yaml, doubts } = await proposeProfile(
    { open: () => pieces(content) },
    { ...NOTHING, ...known },
    scratchIn(),
  );
  const profile = parseProfile(yaml);
  return { profile, yaml, doubts: doubts.join("\n"), mapped: tally(await codes(profile, content)) };
}
const days = Array.from({ length: 28 }, (_, i) => String(i + 1).padStart(2, "0"));

describe("a proposed profile", () => {
  it("takes the canonical format's columns for what they are, and doubts none of them", async () => {
    const { profile, yaml, doubts, mapped } = await proposed(
      readFileSync("docs/examples/rides.csv", "utf8"),
      { provider: "city-metro", region: "WUHAN" },
    );
    expect(doubts).toBe("");
    expect(yaml).toContain("canonical-csv reads such files as it is");
    const { name: _name, description: _description, provider: _provider, rules: _rules, ...read } = profile;
    const canonical = parseProfile(shippedProfileText("canonical-csv"));
    expect(canonical).toMatchObject(read);
    expect(mapped).toEqual(tally(await codes(canonical, readFileSync("docs/examples/rides.csv", "utf8"))));
  });

  it("reads a table with semicolons, a mark, decimal kWh and local times", async () => {
    const rows = days.map(
      (day, i) =>
        `S-${String(i)};"Plug ""A""";${day}/03/2024 08:00;${day}/03/2024 09:30;7.${day};U${String(i % 9)}`,
    );
    const header = "\uFEFFSession ID;Station;Start time;End time;Energy (kWh);User";
    const content = `${[header, ...rows].join("\r\n")}\r\n`;
    const { profile, mapped, doubts } = await proposed(content, {
      zone: "Europe/Rome",
      region: "ROMA",
      provider: "rome-plugs",
    });
    expect(profile).toMatchObject({
      format: { kind: "csv", delimiter: ";", header: true },
      recordId: { columns: ["Session ID"] },
      subject: { column: "User" },
      scenario: { constant: "ev-charging" },
      time: { format: "dd/MM/yyyy HH:mm", zone: "Europe/Rome" },
      start: { columns: ["Start time"] },
      end: { columns: ["End time"] },
      quantity: { column: "Energy (kWh)", unit: "kWh", as: "kWh" },
      region: "ROMA",
      provider: { id: "rome-plugs" },
    });
    expect(mapped).toEqual({ ok: 28 });
    expect(doubts).not.toMatch(/region|zone|either order/);
  });

  it("tells month first from day first by the order of the rows, and doubts it while both fit", async () => {
    const american = days.slice(0, 12).map((day, i) => `${String(i)},3/${String(Number(day))}/2024 8:00,1.5`);
    const found = await proposed(`id,start,km\n${american.join("\n")}\n`);
    expect(found.profile.time.format).toBe("M/d/yyyy H:mm");
    expect(found.doubts).toContain("either order");
  });

  it("reads NDJSON, nested JSON and workbooks, GBK, gzip, and tables without a header", async () => {
    const line = (i: number): object => ({
      order: `o-${String(i)}`,
      trip: { began: 1_700_000_000 + i * 600, ended: 1_700_000_300 + i * 600, metres: 900 + i },
    });
    const lines = Array.from({ length: 30 }, (_, i) => line(i));
    const ndjson = await proposed(gzipSync(lines.map((one) => JSON.stringify(one)).join("\n")), {
      scenario: "bike",
    });
    expect(ndjson.profile).toMatchObject({
      format: { kind: "ndjson" },
      start: { columns: ["/trip/began"] },
      quantity: { column: "/trip/metres", unit: "m", as: "km" },
    });
    expect(ndjson.mapped).toEqual({ ok: 30 });
    const json = await proposed(
      JSON.stringify({ page: 1, "a/b": { list: [] }, data: { trips: lines } }, null, 1),
      { scenario: "bike" },
    );
    expect(json.profile).toMatchObject({
      format: { kind: "json", at: "/data/trips" },
      end: { columns: ["/trip/ended"] },
    });
    expect(json.mapped).toEqual({ ok: 30 });
    const cells = lines.map((_, i) => [
      `t-${String(i)}`,
      { days: 45_000 + i / 48 },
      { days: 45_000 + (i + 1) / 48 },
      2.5,
    ]);
    const book = await proposed(
      workbook([{ name: "x", rows: [["Trips"], [], ["Trip id", "Start", "End", "Distance km"], ...cells] }]),
      {
        scenario: "bike",
      },
    );
    expect(book.profile).toMatchObject({ format: { kind: "xlsx", headerRow: 3 }, time: { format: "iso" } });
    expect(book.mapped).toEqual({ ok: 30 });
    const gbk = Buffer.concat([
      Buffer.from("id,"),
      Uint8Array.of(0xbf, 0xaa, 0xca, 0xbc),
      Buffer.from(",km\n1,2024-01-02 03:04:05,2\n"),
    ]);
    const chinese = await proposed(gbk);
    expect(chinese.profile).toMatchObject({
      format: { encoding: "gbk" },
      start: { columns: ["开始"] },
      time: { format: "iso" },
    });
    const bare = await proposed(
      days.map((day) => `T${day}\t1700000${day}0\t1700000${day}9\t${day}.5\n`).join(""),
    );
    expect(bare.profile).toMatchObject({
      format: { delimiter: "\t", header: false, columns: ["column1", "column2", "column3", "column4"] },
      end: { columns: ["column3"] },
    });
  });

  it("reads a Spanish table of rides with boarding and alighting beside one date", async () => {
    const rows = days.map(
      (day, i) =>
        `v${String(i)};Rider ${String(i % 9)};${day}/03/2025;23:5${String(i % 9)};00:1${day.at(-1)};5,2`,
    );
    const content = `Viaje;Pasajero;Fecha;Sube;Baja;Kilómetros\n${rows.join("\n")}\n`;
    const { profile, yaml } = await proposed(content, { path: "城 op/cable.yaml" });
    expect(yaml).toContain("#   microtonne profile check '城 op/cable.yaml' FILE\n");
    expect(profile).toMatchObject({
      recordId: { columns: ["Viaje"] },
      subject: { column: "Pasajero" },
      start: { columns: ["Fecha", "Sube"] },
      quantity: { column: "Kilómetros", unit: "km" },
    });
    const early = content.replaceAll(/;23:5(\d);00:1/g, ";08:0$1;08:1");
    const { profile: both, mapped } = await proposed(early, { scenario: "bike" });
    expect(both.end).toMatchObject({ columns: ["Fecha", "Baja"], overMidnight: true });
    expect(mapped).toEqual({ ok: 28 });
  });

  it.each([
    ["Trajet;Abonné;Montée;Descente;Kilomètres", "Kilomètres"],
    ["Fahrt;Fahrgast;Einstieg;Ausstieg;Kilometer", "Kilometer"],
    ["Viagem;Passageiro;Embarque;Desembarque;Quilômetros", "Quilômetros"],
  ])("knows the columns of %s", async (head, quantity) => {
    const rows = days.map(
      (day, i) => `v${String(i)};R${String(i % 9)};2025-03-${day} 08:00;2025-03-${day} 08:20;5.2`,
    );
    const [id, subject, start, end] = head.split(";");
    const { profile } = await proposed(`${head}\n${rows.join("\n")}\n`, { scenario: "bike" });
    expect(profile).toMatchObject({
      recordId: { columns: [id] },
      subject: { column: subject },
      start: { columns: [start] },
      end: { columns: [end] },
      quantity: { column: quantity, unit: "km" },
    });
  });

  it("says what an id that is made of times does to riders who board in one minute", async () => {
    const rows = days.map((day) => `2025-03-${day} 08:00;5.2\n`);
    const { doubts } = await proposed(`Start;Kilometres\n${rows.join("")}`);
    expect(doubts).toContain("two riders who board in one minute");
  });

  it("is a sound profile whatever the file, and repeats none of its values", async () => {
    const sound: string[] = [];
    for (const content of [
      "x",
      "a,b\n",
      "a;b;c\n1;Lovelace;3\n",
      "[]",
      '{"a":1}',
      "[1,2]",
      "\n\n\n",
      "Lovelace\n".repeat(30),
    ]) {
      const { yaml } = await proposeProfile({ open: () => pieces(content) }, NOTHING, scratchIn()).catch(
        (error: unknown) => {
          expect((error as { code: string }).code).toMatch(/^input\./);
          return { yaml: "" };
        },
      );
      if (yaml !== "") sound.push(parseProfile(yaml).name);
      expect(content.startsWith("a;b") && yaml.includes("Lovelace")).toBe(false);
    }
    expect(sound).toHaveLength(6);
  });

  it("points at sections that it does not write: joins, pairing, readings", async () => {
    const taps = await proposed(
      "id,card,gate,station,time\n1,c,in,A,2024-01-02 03:04:05\n2,c,out,B,2024-01-02 03:24:05\n",
    );
    expect(taps.doubts).toMatch(/section pairing/);
    expect(taps.doubts).toMatch(/great circle/);
    expect(
      (await proposed("meter,time,kwh\nm,2024-01-02 03:00:00,0.2\nm,2024-01-02 03:30:00,0.2\n")).doubts,
    ).toMatch(/section readings/);
  });
});

describe.skipIf(!hasData)("of real files (skipped without MICROTONNE_DATA)", () => {
  it.each([
    [
      "ev/acn_office001.json.gz",
      {
        start: { columns: ["connectionTime"] },
        end: { columns: ["disconnectTime"] },
        format: { at: "/_items" },
      },
    ],
    [
      "ev/dundee_060618-060918.csv.gz",
      { start: { columns: ["Start Date", "Start Time"] }, time: { format: "dd/MM/yyyy HH:mm" } },
    ],
    [
      "ev/perth_2016-17.csv.gz",
      { start: { columns: ["Start Date", "Start Time"] }, time: { format: "yyyy-MM-dd'T00:00:00' HH:mm" } },
    ],
    [
      "ev/paris_belib_apr.csv.gz",
      { start: { columns: ["Date de début"] }, quantity: { unit: "Wh", as: "kWh" } },
    ],
    [
      "ev/epfl_level3_sessions.xlsx",
      { start: { columns: ["Arrival"] }, end: { columns: ["Departure"] }, quantity: { unit: "Wh" } },
    ],
    [
      "bike/pgh-healthyride-rentals-2015-q2.csv.gz",
      { recordId: { columns: ["Trip id"] }, time: { format: "M/d/yyyy H:mm" } },
    ],
  ])("%s", async (path, expected) => {
    const source = { open: () => createReadStream(dataFile(path)) };
    const { yaml } = await proposeProfile(
      source,
      { ...NOTHING, fileName: path.slice(path.indexOf("/") + 1) },
      scratchIn(),
    );
    expect(parseProfile(yaml)).toMatchObject(expected);
  });
});
