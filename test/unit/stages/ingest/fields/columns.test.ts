import { describe, expect, it } from "vitest";
import { csvColumns, jsonColumns, listedColumns } from "../../../../../src/stages/ingest/fields/columns.ts";
import { codes, readAll, smallProfile } from "../support/helpers.ts";

const ids = async (...args: Parameters<typeof readAll>): Promise<string[]> =>
  (await readAll(...args)).map((one) => (one.kind === "record" ? one.record.recordId : one.code));

describe("names of columns", () => {
  it("fit whatever their capitals and white space; an exact name comes first", async () => {
    expect(await ids(smallProfile(), " ID ,Start,end,KM\n1,5,6,7\n")).toEqual(["1"]);
    expect(
      await ids(
        smallProfile({ recordId: "{ columns: ['Trip  no'] }" }),
        "trip no,TRIP  NO,start,end,km\n1,2,5,6,7\n",
      ).catch(String),
    ).toContain("two columns named");
    expect(await ids(smallProfile(), "ID,id,start,end,km\n1,2,5,6,7\n")).toEqual(["2"]);
  });

  it("fit under their aliases, the first that is there", async () => {
    const profile = smallProfile({ aliases: "{ id: [Trip No, ride_id], km: [distance] }" });
    expect(await ids(profile, "ride_id,start,end,distance\n1,5,6,7\n")).toEqual(["1"]);
    expect(await ids(profile, "trip no,ride_id,start,end,distance\n1,2,5,6,7\n")).toEqual(["2"]);
    expect(await ids(profile, "Trip No,ride_id,start,end,distance\n1,2,5,6,7\n")).toEqual(["1"]);
    await expect(readAll(profile, "number,start,end,km\n1,5,6,7\n")).rejects.toMatchObject({
      code: "input.header",
    });
  });
});

describe("members of JSON", () => {
  it("are fields in the order in which they were asked for, each once", () => {
    const columns = jsonColumns();
    expect(["a", "/b/c", "a", "/b/c", "d"].map((member) => columns.indexOf(member))).toEqual([0, 1, 0, 1, 2]);
    expect([columns.members, columns.empty]).toEqual([["a", "/b/c", "d"], null]);
    expect(jsonColumns({ aliases: {}, empty: ["-"] }).empty).toEqual(new Set(["-"]));
  });
});

describe("columns of a table", () => {
  const refused = (problem: string) =>
    expect.objectContaining({
      code: "input.header",
      message: `The header of the file has ${problem}. Check that profile and file belong together.`,
    }) as Error;

  it("are found by position or name, or the file is refused without its names", () => {
    const columns = csvColumns(["a", " B  c ", "d"], "the file");
    expect([columns.indexOf(1), columns.indexOf(3), columns.indexOf("b c"), columns.indexOf("d")]).toEqual([
      0, 2, 1, 2,
    ]);
    for (const [ref, called] of [
      [0, "column 0"],
      [4, "column 4"],
      ["x", "x"],
    ] as const)
      expect(() => columns.indexOf(ref)).toThrow(refused(`no column ${called} among its 3 columns`));
    expect(() => csvColumns(["a", "a"], "the file").indexOf("a")).toThrow(
      refused("two columns named a; name it by its position"),
    );
  });

  it("from one to another are all between them, in the file's order", () => {
    const columns = csvColumns(["a", "b", "c", "d"], "the file");
    expect(listedColumns(["b", 4], columns)).toEqual(["b", 4]);
    expect(listedColumns({ first: "b", last: "d" }, columns)).toEqual([2, 3, 4]);
    expect(listedColumns({ first: "b", last: "b" }, columns)).toEqual([2]);
    expect(() => listedColumns({ first: "c", last: "b" }, columns)).toThrow(refused("the column b before c"));
  });
});

