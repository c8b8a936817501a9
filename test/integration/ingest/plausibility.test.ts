import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile, type IngestReport } from "../../../src/app/ingest/ingestFile.ts";
import { withProvider } from "../../../src/stages/ingest/profile/profile.ts";
import type { Profile } from "../../../src/stages/ingest/schema/profileSchema.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { IMPLAUSIBLE_SENTENCES } from "../../../src/stages/plausibility/reasonCodes.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
const at = (clock: string): string => `2025-06-18T${clock}:00+08:00`;
const bike = (id: string, who: string, from: string, to: string, km: string): string =>
  `${id},${who},bike,${at(from)},${at(to)},${km},km`;
/** Two that can't be true by themselves, one too many, one at once with another, and honest ones. */
const ROWS = [
  bike("1", "a", "08:00", "12:00", "55"),
  bike("2", "a", "12:00", "12:10", "30"),
  `3,b,metro,${at("03:00")},${at("03:30")},10,passenger-km`,
  bike("4", "a", "12:00", "16:00", "55"),
  bike("5", "a", "16:00", "20:00", "55"),
  bike("6", "a", "20:00", "23:00", "55"),
  `7,a,bus,${at("10:00")},,1,trip`,
  bike("8", "c", "20:00", "23:00", "55"),
];

describe("a file with acts that can't be true", () => {
  let place: Place;
  let context: Context;
  const profile = (id: string): Profile => withProvider(shippedProfile("canonical-csv"), id);
  const ingest = async (rows: readonly string[], by: Profile): Promise<IngestReport> => {
    const file = join(place.folder, "acts.csv");
    await writeFile(file, `${[HEADER, ...rows].join("\n")}\n`);
    const reports = {
      rejectsFile: join(place.folder, "rejects.csv"),
      duplicatesFile: join(place.folder, "duplicates.csv"),
    };
    return ingestFile(context, { file, profile: by, ...reports, lookupFolder: null });
  };
  const reported = async (name: string): Promise<string[]> =>
    parse<Record<string, string>>(await readFile(join(place.folder, name)), { columns: true }).map(
      ({ row = "", field = "", code = "" }) => `${row} ${field} ${code}`,
    );

  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("keeps the others; the refused ones have row, field and reason, and the totals add up", async () => {
    const report = await ingest(ROWS, profile("bikes-one"));
    expect(report).toMatchObject({ read: 8, accepted: 4, acts: 4, rejected: 4, duplicates: 0 });
    expect(report.reasons).toEqual({
      "plausibility.at-once": 1,
      "plausibility.closed-hours": 1,
      "plausibility.quantity-a-day": 1,
      "plausibility.too-fast": 1,
    });
    expect(await reported("rejects.csv")).toEqual([
      "2 quantity plausibility.too-fast",
      "3 startedAt plausibility.closed-hours",
      "6 quantity plausibility.quantity-a-day",
      "7 startedAt plausibility.at-once",
    ]);
    expect(await readFile(join(place.folder, "rejects.csv"), "utf8")).toContain(
      IMPLAUSIBLE_SENTENCES["plausibility.at-once"],
    );
  });

  it("comes again as what it was: duplicates are duplicates", async () => {
    const report = await ingest(ROWS, profile("bikes-one"));
    expect(report).toMatchObject({ read: 8, accepted: 0, rejected: 4, duplicates: 4, milligrams: "0" });
    expect(await reported("duplicates.csv")).toHaveLength(4);
  });

  it("is judged act by act alone where several people share an identifier", async () => {
    const own = profile("fleet");
    const shared: Profile = { ...own, subject: own.subject && { ...own.subject, shared: true } };
    const rows = ROWS.map((row) => row.replace(/,(?=[abc],)/, ",fleet-"));
    expect((await ingest(rows, shared)).reasons).toEqual({
      "plausibility.closed-hours": 1,
      "plausibility.too-fast": 1,
    });
  });

  it("is counted the same when a run was cut off after its rows were stored", async () => {
    const by = profile("bikes-two");
    const rows = ROWS.map((row) => row.replace(/,(?=[abc],)/, ",two-"));
    const first = await ingest(rows, by);
    await context.db.query(
      "UPDATE ingests SET finished = false WHERE ingest = (SELECT max(ingest) FROM ingests)",
    );
    expect(await ingest(rows, by)).toEqual(first);
  });
});
