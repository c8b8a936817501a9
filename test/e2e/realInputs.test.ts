import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readSheet } from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../src/app/context.ts";
import { ingestFile, type IngestReport } from "../../src/app/ingest/ingestFile.ts";
import { shippedProfile } from "../../src/stages/ingest/profile/shippedProfiles.ts";
import { newPlace, type Place } from "./support/newPlace.ts";
import {
  fromWattHours,
  instantsOf,
  plainCharging,
  plainElectricity,
  plainPittsburgh,
  plainShenzhen,
  tableOf,
  type Plain,
} from "./support/plainReadings.ts";
import { dataFile, hasData } from "./support/realData.ts";

/** The report's counts in the spelling of `Plain`. */
function counted({ accepted, reasons, milligrams, ...report }: IngestReport): Plain {
  expect(report.read).toBe(accepted + report.rejected + report.duplicates);
  return { codes: { ...(accepted > 0 && { ok: accepted }), ...reasons }, milligrams: BigInt(milligrams) };
}

// Without real data nothing here runs.
describe.skipIf(!hasData)("every real format, by its shipped profile alone", () => {
  let place: Place;
  let context: Context;
  const ingest = (profile: string, path: string, into: Context = context): Promise<IngestReport> =>
    ingestFile(into, {
      file: dataFile(path),
      profile: shippedProfile(profile),
      rejectsFile: join(place.folder, "rejects.csv"),
      duplicatesFile: join(place.folder, "duplicates.csv"),
      lookupFolder: null,
    });
  const lines = async (name: string): Promise<number> =>
    (await readFile(join(place.folder, name), "utf8")).split(/\r\n(?=")/).length - 1;

  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it.each([
    ["2015-q2", { ok: 5795, "quantity.zero": 3196, "rule.too-fast": 40, "rule.too-long": 167 }],
    [
      "2015-q4",
      { ok: 11_922, "quantity.zero": 2968, "rule.too-fast": 3, "rule.too-long": 205, "time.ambiguous": 2 },
    ],
    ["2016-q3", { ok: 20_075, "quantity.zero": 8047, "rule.too-fast": 6, "rule.too-long": 713 }],
    [
      "2016-q4",
      {
        ok: 8843,
        "quantity.zero": 2284,
        "rule.too-fast": 3,
        "rule.too-long": 190,
        "time.end-before-start": 2,
      },
    ],
  ])(
    "Pittsburgh %s: trips between joined stations",
    async (quarter, codes) => {
      const path = `bike/pgh-healthyride-rentals-${quarter}.csv.gz`;
      const found = counted(await ingest("pittsburgh-bikes", path));
      expect(found.codes).toEqual(codes);
      expect(found).toEqual(plainPittsburgh(path));
      expect(await lines("rejects.csv")).toBe(
        Object.values(codes).reduce((sum, count) => sum + count) - codes.ok,
      );
    },
    120_000,
  );

  it("Perth: refused as a file before any row is stored; corrected where the profile says so", async () => {
    const path = "ev/perth_2016-17.csv.gz";
    await expect(ingest("perth-charging", path)).rejects.toMatchObject({
      code: "input.dates-exchanged",
      message: expect.stringMatching(/2337 lie outside of 2016-09 to 2017-08.*row 946: 2017-12-08/) as string,
    });
    const stored = await context.db.query<{ count: bigint }>(
      "SELECT count(*) AS count FROM reductions WHERE provider = 'perth-charging'",
    );
    expect(Number(stored[0]?.count)).toBe(0);
    const report = await ingest("perth-charging-corrected", path);
    const instant = (date: string, time: string): number => {
      const [year = 0, month = 0, day = 0] = date.slice(0, 10).split("-").map(Number);
      const [hour = 0, minute = 0] = time.split(":").map(Number);
      const wall =
        Date.UTC(year, (day <= 12 ? day : month) - 1, day <= 12 ? month : day, hour, minute) / 1000;
      const [first = Number.NaN] = instantsOf("Europe/London", wall);
      return first;
    };
    const sessions = tableOf(path).map((row) => {
      const {
        _id: id = "",
        "Start Date": startDay = "",
        "Start Time": startTime = "",
        "End Date": endDay = "",
        "End Time": endTime = "",
        "Total kWh": kWh = "",
      } = row;
      return {
        id,
        seconds: endDay === "" ? null : instant(endDay, endTime) - instant(startDay, startTime),
        kWh,
      };
    });
    expect(counted(report)).toEqual(plainCharging(sessions, 200_000_000n));
    expect(counted(report).codes).toEqual({
      ok: 13_170,
      "quantity.zero": 468,
      "time.end-before-start": 1,
      "time.end-missing": 37,
    });
    const exchanged = tableOf(path).filter((row) =>
      ["Start Date", "End Date"].some(
        (name) => Number(row[name]?.slice(8, 10)) <= 12 && row[name]?.slice(5, 7) !== row[name]?.slice(8, 10),
      ),
    );
    expect(report.notes["note.dates-exchanged"]).toBeLessThanOrEqual(exchanged.length);
    expect(report.notes).toEqual({ "note.dates-exchanged": 4697 });
  });

  it("Belib: five exact duplicates, one of them of a session of 0 Wh", async () => {
    const path = "ev/paris_belib_apr.csv.gz";
    const found = counted(await ingest("paris-belib", path));
    const sessions = tableOf(path, ";").map((row) => {
      const {
        Borne: post = "",
        "Prise de courant": plug = "",
        "Date de début": start = "",
        "Date de fin": end = "",
        "L'énergie (Wh)": energy = "",
      } = row;
      return {
        id: `${post}|${plug}|${start}`,
        seconds: (Date.parse(end) - Date.parse(start)) / 1000,
        kWh: fromWattHours(energy),
      };
    });
    expect(found).toEqual(plainCharging(sessions, 200_000_000n));
    expect(found.codes).toEqual({ ok: 2918, "quantity.zero": 465, "duplicate.record-id": 4 });
    expect(await lines("duplicates.csv")).toBe(4);
  });

  it("ACN: what the second party publishes is found to be what the first has published", async () => {
    const { _items: items } = JSON.parse(
      gunzipSync(readFileSync(dataFile("ev/acn_office001.json.gz"))).toString("utf8"),
    ) as {
      _items: {
        connectionTime: string;
        disconnectTime: string;
        kWhDelivered: number;
        userID: string | null;
      }[];
    };
    const raw = await ingest("acn-sessions", "ev/acn_office001.json.gz");
    const sessions = items.map((item) => ({
      id: item.connectionTime,
      seconds: (Date.parse(item.disconnectTime) - Date.parse(item.connectionTime)) / 1000,
      kWh: String(item.kWhDelivered),
    }));
    expect(counted(raw)).toEqual(plainCharging(sessions, 200_000_000n));
    expect(raw).toMatchObject({
      read: 1481,
      accepted: 1481,
      notes: { "note.subject-absent": items.filter(({ userID }) => userID === null).length },
    });
    const processed = await ingest("acn-sessions-processed", "ev/acn_office_processed.csv.gz");
    expect(processed).toMatchObject({
      read: 1426,
      accepted: 0,
      rejected: 0,
      duplicates: 1426,
      reasons: { "duplicate.record-id": 1426 },
    });
  });

  it("EPFL: a workbook, one implausible battery", async () => {
    const rows = (
      await readSheet(dataFile("ev/epfl_level3_sessions.xlsx"), 1, { parseNumber: (text) => text })
    ).slice(1) as unknown[][];
    const instant = (cell: unknown): number =>
      instantsOf("Europe/Zurich", Math.round((cell as Date).getTime() / 1000))[0] ?? Number.NaN;
    const sessions = rows.map(([id, , start, end, , energy, , , , , bulk]) => ({
      id: String(id),
      seconds: instant(end) - instant(start),
      // The file keeps 17 digits of floats; two sessions of them are a milligram less cut down than meant.
      kWh: fromWattHours(String(Number(Number(energy).toPrecision(15)))),
      refused: Number(bulk) < 2000,
    }));
    const found = counted(await ingest("epfl-charging", "ev/epfl_level3_sessions.xlsx"));
    expect(found).toEqual(plainCharging(sessions, 400_000_000n));
    expect(found.codes).toEqual({ ok: 1877, "rule.out-of-bounds": 1 });
  });

  it("home electricity: months below the same month a year before, gaps and zeros never", async () => {
    const report = await ingest("sgsc-electricity", "power/sgsc_dev_6customers.csv.gz");
    const { acts, ...plain } = plainElectricity();
    expect(counted(report)).toEqual(plain);
    expect(report).toMatchObject({
      read: 174_961,
      accepted: 29_136,
      acts,
      reasons: {
        "baseline.gaps": 41_930,
        "baseline.missing": 71_856,
        "baseline.not-below": 21_696,
        "reading.zero": 10_343,
      },
    });
    expect(acts).toBe(20);
  });

  it("Shenzhen: rides of paired taps, bus trips; the same 100 taps as JSON are duplicates", async () => {
    const report = await ingest("shenzhen-taps", "metro/szt_card_data_2920000403601.csv.gz");
    const { acts, ...plain } = plainShenzhen(false);
    expect(counted(report)).toEqual(plain);
    expect(report).toMatchObject({ read: 10_000, accepted: 491, acts, milligrams: "83138999" });
    expect(report.reasons).toEqual({
      "lookup.missing": 42,
      "pair.entry-replaced": 7,
      "pair.entry-without-exit": 8985,
      "pair.exit-without-entry": 67,
      "quantity.zero": 408,
    });
    const again = await ingest("shenzhen-taps-json", "metro/szt_page1x100.json.gz");
    expect(again).toMatchObject({
      read: 100,
      accepted: 0,
      rejected: 0,
      duplicates: 100,
      reasons: { "duplicate.record-id": 100 },
    });
    expect(await lines("duplicates.csv")).toBe(100);
  });

  it("Shenzhen: in the other order the taps are duplicates too, the day's rides no more", async () => {
    const other = await newPlace(null);
    const theirs = await other.open();
    try {
      const first = await ingest("shenzhen-taps-json", "metro/szt_page1x100.json.gz", theirs);
      expect(first).toMatchObject({ read: 100, duplicates: 0 });
      const second = await ingest("shenzhen-taps", "metro/szt_card_data_2920000403601.csv.gz", theirs);
      const { acts, milligrams } = plainShenzhen(false);
      expect(first.acts + second.acts).toBe(acts);
      expect(BigInt(first.milligrams) + BigInt(second.milligrams)).toBe(milligrams);
      // A tap that waited for its other half is no duplicate once that has come.
      expect(second.duplicates).toBeGreaterThan(0);
      expect(second.read).toBe(10_000);
    } finally {
      await theirs.close();
      await other.remove();
    }
  });

  it("Shenzhen by fare: exits alone count their fare's least distance, labelled", async () => {
    const other = await newPlace(null);
    const theirs = await other.open();
    try {
      const report = await ingest("shenzhen-taps-fare", "metro/szt_card_data_2920000403601.csv.gz", theirs);
      const { acts, ...plain } = plainShenzhen(true);
      expect(counted(report)).toEqual(plain);
      expect(report).toMatchObject({ acts, notes: { "note.exit-without-entry": 32 } });
    } finally {
      await theirs.close();
      await other.remove();
    }
  });
});
