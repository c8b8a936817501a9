import { describe, expect, it } from "vitest";
import { readAll, smallProfile } from "../support/helpers.ts";

const HEADER = "id,start,from,to\n";
const place = (join: string): string =>
  `{ latitude: { join: ${join}, field: lat }, longitude: { join: ${join}, field: lng } }`;
const join = (name: string, extra = ""): string =>
  `{ name: ${name}, column: ${name}, file: stations.csv, key: station, fields: { lat: lat, lng: lng ` +
  `}${extra} }`;
const stationTrips = (extra = ""): ReturnType<typeof smallProfile> =>
  smallProfile({
    end: null,
    joins: `[${join("from", extra)}, ${join("to", extra)}]`,
    quantity: `{ greatCircle: { from: ${place("from")}, to: ${place("to")} }, as: passenger-km }`,
    scenario: "{ constant: metro }",
  });
const STATIONS = "station,lat,lng\n罗湖,22.532083,114.118666\n大剧院站,22.543,114.107\n";

/** A row whose act needs no join. */
const ACT = "id,start,end,km,from,to\n1,5,9,2,罗湖,大剧院站\n";

describe("joins", () => {
  it("give the distance between two stations, in whole metres", async () => {
    const [outcome] = await readAll(stationTrips(), `${HEADER}1,5,罗湖,大剧院站\n`, {
      lookups: { "stations.csv": STATIONS },
    });
    // Twice the arc sine of half the chord between the two unit vectors, times 6,371,008.8 m: 1,705.6 m.
    expect(outcome).toMatchObject({ record: { quantity: 1_705_000n, unit: "passenger-km" } });
  });

  it("find names with and without a suffix that the profile drops", async () => {
    const text = `${HEADER}1,5,罗湖站,大剧院\n`;
    expect((await readAll(stationTrips(), text, { lookups: { "stations.csv": STATIONS } }))[0]).toMatchObject(
      {
        code: "lookup.missing",
        field: "from",
      },
    );
    expect(
      (await readAll(stationTrips(", dropSuffix: 站"), text, { lookups: { "stations.csv": STATIONS } }))[0],
    ).toMatchObject({
      kind: "record",
    });
  });

  it("may be a fare table in the profile, and filter by what they find", async () => {
    const profile = smallProfile({
      end: null,
      joins:
        "[{ name: fare, column: to, inline: { '200': { km: '4' }, '300': { km: '8', kind: half } }, " +
        "missing: empty }]",
      filters: "[{ column: { join: fare, field: kind }, in: [''] }]",
      quantity: "{ column: { join: fare, field: km }, unit: km, as: passenger-km }",
      scenario: "{ constant: metro }",
    });
    const outcomes = await readAll(profile, `${HEADER}1,5,a,200\n2,5,a,300\n3,5,a,999\n`);
    expect(outcomes).toMatchObject([
      { kind: "record", record: { quantity: 4_000_000n } },
      { code: "filter.excluded", field: "fare.kind" },
      { code: "field.missing", field: "fare.km" },
    ]);
  });

  it.each([
    ["with one key for two places", "station,lat,lng\nA,1,2\n A ,1,3\n", "lookup.ambiguous", {}],
    ["with a row that can't be read", "station,lat,lng\nA,1\n", "lookup.malformed", {}],
    ["without the columns", "name,lat,lng\nA,1,2\n", "input.header", {}],
    ["with too many rows", "station,lat,lng\nA,1,2\nB,1,2\n", "input.over-cap", { lookupRows: 1 }],
    ["of too many bytes", `${STATIONS}${"x,1,2\n".repeat(100)}`, "input.over-cap", { lookupBytes: 100 }],
  ])("refuse a lookup file %s", async (_what, table, code, caps) => {
    await expect(
      readAll(stationTrips(), `${HEADER}1,5,A,A\n`, { lookups: { "stations.csv": table }, caps }),
    ).rejects.toMatchObject({
      code,
    });
  });

  it.each([
    ["rows", { lookupRows: 3 }],
    ["bytes", { lookupBytes: 80 }],
    ["memory", { lookupHeldBytes: 1_000 }],
  ])(
    "refuse lookup files that come to too many %s together, though each alone does not",
    async (_of, caps) => {
      const lookups = { "stations.csv": STATIONS, "names.csv": STATIONS };
      const alone = smallProfile({ joins: `[${join("from")}]` });
      const names = join("to").replace("stations.csv", "names.csv");
      await expect(readAll(alone, ACT, { lookups, caps })).resolves.toHaveLength(1);
      const both = smallProfile({ joins: `[${join("from")}, ${names}]` });
      await expect(readAll(both, ACT, { lookups, caps })).rejects.toMatchObject({
        code: "input.over-cap",
        message: expect.stringMatching(/^The lookup file names.csv, with the profile's others,/) as unknown,
      });
    },
  );

  it("load a file once for each set of columns, however many joins take it", async () => {
    const opened: string[] = [];
    const lookups = {
      get "stations.csv"() {
        opened.push("stations.csv");
        return STATIONS;
      },
    };
    const all = Array.from({ length: 9 }, (_, i) =>
      join("from").replace("name: from", `name: from${String(i)}`),
    );
    const other = join("to").replace(", lng: lng", "");
    const profile = smallProfile({ joins: `[${[...all, other].join(", ")}]` });
    await readAll(profile, ACT, { lookups, caps: { lookupRows: 4 } });
    expect(opened).toHaveLength(2);
  });

  it("take a key that stands twice with the same values", async () => {
    const table = "station,lat,lng\nA,1,2\nA,1,2\nB,3,4\n";
    expect(
      (await readAll(stationTrips(), `${HEADER}1,5,A,B\n`, { lookups: { "stations.csv": table } }))[0],
    ).toMatchObject({
      kind: "record",
    });
  });
});
