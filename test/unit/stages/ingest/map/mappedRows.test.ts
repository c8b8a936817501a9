import { describe, expect, it } from "vitest";
import type { RowOutcome } from "../../../../../src/stages/ingest/readActivities.ts";
import { readAll, smallProfile } from "../support/helpers.ts";

/** What a row became, on one line. */
function lineOf(outcome: RowOutcome): string {
  const { raw: _, ...told } = outcome as RowOutcome & { raw?: string };
  const plain = JSON.stringify(told, (__, value: unknown) =>
    typeof value === "bigint" ? `${String(value)}n` : value,
  );
  return plain.replaceAll('"', "");
}
const HEAD = "id,start,end,km,user,kind,unit,times,more,less,lat,lon,lat2,lon2,point,zone";
const ROW: Readonly<Record<string, string>> = {
  id: "a",
  start: "1767300000",
  end: "1767300600",
  km: "1.5",
  user: "u",
  kind: "bike",
  unit: "km",
  times: "2",
  more: "3",
  less: "1",
  lat: "30.5",
  lon: "114.3",
  lat2: "30.6",
  lon2: "114.4",
  point: "30.6 114.4",
  zone: "Asia/Shanghai",
};
const line = (change: Readonly<Record<string, string>>) =>
  HEAD.split(",")
    .map((name) => `"${(change[name] ?? ROW[name] ?? "").replaceAll('"', '""')}"`)
    .join(",");
const READ = { time: "{ format: iso, zone: Asia/Shanghai }" };
const at = (start: string, end = "") => ({ start, end });
type Change = Readonly<Record<string, string>>;

