import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { REASON_SENTENCES } from "../../../../src/stages/ingest/reasonCodes.ts";
import { codes, readAll, smallProfile, type Content, type ReadSettings } from "./support/helpers.ts";

const produced = new Set<string>();
const HEADER = "id,start,end,km\n";
const T = 1_700_000_000;
const GOOD = `1,${String(T)},${String(T + 600)},2.5`;

async function code(
  parts: Readonly<Record<string, string | null>>,
  content: Content,
  settings: ReadSettings = {},
): Promise<string> {
  const found = await codes(smallProfile(parts), content, settings);
  for (const one of found) produced.add(one);
  return found.join(" ");
}
const local = { time: "{ format: 'yyyy-MM-dd HH:mm', zone: Europe/London }", end: null };
const subject = (required: boolean): Record<string, string> => ({
  subject: `{ column: who, scope: provider, required: ${String(required)} }`,
});
const stations =
  "joins: [{ name: at, column: id, file: s.csv, key: station, fields: { lat: lat, lng: lng } }]";
const joins = { joins: stations.slice("joins: ".length) };
const circle = {
  ...joins,
  quantity:
    "{ greatCircle: { from: { latitude: { join: at, field: lat }, longitude: { join: at, field: lng } " +
    "}, to: { latitude: 3, longitude: 4 } }, as: km }",
  end: null,
};
const taps = {
  pairing:
    "{ by: card, at: { columns: [at] }, kind: { column: kind, entry: [in], exit: [out] }, entry: { km: " +
    "km, at: at }, maxSeconds: 100 }",
  recordId: "{ columns: [id] }",
  start: "{ columns: [{ join: entry, field: at }] }",
  end: "{ columns: [at] }",
};
const TAPS = "id,card,kind,at,km\n";
const readings = {
  readings:
    "{ meter: meter, at: { columns: [at] }, value: { column: kwh, unit: kWh }, everySeconds: 43200, " +
    "period: day }",
  recordId: "{ columns: [{ join: period, field: key }] }",
  scenario: "{ constant: electricity-saving }",
  time: "{ format: unix-seconds, zone: UTC }",
  start: "{ columns: [{ join: period, field: start }], format: iso }",
  end: "{ columns: [{ join: period, field: end }], format: iso }",
  quantity:
    "{ below: { baseline: { join: period, field: earlier }, used: { join: period, field: used } }, " +
    "unit: kWh, as: kWh }",
};
const METER = "meter,at,kwh\n";
const YEAR = 365 * 86_400;
const json = { format: "{ kind: ndjson }" };

