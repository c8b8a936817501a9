import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseProfile } from "../../../../src/stages/ingest/profile/profile.ts";
import { codes, DATA, readAll, tally } from "./support/helpers.ts";

/** Small files after public bug reports of other projects, beside the real data. */
const FOLDER = join(DATA, "../bugs");
const read = (name: string) => readFileSync(join(FOLDER, name));
const profile = (name: string) => parseProfile(read(name).toString("utf8"));

describe.skipIf(!existsSync(FOLDER))("reported files (skipped without MICROTONNE_DATA)", () => {
  const idsOf = async (name: string, file: string) =>
    (await readAll(profile(name), read(file))).map((one) => one.kind === "record" && one.record.recordId);

  it("of sessions without an id have one id as a workbook and as a table", async () => {
    const [table, workbook] = [
      await idsOf("01-act-csv.yaml", "01-act.csv"),
      await idsOf("01-act-xlsx.yaml", "01-act.xlsx"),
    ];
    expect(workbook).toEqual(table);
    expect(table.every((id) => typeof id === "string")).toBe(true);
  });

  it("whose ids a spreadsheet has rounded hold no act", async () => {
    expect(tally(await codes(profile("x.yaml"), read("02-longids.xlsx")))).toEqual({
      "record-id.malformed": expect.any(Number) as number,
    });
    expect(tally(await codes(profile("x-csv.yaml"), read("03-excel-ids.csv")))).toEqual({
      "record-id.malformed": 3,
    });
  });

  it("whose parts have other capitals are read", async () => {
    expect(await codes(profile("x.yaml"), read("04-sharedstrings-case.xlsx"))).toEqual(["ok", "ok"]);
  });

  it("of a service day go past midnight", async () => {
    const text = read("14.yaml").toString("utf8").replace("HH:mm:ss", "HH+:mm:ss");
    const outcomes = await readAll(parseProfile(text), read("14-service-day.csv"));
    expect(outcomes.slice(0, 2).map((one) => one.kind === "record" && one.record)).toMatchObject([
      { startedAt: Date.UTC(2025, 5, 1, 15, 40) / 1000, endedAt: Date.UTC(2025, 5, 1, 16, 25) / 1000 },
      { startedAt: Date.UTC(2025, 5, 1, 17, 10) / 1000, endedAt: Date.UTC(2025, 5, 1, 17, 40) / 1000 },
    ]);
    expect(outcomes[2]).toMatchObject({ kind: "rejected", code: "time.malformed" });
  });

  it("whose refused readings are use save nothing", async () => {
    const found = tally(await codes(profile("20-meter.yaml"), read("20-spring.csv")));
    expect(found["ok"]).toBeUndefined();
    expect(found["time.nonexistent"]).toBe(2);
  });

  it("of a day of 25 hours are whole where the hour is taken twice, in the order of rows", async () => {
    const text = read("21-earlier.yaml").toString("utf8");
    expect(text).toContain("ambiguous: earlier");
    const inOrder = parseProfile(text.replace("ambiguous: earlier", "ambiguous: in-order"));
    const readings = (await readAll(inOrder, read("21-fall.csv"))).map((one) =>
      one.kind === "record" ? "ok" : one.code,
    );
    expect(readings).not.toContain("reading.repeated");
    expect(readings).not.toContain("time.ambiguous");
    expect(readings).not.toContain("baseline.gaps");
  });
});

describe("the readings of a meter", () => {
  const meter = (zone: string, more = "") =>
    parseProfile(`schema: microtonne-profile/1
name: meters
description: For tests.
provider: { id: meters, name: Meters }
region: NSW
format: { kind: csv }
recordId: { columns: [{ join: period, field: key }] }
scenario: { constant: electricity-saving }
time: { format: "yyyy-MM-dd HH:mm", zone: ${zone}${more} }
readings:
  meter: meter
  at: { columns: [at] }
  value: { column: kwh, unit: kWh }
  everySeconds: 21600
  period: day
start: { columns: [{ join: period, field: start }], format: iso }
end: { columns: [{ join: period, field: end }], format: iso }
quantity:
  below: { baseline: { join: period, field: earlier }, used: { join: period, field: used } }
  unit: kWh
  as: kWh
`);
  const day = (date: string, kwh: number, extra: readonly string[] = []) =>
    [...["00:00", "06:00", "12:00", "18:00"].map((at) => `M,${date} ${at},${String(kwh)}`), ...extra].join(
      "\n",
    );
  const rowsOf = (...extra: string[]) =>
    `meter,at,kwh\n${day("2024-06-01", 5)}\n${day("2025-06-01", 4, extra)}\n`;

  it("make an act of a day that is whole", async () => {
    expect(tally(await codes(meter("UTC"), rowsOf()))["ok"]).toBe(1);
  });

  it.each([
    ["that says no number", "M,2025-06-01 06:00,x", "quantity.malformed"],
    ["of zero", "M,2025-06-01 06:00,0", "reading.zero"],
    ["between two intervals", "M,2025-06-01 07:00,1", "reading.off-grid"],
  ])("make none where a further one %s was refused, as it may have been use", async (_, row, code) => {
    const found = tally(await codes(meter("UTC"), rowsOf(row)));
    expect(found["ok"]).toBeUndefined();
    expect(found[code]).toBe(1);
    expect(found["baseline.gaps"]).toBe(4);
  });

  it("are void for their own day and meter alone", async () => {
    const other = day("2025-06-01", 4).replaceAll("M,", "N,");
    const before = day("2024-06-01", 5).replaceAll("M,", "N,");
    const found = tally(await codes(meter("UTC"), `${rowsOf("M,2025-06-01 06:00,x")}${before}\n${other}\n`));
    expect(found["ok"]).toBe(1);
  });

  it("need in-order for themselves: sessions of an hour that came twice have no order", () => {
    expect(() => meter("Australia/Sydney", ", ambiguous: in-order")).not.toThrow();
    const text = `schema: microtonne-profile/1
name: rides
description: For tests.
provider: { id: rides, name: Rides }
region: NSW
format: { kind: csv }
recordId: { columns: [id] }
scenario: { constant: bike }
time: { format: iso, zone: Australia/Sydney, ambiguous: in-order }
start: { columns: [start] }
quantity: { column: km, unit: km, as: km }
`;
    expect(() => parseProfile(text)).toThrow(/in-order is for the section readings/);
  });
});
