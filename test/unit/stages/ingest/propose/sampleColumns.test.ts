import { describe, expect, it } from "vitest";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../../src/format/batch/classes/classLists.ts";
import { proposeProfile } from "../../../../../src/stages/ingest/propose/proposeProfile.ts";
import { readHead, sampleColumns } from "../../../../../src/stages/ingest/propose/sampleColumns.ts";
import { formatSchema } from "../../../../../src/stages/ingest/schema/formatSchema.ts";
import { pieces } from "../support/helpers.ts";
import { workbook } from "../support/workbook.ts";

const sampled = (content: string, format: object = { kind: "csv" }, most = 1000) =>
  sampleColumns({ open: () => pieces(content) }, formatSchema.parse(format), most, scratchIn());
const ndjson = (...rows: unknown[]) =>
  sampled(rows.map((row) => JSON.stringify(row)).join("\n"), { kind: "ndjson" });

describe("a sample of a file", () => {
  it("holds the first rows, column by column", async () => {
    const { rows, columns, empty, lists } = await sampled("a,b\n1,x\n2,\n3,z\n", undefined, 2);
    expect([rows, empty, lists]).toEqual([2, [], []]);
    expect(columns.map(({ name, values }) => [name, values])).toEqual([
      ["a", ["1", "2"]],
      ["b", ["x", ""]],
    ]);
    const bare = await sampled("a,b\n");
    expect([bare.rows, bare.columns.map(({ name, values }) => [name, values])]).toEqual([
      0,
      [
        ["a", []],
        ["b", []],
      ],
    ]);
  });

  it("reads words that stand for nothing as empty, wherever they stand", async () => {
    const words = [
      "null",
      "None",
      "NIL",
      "n/a",
      "NA",
      "NaN",
      "\\N",
      "-",
      "---",
      "#N/A",
      "undefined",
      "无",
      "暂无",
    ];
    for (const word of words) {
      const { empty, columns } = await sampled(`a,b\n1, ${word} \n${word},3\n`);
      expect(empty).toEqual([word]);
      expect(columns.map(({ values }) => values)).toEqual([
        ["1", ""],
        ["", "3"],
      ]);
    }
    for (const word of ["nullable", "annul", "none of it", "banana", "-1", "1-", "x#n/a", "有无"])
      expect((await sampled(`a,b\n1,${word}\n`)).empty).toEqual([]);
  });

  it("names members inside objects and short lists by their pointers", async () => {
    const { columns, lists } = await ndjson(
      {
        id: "a",
        at: { place: [30, 114], "x/y": { "m~n": true } },
        long: [1, 2, 3, 4, 5],
        four: [1, 2, 3, 4],
      },
      { id: "b", "/odd": null, "..": "up" },
    );
    expect(columns.map(({ name, values }) => [name, values])).toEqual(
      [
        ["id", ["a", "b"]],
        ["/at/place/0", ["30", ""]],
        ["/at/place/1", ["114", ""]],
        ["/at/x~1y/m~0n", ["true", ""]],
        ["/four/0", ["1", ""]],
        ["/four/1", ["2", ""]],
        ["/four/2", ["3", ""]],
        ["/four/3", ["4", ""]],
        ["/~1odd", ["", ""]],
        ["..", ["", "up"]],
      ].toSorted(
        ([a], [b]) =>
          columns.findIndex(({ name }) => name === a) - columns.findIndex(({ name }) => name === b),
      ),
    );
    expect(lists).toEqual([]);
  });

  it("tells lists of objects, and leaves lists inside lists alone", async () => {
    const found = await ndjson(
      { id: "a", trips: [{ km: 1 }], of: { legs: [{ km: 2 }] }, grid: [[1, 2], [3]] },
      { id: "b", trips: [{ km: 1 }] },
    );
    expect(found.lists.toSorted()).toEqual(["/grid", "/of/legs", "/trips"]);
    expect(found.columns.map(({ name }) => name)).toEqual(["id"]);
  });

  it("has at most two hundred columns", async () => {
    const many = (count: number) =>
      ndjson(Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${String(i)}`, i])));
    expect((await many(200)).columns).toHaveLength(200);
    expect((await many(201)).columns).toHaveLength(200);
    const { columns } = await ndjson(
      Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`c${String(i)}`, i])),
      { c0: 7 },
    );
    expect(columns[0]?.values).toEqual(["0", "7"]);
  });

  it("begins with at most so many bytes of the file", async () => {
    const head = async (bytes: number) =>
      Buffer.from(await readHead({ open: () => pieces("abcdefgh") }, bytes)).toString();
    expect([await head(3), await head(8), await head(100)]).toEqual(["abc", "abcdefgh", "abcdefgh"]);
  });
});

describe("what is proposed for a file", () => {
  const KNOWN = {
    name: "new",
    provider: null as string | null,
    region: null as string | null,
    zone: null as string | null,
    scenario: null as string | null,
    fileName: "rides.csv",
    path: "new.yaml",
    classes: SHIPPED_CLASS_LISTS.newest,
  };
  const proposed = async (content: string | Uint8Array, known: Partial<typeof KNOWN> = {}) => {
    const { yaml, doubts } = await proposeProfile(
      { open: () => pieces(content) },
      { ...KNOWN, ...known },
      scratchIn(),
    );
    return { lines: yaml.split("\n"), yaml, doubts };
  };
  const RIDES = `ride id;user;start;end;km\n${Array.from(
    { length: 9 },
    (_, i) =>
      `r${String(i)};u${String(i)};2026-05-0${String(i + 1)} 08:00;2026-05-0${String(i + 1)} 08:30;1.5\n`,
  ).join("")}`;

  it("is written line by line, with what is known and what is a guess", async () => {
    expect((await proposed(RIDES)).lines).toEqual([
      "# Proposed by microtonne profile init from rides.csv. Check it before use:",
      "#   microtonne profile check new.yaml FILE",
      "# Doubts:",
      '# - "user" is taken for the person\'s account in this network ' +
        "alone; say scope: deployment where all " +
        "platforms use it.",
      "# - The scenario is a guess: bike.",
      "# - The provider's id is the file's name; give it the provider's global id.",
      "# - The region is a guess: WUHAN. It decides whose methodologies count.",
      "# - The times carry no offset that is sure; their zone is a guess: Asia/Shanghai.",
      "schema: microtonne-profile/1",
      "name: new",
      'description: "Records of new."',
      'provider: { id: new, name: "new" }',
      "region: WUHAN",
      'format: { kind: csv, delimiter: ";" }',
      'recordId: { columns: ["ride id"] }',
      'subject: { column: "user", scope: provider }',
      "scenario: { constant: bike }",
      'time: { format: "iso", zone: Asia/Shanghai }',
      'start: { columns: ["start"] }',
      'end: { columns: ["end"] }',
      "quantity: { column: km, unit: km, as: km }",
      "# Bounds of the shipped profiles for such acts; set your own.",
      "rules:",
      "  durationSeconds: { max: 10800 }",
      "  maxSpeedKmh: 40",
      "",
    ]);
    const known = {
      provider: "city",
      region: "ROMA",
      zone: "Europe/Rome",
      scenario: "metro",
      fileName: "ü.csv",
    };
    const { lines, doubts } = await proposed(RIDES, known);
    expect(lines.filter((line) => !line.startsWith("# - "))).toEqual([
      "# Proposed by microtonne profile init from ?.csv. Check it before use:",
      "#   microtonne profile check new.yaml FILE",
      "# Doubts:",
      "schema: microtonne-profile/1",
      "name: new",
      'description: "Records of city."',
      'provider: { id: city, name: "city" }',
      "region: ROMA",
      'format: { kind: csv, delimiter: ";" }',
      'recordId: { columns: ["ride id"] }',
      'subject: { column: "user", scope: provider }',
      "scenario: { constant: metro }",
      'time: { format: "iso", zone: Europe/Rome }',
      'start: { columns: ["start"] }',
      'end: { columns: ["end"] }',
      "quantity: { column: km, unit: km, as: passenger-km }",
      "# Bounds of the shipped profiles for such acts; set your own.",
      "rules:",
      "  durationSeconds: { max: 14400 }",
      "  maxSpeedKmh: 80",
      "",
    ]);
    expect(doubts).toHaveLength(1);
  });

  it("has bounds for charging, none for what no shipped profile bounds", async () => {
    expect((await proposed(RIDES.replace(";km", ";kWh"))).lines.slice(-4)).toEqual([
      "# Bounds of the shipped profiles for such acts; set your own.",
      "rules:",
      "  quantity: { max: 200 }",
      "",
    ]);
    const bus = await proposed(RIDES, { scenario: "bus" });
    expect(bus.lines.slice(-2)).toEqual(["quantity: { constant: 1, as: trip }", ""]);
  });

  it("needs no zone where the times say it: offsets, or GMT", async () => {
    const utc = await proposed(RIDES.replaceAll(/ (08:\d0)/g, "T$1:00Z"));
    expect(utc.yaml).toContain('time: { format: "iso" }\n');
    expect(utc.doubts.join()).not.toContain("zone");
    const gmt = await proposed(
      "ride id;start;km\na;Mon, 25 Mar 2024 14:05:06 GMT;1.5\nb;Tue, 26 Mar 2024 14:05:06 GMT;2\n",
      { zone: "Europe/Rome" },
    );
    expect(gmt.yaml).toContain('time: { format: "EEE, dd MMM yyyy HH:mm:ss z", zone: UTC }\n');
    expect(gmt.doubts.join()).not.toContain("zone");
  });

  it("says so where there are no rows, and where words stand for nothing", async () => {
    const none = await proposed("ride id,start,km\n");
    expect(none.doubts[0]).toBe("The file has no rows to look at.");
    const { yaml, doubts } = await proposed(RIDES.replace("u3", "null").replace("u4", "-"));
    expect(yaml).toContain('empty: ["null", "-"]\n');
    expect(doubts).toContain("Words that usually stand for nothing are read as empty fields; look at empty.");
    expect((await proposed(RIDES)).yaml).not.toContain("empty:");
  });

  it("quotes in YAML what would be read as something else than text", async () => {
    const { yaml } = await proposed(
      'on,start,"km ""far"""\nr1,2026-05-01 08:00,1.5 km\nr2,2026-05-02 08:00,2 km\n',
      { path: "a\nb.yaml" },
    );
    expect(yaml).toContain("#   microtonne profile check 'a?b.yaml' FILE\n");
    expect(yaml).toContain('quantity: { column: "km \\"far\\"", units: { km: km }, as: km }\n');
    const word = await proposed("ride id,start,No\nr1,2026-05-01 08:00,1.5 km\nr2,2026-05-02 08:00,2 km\n");
    expect(word.yaml).toContain('quantity: { column: "No", units: { km: km }, as: km }\n');
  });

  it("finds a workbook's header among its first ten rows: the one that names most columns", async () => {
    const cells = Array.from({ length: 5 }, (_, i) => [`t-${String(i)}`, { days: 45_000 + i / 48 }, 2.5]);
    const header = ["Trip id", "Start", "Distance km"];
    const at = async (...above: (string | number)[][]) =>
      /headerRow: (\d+)/.exec(
        (await proposed(workbook([{ name: "x", rows: [...above, header, ...cells] }]))).yaml,
      )?.[1];
    expect(await at()).toBeUndefined();
    expect(await at(["Trips"], [])).toBe("3");
    expect(await at(["Trips", "of May", " ", ""], ["1", "2", "3", "4", "5"])).toBe("3");
    expect(await at(...Array.from({ length: 9 }, () => ["x"]))).toBe("10");
  });

  it("takes the acts of JSON from lists inside of rows only where nothing around has a time", async () => {
    const rows = (outer: object) =>
      JSON.stringify(
        Array.from({ length: 3 }, (_, i) => ({
          rider: `h${String(i)}`,
          ...outer,
          "my trips": [{ id: `t${String(i)}`, start: 1_767_300_000 + i, metres: 900 }],
        })),
      );
    const inside = await proposed(rows({}));
    expect(inside.yaml).toContain('format: { kind: json, each: "/my trips" }\n');
    expect(inside.doubts).toContain(
      'The acts are taken from the lists under "/my trips", as nothing around them has a time.',
    );
    for (const outer of [{ seen: "2026-05-01T08:00:00Z" }, { day: "2026-05-01" }]) {
      const { yaml, doubts } = await proposed(rows({ ...outer, legs: [{}] }));
      expect(yaml).toContain("format: { kind: json }\n");
      expect(doubts).toContain(
        'Rows hold lists of objects ("/legs", "/my trips"): where these ' +
          "are the acts, say so under format.each.",
      );
    }
  });

  it("takes the canonical columns for what they are, unless the caller says the scenario", async () => {
    const header = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
    const table = `${header}\nr1,s1,metro,2025-06-18T07:07+08:00,2025-06-18T07:38+08:00,6.5,passenger-km\n`;
    const known = { provider: "city", region: "WUHAN" };
    const canonical = await proposed(table, known);
    expect(canonical.doubts).toEqual([]);
    expect(canonical.lines).toContain(
      "# The columns are the canonical format's: canonical-csv reads such files as it is.",
    );
    expect(canonical.yaml).not.toContain("# Doubts");
    for (const other of [
      await proposed(table, { ...known, scenario: "metro" }),
      await proposed(table.replace("subject", "who"), known),
      await proposed(table.replace(",unit", ",unit,more"), known),
    ]) {
      expect(other.yaml).toMatch(/^scenario: \{ constant: (?:metro|bus) \}$/m);
      expect(other.yaml).not.toContain("The columns are the canonical format's");
      expect(other.doubts).not.toEqual([]);
    }
  });
});
