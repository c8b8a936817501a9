import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile, type IngestReport } from "../../../src/app/ingest/ingestFile.ts";
import { withProvider } from "../../../src/stages/ingest/profile/profile.ts";
import type { Profile } from "../../../src/stages/ingest/schema/profileSchema.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

const HEADER = "deal_date,card_no,deal_value,deal_type,station,equ_no";
const tap = (card: string, minute: string, kind: "in" | "out" | "bus", station: string): string =>
  "2018-09-01 " +
  `${minute}:00,${card},0,${{ in: "地铁入站", out: "地铁出站", bus: "巴士" }[kind]},${station},${card}-${kind}`;
const ENTRY = tap("c1", "06:00", "in", "A");
const EXIT = tap("c1", "06:20", "out", "B");

describe("taps in several files", () => {
  let place: Place;
  let context: Context;
  let profile: Profile;
  let run = 0;
  const ingest = async (...rows: readonly string[]): Promise<IngestReport> => {
    const file = join(place.folder, "taps.csv");
    await writeFile(file, `${[HEADER, ...rows].join("\n")}\n`);
    const request = {
      file,
      profile,
      rejectsFile: join(place.folder, "r.csv"),
      duplicatesFile: join(place.folder, "d.csv"),
      lookupFolder: null,
    };
    return ingestFile(context, request);
  };
  const counts = ({ read, accepted, rejected, duplicates, acts }: IngestReport): unknown => ({
    read,
    accepted,
    rejected,
    duplicates,
    acts,
  });

  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
    await writeFile(
      join(place.folder, "shenzhen_stations_geo.csv.gz"),
      "station,lng,lat\nA,114.0,22.50\nB,114.0,22.55\n",
    );
  });
  // Each test is a provider of its own.
  beforeEach(() => (profile = withProvider(shippedProfile("shenzhen-taps"), `gates-${String(run++)}`)));
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("are duplicates where they come again, alone or as a ride", async () => {
    expect(counts(await ingest(ENTRY, EXIT))).toEqual({
      read: 2,
      accepted: 2,
      rejected: 0,
      duplicates: 0,
      acts: 1,
    });
    expect(counts(await ingest(ENTRY, EXIT))).toEqual({
      read: 2,
      accepted: 0,
      rejected: 0,
      duplicates: 2,
      acts: 0,
    });
    expect(counts(await ingest(ENTRY))).toMatchObject({ rejected: 0, duplicates: 1 });
    expect(counts(await ingest(EXIT, tap("c2", "07:00", "bus", "-")))).toMatchObject({
      accepted: 1,
      rejected: 0,
      duplicates: 1,
    });
    expect(await readFile(join(place.folder, "d.csv"), "utf8")).toContain("duplicate.record-id");
  });

  it("make a ride where the other half comes later with both", async () => {
    expect(counts(await ingest(ENTRY))).toMatchObject({ accepted: 0, rejected: 1 });
    expect(counts(await ingest(ENTRY, EXIT))).toEqual({
      read: 2,
      accepted: 2,
      rejected: 0,
      duplicates: 0,
      acts: 1,
    });
  });

  it("never lend one entry to two rides", async () => {
    await ingest(ENTRY, EXIT);
    const second = tap("c1", "06:10", "out", "B").replace("c1-out", "other-gate");
    const report = await ingest(ENTRY, second);
    expect(counts(report)).toEqual({ read: 2, accepted: 0, rejected: 1, duplicates: 1, acts: 0 });
    expect(report.reasons).toEqual({ "duplicate.record-id": 1, "pair.exit-without-entry": 1 });
    expect(counts(await ingest(ENTRY, second))).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  it("are refused with both rows where no methodology counts the ride", async () => {
    const late = [ENTRY, EXIT].map((row) => row.replace("2018", "2020"));
    const report = await ingest(...late);
    expect(report).toMatchObject({ read: 2, rejected: 2, reasons: { "methodology.expired": 2 } });
    expect((await readFile(join(place.folder, "r.csv"), "utf8")).trimEnd().split("\r\n")).toHaveLength(3);
  });

  it("come out the same where a run was cut off before it could say so", async () => {
    const rows = [ENTRY, EXIT, tap("c3", "06:00", "in", "A")];
    const first = await ingest(...rows);
    await context.db.query(
      "UPDATE ingests SET finished = false WHERE ingest = (SELECT max(ingest) FROM ingests)",
    );
    expect(await ingest(...rows)).toEqual(first);
  });
});