describe("rows that are no data", () => {
  it("of a header that comes again end by its text alone, with quotes or without", async () => {
    expect(
      await codes(
        smallProfile(),
        '"id",start,end,km\n1,5,6,7\n"id",start,end,km\nid,start,end,km\n2,5,6,7\n',
      ),
    ).toEqual(["ok", "row.header", "time.malformed", "ok"]);
  });

  it("are comments where the profile says so, but not inside a quoted field", async () => {
    const profile = smallProfile({
      format: "{ kind: csv, comment: '//' }",
      recordId: "{ columns: [id, km] }",
      quantity: "{ constant: 1, as: km }",
    });
    expect(await codes(profile, '// a, "quote\n\nid,start,end,km\n1,5,6,"a\n// b"\n// c\n')).toEqual([
      "record-id.malformed",
      "row.comment",
    ]);
    expect(await codes(smallProfile(), "id,start,end,km\n#1,5,6,7\n")).toEqual(["ok"]);
  });

  it("of several delimiters are split by all of their characters", async () => {
    const profile = smallProfile({ format: "{ kind: csv, delimiter: '||' }" });
    expect(await ids(profile, 'id||start||end||km\n"a||""b"||5||6||7\na|b||5||6||7\n||5||6||7\n')).toEqual([
      'a||"b',
      "a|b",
      "field.missing",
    ]);
  });

  it("are headings whose fields the rows below take; an outer one empties the inner", async () => {
    const profile = smallProfile({
      headings:
        "[{ when: { column: id, in: [City] }, fields: { city: start } }, { when: { column: id, in: " +
        "[Dock] }, fields: { dock: start } }]",
      recordId: "{ columns: [city, dock, id], allowEmpty: true }",
    });
    const text =
      "id,start,end,km\n1,5,6,7\nCity,W,,\nDock,d1,,\n2,5,6,7\nDock,d2,,\n3,5,6,7\nCity,L,,\n4,5,6,7\n";
    expect(await ids(profile, text)).toEqual([
      "||1",
      "row.heading",
      "row.heading",
      "W|d1|2",
      "row.heading",
      "W|d2|3",
      "row.heading",
      "L||4",
    ]);
    // Wherever the file is cut.
    expect(await ids(profile, text, { pieceSize: 3 })).toEqual(await ids(profile, text));
  });
});

describe("a day's readings in one row", () => {
  const readings = {
    format: "{ kind: csv }",
    readings:
      "{ meter: meter, at: { columns: [day], marks: MARKS }, value: { columns: [a, b], unit: kWh }, " +
      "everySeconds: 86400, period: month }",
    recordId: "{ columns: [{ join: period, field: key }] }",
    scenario: "{ constant: electricity-saving }",
    time: "{ format: yyyy-MM-dd, zone: Europe/Berlin }",
    start: "{ columns: [{ join: period, field: start }], format: iso }",
    end: "{ columns: [{ join: period, field: end }], format: iso }",
    quantity:
      "{ below: { baseline: { join: period, field: earlier }, used: { join: period, field: used } }, " +
      "unit: kWh, as: kWh }",
  };
  const day = (year: number, month: number, at: number): string =>
    new Date(Date.UTC(year, month - 1, at)).toISOString().slice(0, 10);
  const month = (year: number, inYear: number, value: string, shift: number): string =>
    Array.from(
      { length: new Date(Date.UTC(year, inYear, 0)).getUTCDate() },
      (_, i) => `m,${day(year, inYear, i + 1 + shift)},${value},1\n`,
    ).join("");

  it.each([
    [3, "start", 0],
    [10, "start", 0],
    [3, "end", 1],
    [10, "end", 1],
  ])(
    "is one of the calendar in month %i, when the clock is changed (marks: %s)",
    async (inYear, marks, shift) => {
      const profile = smallProfile({ ...readings, readings: readings.readings.replace("MARKS", marks) });
      const outcomes = await readAll(
        profile,
        `meter,day,a,b\n${month(2024, inYear, "2", shift)}${month(2025, inYear, "1.5", shift)}`,
      );
      const act = outcomes.find((one) => one.kind === "record");
      expect(act).toMatchObject({ record: { quantity: 31n * 500_000n }, parts: { length: 30 } });
      expect(outcomes.filter((one) => one.kind === "rejected" && one.code !== "baseline.missing")).toEqual(
        [],
      );
    },
  );

  it("must have each of them", async () => {
    const profile = smallProfile({ ...readings, readings: readings.readings.replace("MARKS", "start") });
    expect(
      await codes(
        profile,
        "meter,day,a,b\nm,2024-03-01,1,\nm,2024-03-02,0,1\nm,2024-03-03,1,x\nm,2024-03-04,1,1\n",
      ),
    ).toEqual(["field.missing", "reading.zero", "quantity.malformed", "baseline.gaps"]);
  });
});