/** Parts of a profile, and rows that it reads. */
const CASES: Readonly<Record<string, readonly [Readonly<Record<string, string | null>>, readonly Change[]]>> =
  {
    "a plain profile": [
      {},
      [
        {},
        { id: "" },
        { id: "x".repeat(128) },
        { id: "x".repeat(129) },
        { id: "\u00e9".repeat(64) },
        { id: "\u00e9".repeat(65) },
        { id: "a\u200bb" },
        { start: "" },
        { start: "x" },
        { end: "" },
        { end: "x" },
        { end: "1767299999" },
        { km: "" },
        { km: "0" },
        { km: "0.0000001" },
        { km: "-1" },
        { km: "x" },
        { km: "99999999999" },
        { start: "1999999999", end: "1999999999" },
      ],
    ],
    "an id of several columns": [
      { recordId: "{ columns: [id, user], separator: '|' }" },
      [{}, { user: "" }, { id: "a|b" }, { id: "", user: "" }],
    ],
    "an id with empty parts": [
      { recordId: "{ columns: [id, user], separator: '-', allowEmpty: true }" },
      [{}, { user: "" }, { id: "" }, { id: "", user: "" }],
    ],
    "an id of the act": [
      {
        recordId: "{ columns: [id], act: [start, end, quantity] }",
        end: "{ columns: [end], required: false }",
      },
      [{}, { end: "" }, { km: "0.1" }, { id: "x".repeat(100) }],
    ],
    "a subject": [
      { subject: "{ column: user, scope: provider }" },
      [{}, { user: "" }, { user: "u\u200b" }, { user: "x".repeat(257) }, { user: "x".repeat(256) }],
    ],
    "a subject that must be": [
      { subject: "{ column: user, scope: provider, required: true }" },
      [{}, { user: "" }],
    ],
    "scenarios by column": [
      { scenario: "{ column: kind }" },
      [{}, { kind: "" }, { kind: "flying" }, { kind: "metro" }, { kind: "bus" }],
    ],
    "scenarios by words": [
      { scenario: "{ column: kind, map: { Velo: bike, Rad: bike } }" },
      [{ kind: "Velo" }, { kind: "Rad" }, { kind: "bike" }],
    ],
    "local times": [
      READ,
      [
        at("2026-01-02 08:00", "2026-01-02 09:00"),
        at("2026-01-02T08:00:00Z", "2026-01-02T08:00:00+01:00"),
        at("2026-01-02 08:00"),
        at("02.01.2026 08:00"),
      ],
    ],
    "times of a zone with summer": [
      { time: "{ format: iso, zone: Europe/Rome }" },
      [at("2026-03-29 02:30"), at("2026-10-25 02:30"), at("2026-10-25 01:59", "2026-10-25 03:00")],
    ],
    "times of a zone with summer, the earlier of two": [
      { time: "{ format: iso, zone: Europe/Rome, ambiguous: earlier }" },
      [at("2026-10-25 02:30", "2026-10-25 02:40")],
    ],
    "zones by row": [
      { time: "{ format: iso, zone: UTC, zoneColumn: { column: zone, map: { Rom: Europe/Rome } } }" },
      ["", "Rom", "Asia/Shanghai", "+08:00", "Nowhere"].map((zone) => ({
        ...at("2026-01-02 08:00", "2026-01-02 09:00"),
        zone,
      })),
    ],
    "an end over midnight": [
      { ...READ, end: "{ columns: [end], overMidnight: true }" },
      [
        at("2026-01-02 23:00", "2026-01-02 01:00"),
        at("2026-01-02 23:00", "2026-01-02 23:30"),
        at("2026-01-02 23:00"),
      ],
    ],
    ...Object.fromEntries(
      (["seconds", "minutes", "hours", "milliseconds", "h:mm:ss", "words"] as const).map((unit) => [
        `durations in ${unit}`,
        [
          { end: `{ duration: { column: end, unit: '${unit}' } }` },
          ["90", "1.5", "1:02:03", "5 min", "", "x"].map((end) => ({ end })),
        ] as const,
      ]),
    ),
    "a constant": [{ scenario: "{ constant: bus }", quantity: "{ constant: 1, as: trip }" }, [{}]],
    "a quantity so many times": [
      { scenario: "{ constant: bus }", quantity: "{ column: more, unit: trip, as: trip, times: times }" },
      ["2", "0", "", "1.0", "1.5", "x", "999999", "1000000"].map((times) => ({ times })),
    ],
    "a unit by column": [
      { quantity: "{ column: km, unitColumn: unit }" },
      [{}, { unit: "kWh" }, { unit: "" }, { unit: "mile" }],
    ],
    "a unit in the cell": [
      { quantity: "{ column: km, units: { km: km, m: m, '': km }, as: km }" },
      ["1.5 km", "900 m", "2", "3 mi", "km", "", "1e3 m", "-1 km"].map((km) => ({ km })),
    ],
    "a unit in a column of its own": [
      { quantity: "{ column: km, unitColumn: unit, units: { km: km, m: m }, as: km }" },
      [{}, { unit: "m" }, { unit: "x" }, { km: "" }],
    ],
    "a sum": [
      { quantity: "{ sum: { plus: [more, km], minus: [less] }, unit: km, as: km }" },
      [
        {},
        { less: "4.5" },
        { less: "4.6" },
        { more: "" },
        { more: "x" },
        { more: "-1" },
        { more: "99999999999" },
        { more: "9007199254", km: "9007199254" },
      ],
    ],
    "a sum of what there is": [
      { quantity: "{ sum: { plus: { first: times, last: less }, empty: zero }, unit: km, as: km }" },
      [{}, { more: "" }, { times: "", more: "", less: "" }],
    ],
    "a saving": [
      {
        scenario: "{ constant: electricity-saving }",
        quantity: "{ below: { baseline: more, used: less }, unit: kWh, as: kWh }",
      },
      [
        {},
        { less: "3" },
        { less: "4" },
        { more: "" },
        { less: "" },
        { more: "x" },
        { less: "-1" },
        { more: "99999999999" },
      ],
    ],
    "a great circle": [
      {
        quantity:
          "{ greatCircle: { from: { latitude: lat, longitude: lon }, " +
          "to: { latitude: lat2, longitude: lon2 } }, as: km }",
      },
      [{}, { lat: "91" }, { lon: "181" }, { lat2: "x" }, { lon2: "" }, { lat2: "30.5", lon2: "114.3" }],
    ],
    "a great circle to a cell": [
      {
        quantity:
          "{ greatCircle: { from: { latitude: lat, longitude: lon }, " +
          "to: { column: point, order: latitude longitude } }, as: km }",
      },
      [{}, { point: "x" }, { point: "" }, { point: "30.5 114.3" }],
    ],
    "a decimal comma": [
      { numbers: "{ decimal: ',', group: '.' }" },
      ["1,5", "1.234,5", "1.5", "x"].map((km) => ({ km })),
    ],
    "words for nothing": [
      { empty: "['NULL']", subject: "{ column: user, scope: provider }" },
      [{ user: "NULL" }, { km: "NULL" }],
    ],
    filters: [
      { filters: "[{ column: kind, in: [bike, metro] }, { column: unit, notIn: [x] }]" },
      [{}, { kind: "bus" }, { unit: "x" }],
    ],
    bounds: [
      { rules: "{ maxSpeedKmh: 9, durationSeconds: { min: 60, max: 600 }, quantity: { min: 1, max: 2 } }" },
      [
        {},
        { end: "1767300601" },
        { end: "1767300059" },
        { end: "1767300060" },
        { km: "1" },
        { km: "0.999999" },
        { km: "2" },
        { km: "2.000001" },
        { km: "1.500001" },
      ],
    ],
    additions: [
      {
        evidence: "metered",
        consentText: "v2",
        asset: "{ kind: meter, column: zone }",
        attributes: "{ a: { column: kind }, b: { constant: x }, c: { column: more } }",
        attestations: "[point]",
      },
      [
        { point: "" },
        { point: "", more: "" },
        { point: "", zone: "" },
        { point: "x" },
        { point: "", kind: "x".repeat(65) },
        { point: "", kind: "x".repeat(64) },
        { point: "", zone: "x".repeat(300) },
      ],
    ],
    signatures: [
      {
        signature: "{ column: kind, key: { column: unit }, nonce: more }",
        subject: "{ column: user, scope: provider }",
      },
      [{}, { kind: "" }, { unit: "" }, { more: "" }],
    ],
    "a lookup": [
      {
        joins:
          "[{ name: j, column: kind, inline: { bike: { far: '7' }, walk: { far: '0' } }, dropSuffix: ' x' }]",
        quantity: "{ column: { join: j, field: far }, unit: km, as: km }",
      },
      [{}, { kind: "bike x" }, { kind: "walk" }, { kind: "none" }],
    ],
    "a lookup that may lack": [
      {
        joins: "[{ name: j, column: kind, inline: { bike: { far: '7' } }, missing: empty }]",
        quantity: "{ column: { join: j, field: far }, unit: km, as: km }",
      },
      [{}, { kind: "none" }],
    ],
    cases: [
      {
        cases:
          "[{ when: { column: kind, in: [tram] }, scenario: { constant: metro }, " +
          "quantity: { constant: 3, as: passenger-km } }]",
      },
      [{}, { kind: "tram" }],
    ],
  };

describe("rows under a profile", () => {
  it.each(Object.entries(CASES))("with %s become what they became", async (_, [parts, changes]) => {
    const content = [HEAD, ...changes.map(line)].join("\n");
    const told = await readAll(smallProfile(parts), `${content}\n`).then(
      (outcomes) => outcomes.map(lineOf).join("\n"),
      (error: unknown) => String(error),
    );
    expect(told).toMatchSnapshot();
  });
});