describe("every reason code has a row that ends with it", () => {
  it.each([
    ["row.empty", {}, `${HEADER}\n`],
    ["row.too-long", {}, `${HEADER}${"x".repeat(70_000)}\n`],
    ["row.nul", {}, `${HEADER}1,\0,2,3\n`],
    ["row.malformed", {}, `${HEADER}1,"2,3,4\n`],
    ["row.malformed", json, `[1]\n`],
    ["row.malformed", json, `{"id":\n`],
    ["row.comment", { format: "{ kind: csv, comment: '#' }" }, `# one\n\n${HEADER}# two\n`],
    ["row.header", {}, `${HEADER}${HEADER}`],
    [
      "row.heading",
      { headings: "[{ when: { column: id, in: [H] }, fields: { card: start } }]" },
      `${HEADER}H,5,6,7\n`,
    ],
    ["row.malformed", { format: "{ kind: ndjson, each: /trips }" }, `{"id":1}\n`],
    ["row.malformed", { format: "{ kind: ndjson, each: /trips }" }, `{"trips":[1]}\n`],
    ["field.type", { format: "{ kind: ndjson, each: /trips }" }, `{"trips":[{"id":[]}]}\n`],
    [
      "time.zone-unknown",
      { time: "{ format: iso, zoneColumn: { column: km } }" },
      `${HEADER}1,2020-01-01T10:00:00,2020-01-01T10:00:00,Mars/Olympus\n`,
    ],
    ["row.columns", {}, `${HEADER}1,2,3\n`],
    ["row.too-deep", json, `{"id":${"[".repeat(100)}${"]".repeat(100)}}\n`],
    ["row.repeated-member", json, `{"id":"1","id":"2","start":1,"end":2,"km":1}\n`],
    ["field.missing", {}, `${HEADER},5,6,7\n`],
    ["field.missing", {}, `${HEADER}1,,6,7\n`],
    ["field.missing", {}, `${HEADER}1,5,6, \n`],
    [
      "field.encoding",
      {},
      new Uint8Array([...new TextEncoder().encode(HEADER), 0x80, ...new TextEncoder().encode(",5,6,7\n")]),
    ],
    ["field.type", json, `{"id":{"a":1},"start":1,"end":2,"km":1}\n`],
    ["field.missing", { ...json, recordId: "{ columns: [toString] }" }, `{"start":1,"end":2,"km":1}\n`],
    ["record-id.malformed", {}, `${HEADER}${"x".repeat(129)},5,6,7\n`],
    ["record-id.malformed", {}, `${HEADER}a\u200Bb,5,6,7\n`],
    ["record-id.malformed", { recordId: "{ columns: [id, start] }" }, `${HEADER}a|b,5,6,7\n`],
    ["subject.missing", subject(true), "id,start,end,km,who\n1,5,6,7,\n"],
    ["subject.malformed", subject(false), "id,start,end,km,who\n1,5,6,7,a\u0007b\n"],
    ["asset.malformed", { asset: "{ kind: meter, column: who }" }, "id,start,end,km,who\n1,5,6,7,a\u0007b\n"],
    [
      "attributes.malformed",
      { attributes: "{ a: { column: who } }" },
      `id,start,end,km,who\n1,5,6,7,${"x".repeat(65)}\n`,
    ],
    ["attestations.malformed", { attestations: "[who]" }, "id,start,end,km,who\n1,5,6,7,0xab\n"],
    ["filter.excluded", { filters: "[{ column: id, in: ['2'] }]" }, `${HEADER}${GOOD}\n`],
    ["filter.excluded", { filters: "[{ column: id, notIn: ['1'] }]" }, `${HEADER}${GOOD}\n`],
    ["scenario.unknown", { scenario: "{ column: id, map: { a: bike } }" }, `${HEADER}${GOOD}\n`],
    ["scenario.unknown", { scenario: "{ column: id }" }, `${HEADER}constructor,5,6,7\n`],
    ["time.malformed", {}, `${HEADER}1,yesterday,6,7\n`],
    [
      "time.malformed",
      { time: "{ format: iso }" },
      `${HEADER}1,2020-01-01T10:00:00,2020-01-01T11:00:00Z,7\n`,
    ],
    ["time.nonexistent", local, `${HEADER}1,2018-03-25 01:30,,7\n`],
    ["time.ambiguous", local, `${HEADER}1,2018-10-28 01:30,,7\n`],
    ["time.out-of-range", { rules: "{ notBefore: 2020-01-01 }" }, `${HEADER}1,5,6,7\n`],
    ["time.out-of-range", { ...local, end: null }, `${HEADER}1,1969-07-20 20:17,,7\n`],
    ["time.end-missing", {}, `${HEADER}1,5,,7\n`],
    ["time.end-before-start", {}, `${HEADER}1,6,5,7\n`],
    ["time.future", {}, `${HEADER}1,1790000301,1790000302,7\n`],
    ["time.future", {}, `${HEADER}1,1790000000,1790000302,7\n`],
    ["time.future", { end: null }, `${HEADER}1,1790000301,,7\n`],
    ["duration.malformed", { end: "{ duration: { column: end, unit: minutes } }" }, `${HEADER}1,5,-1,7\n`],
    ["time.end-missing", { end: "{ duration: { column: end, unit: minutes } }" }, `${HEADER}1,5,,7\n`],
    ["quantity.malformed", {}, `${HEADER}1,5,6,many\n`],
    ["quantity.negative", {}, `${HEADER}1,5,6,-0.1\n`],
    ["quantity.zero", {}, `${HEADER}1,5,6,0.0000009\n`],
    ["quantity.too-small", { rules: "{ quantity: { min: 1 } }" }, `${HEADER}1,5,6,0.999999\n`],
    ["quantity.too-large", { rules: "{ quantity: { max: 1 } }" }, `${HEADER}1,5,6,1.000001\n`],
    ["quantity.too-large", {}, `${HEADER}1,5,6,1e20\n`],
    ["unit.unknown", { quantity: "{ column: km, unitColumn: end }", end: null }, `${HEADER}1,5,miles,7\n`],
    ["unit.mismatch", { quantity: "{ column: km, unitColumn: end }", end: null }, `${HEADER}1,5,kWh,7\n`],
    ["rule.too-fast", { rules: "{ maxSpeedKmh: 40 }" }, `${HEADER}1,0,3600,40.000001\n`],
    ["rule.too-fast", { rules: "{ maxSpeedKmh: 40 }" }, `${HEADER}1,5,5,0.000001\n`],
    ["rule.too-short", { rules: "{ durationSeconds: { min: 60 } }" }, `${HEADER}1,0,59,1\n`],
    ["rule.too-long", { rules: "{ durationSeconds: { max: 60 } }" }, `${HEADER}1,0,61,1\n`],
    ["rule.out-of-bounds", { rules: "{ columns: [{ column: id, max: 200 }] }" }, `${HEADER}200.01,0,60,1\n`],
    ["rule.out-of-bounds", { rules: "{ columns: [{ column: id, min: -3.5 }] }" }, `${HEADER}-3.6,0,60,1\n`],
    ["rule.out-of-bounds", { rules: "{ columns: [{ column: id, min: 0 }] }" }, `${HEADER}none,0,60,1\n`],
  ] as const)("%s", async (expected, parts, content) => {
    expect(await code(parts, content)).toBe(expected);
  });

  it.each([
    ["pair.entry-without-exit", "1,a,in,5,1"],
    ["pair.exit-without-entry", "1,a,out,5,1"],
    ["pair.entry-replaced ok", "1,a,in,5,1\n2,a,in,6,1\n3,a,out,7,1"],
    ["pair.too-long pair.too-long", "1,a,in,5,1\n2,a,out,106,1"],
    ["pair.repeated ok", "1,a,in,5,1\n1,a,in,5,1\n3,a,out,7,1"],
    ["scenario.unknown", "1,a,sideways,5,1"],
  ])("%s", async (expected, rows) => {
    expect(await code(taps, `${TAPS}${rows}\n`)).toBe(expected);
  });

  it.each([
    ["reading.zero", "m,0,0"],
    ["reading.off-grid baseline.gaps", "m,0,1\nm,43201,1"],
    ["reading.repeated baseline.gaps", "m,0,1\nm,0,1"],
    ["baseline.gaps", "m,0,1"],
    ["baseline.missing baseline.missing", "m,0,1\nm,43200,1"],
    [
      "baseline.missing baseline.missing baseline.not-below baseline.not-below",
      `m,0,1\nm,43200,1\nm,${String(YEAR)},1\nm,${String(YEAR + 43_200)},1`,
    ],
    [
      "baseline.missing baseline.missing ok",
      `m,0,1\nm,43200,1\nm,${String(YEAR)},1\nm,${String(YEAR + 43_200)},0.9`,
    ],
    ["quantity.negative", "m,0,-1"],
    ["quantity.malformed", "m,0,many"],
  ])("%s", async (expected, rows) => {
    expect(await code(readings, `${METER}${rows}\n`)).toBe(expected);
  });

  it("lookup.missing, coordinate.malformed", async () => {
    const lookups = { "s.csv": gzipSync("station,lat,lng\nA,22.5,114.1\nB,north,114\n") };
    expect(await code(circle, `id,start,lat,lng\nC,5,22.6,114.2\n`, { lookups })).toBe("lookup.missing");
    expect(await code(circle, `id,start,lat,lng\nB,5,22.6,114.2\n`, { lookups })).toBe(
      "coordinate.malformed",
    );
    expect(await code(circle, `id,start,lat,lng\nA,5,22.6,194.2\n`, { lookups })).toBe(
      "coordinate.malformed",
    );
    expect(await code(circle, `id,start,lat,lng\nA,5,22.5,114.1\n`, { lookups })).toBe("quantity.zero");
    expect(await code(circle, `id,start,lat,lng\nA,5,22.6,114.2\n`, { lookups })).toBe("ok");
    expect(gunzipSync(lookups["s.csv"]).length).toBeGreaterThan(0);
  });

  it("bounds are inclusive: what is just inside is taken", async () => {
    const parts = {
      rules:
        "{ quantity: { min: 1, max: 40 }, durationSeconds: { min: 60, max: 3600 }, maxSpeedKmh: 40, " +
        "notBefore: 1970-01-02 }",
    };
    expect(await code(parts, `${HEADER}1,86400,90000,40\n2,86400,86490,1\n`)).toBe("ok ok");
    expect(await code({}, `${HEADER}1,1790000300,1790000300,7\n`)).toBe("ok");
  });

  it("names the provider's column and never repeats what stood there", async () => {
    const [outcome] = await readAll(
      smallProfile({ end: "{ columns: [end, km] }" }),
      `${HEADER}1,5,secret-42,9\n`,
    );
    expect(outcome).toMatchObject({ kind: "rejected", row: 1, field: "end + km", code: "time.malformed" });
    expect(outcome?.kind === "rejected" && outcome.sentence).toBe(REASON_SENTENCES["time.malformed"]);
  });

  // The rows above ran in this order.
  it("the list is complete", () => {
    produced.delete("ok");
    expect([...produced].toSorted()).toEqual(Object.keys(REASON_SENTENCES).toSorted());
  });
});
