import { gzipSync } from "node:zlib";
import { encodeText } from "./encodeText.ts";
import { metresBetween, sum, type Plain } from "./plainReadings.ts";

/**
 * A provider that nobody has ever seen: its file, the profile that takes it, and what must come of it by
 * plain arithmetic.
 */
export interface Invented {
  readonly name: string;
  readonly profile: string;
  readonly file: Buffer;
  readonly expected: Plain;
}
/** A line of the file with what becomes of it: millionths of the unit, or a code. */
export type Line = readonly [text: string, verdict: bigint | string];

/** The head that all profiles share. */
export const head = (name: string, region: string): string =>
  `schema: microtonne-profile/1\nname: ${name}\ndescription: Invented.\nprovider: { id: ${name}, name: ` +
  `Invented }\nregion: ${region}\n`;

export function expectedOf(lines: readonly Line[], tenthsOfGram: bigint): Plain {
  return sum(
    lines.map(([, verdict]) => (typeof verdict === "string" ? { code: verdict } : { micro: verdict })),
    tenthsOfGram,
  );
}
export const texts = (lines: readonly Line[]): string[] => lines.map(([text]) => text);
export const times = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
export const two = (value: number): string => String(value).padStart(2, "0");
/** 1234567 thousandths as 1.234,567. */
const german = (thousandths: number): string =>
  `${Math.floor(thousandths / 1000)
    .toString()
    .replaceAll(/\B(?=(?:\d{3})+$)/g, ".")},${String(thousandths % 1000).padStart(3, "0")}`;

/**
 * Western European text, semicolons, comma and thousands, two-digit years, durations as a clock, a footer.
 */
export function germanCharging(): Invented {
  const row = (id: string, day: string, lasts: string, energy: string): string =>
    `${id};"Säule ""Süd""; links";${day};${lasts};${energy}`;
  const good = times(200).map((i): Line => {
    // Thousandths of a watt-hour: millionths of a kilowatt-hour.
    const milliWattHours = 1_500_000 + i * 7_331;
    return [
      row(
        `L${String(i)}`,
        `${two((i % 28) + 1)}.03.26 ${two(i % 24)}:05`,
        `${String(i % 9)}:${two(i % 60)}:30`,
        german(milliWattHours),
      ),
      BigInt(milliWattHours),
    ];
  });
  const dirt: Line[] = [
    [row("D1", "03.03.26 08:05", "1:61:00", "4,5"), "duration.malformed"],
    [row("D2", "03.03.26 08:05", "1:01:00", "4.5"), "quantity.malformed"],
    [row("D3", "03.13.26 08:05", "1:01:00", "4,5"), "time.malformed"],
    [row("D4", "03.03.26 08:05", "1:01:00", "-"), "field.missing"],
    [row("D5", "29.03.26 02:30", "1:01:00", "4,5"), "time.nonexistent"],
    [row("D6", "03.03.26 08:05", "1:01:00", "-4,5"), "quantity.negative"],
    ["Summe;;;;1.600.000,000", "filter.excluded"],
  ];
  const lines = [...good.slice(0, 100), ...dirt.slice(0, 6), ...good.slice(100), ...dirt.slice(6)];
  return {
    name: "german-charging",
    profile: `${head("german-charging", "WUHAN")}format: { kind: csv, delimiter: ";", encoding: windows-1252 }
numbers: { decimal: ",", group: "." }
empty: ["-"]
filters: [{ column: Vorgang, notIn: [Summe] }]
recordId: { columns: [Vorgang] }
scenario: { constant: ev-charging }
time: { format: "dd.MM.yy HH:mm", zone: Europe/Berlin }
start: { columns: [Beginn] }
end: { duration: { column: Dauer, unit: "h:mm:ss" } }
quantity: { column: Energie (Wh), unit: Wh, as: kWh }
`,
    file: encodeText(
      "windows-1252",
      `Vorgang;Ladesäule;Beginn;Dauer;Energie (Wh)\r\n${texts(lines).join("\r\n")}\r\n\r\n`,
    ),
    expected: expectedOf([...lines, ["", "row.empty"]], 4094n),
  };
}

/** Trips with the places of start and end in the row, two files put one behind the other, NULL for nobody. */
export function placedBikes(): Invented {
  const lines: Line[] = [];
  const header = "ride_id,started_at,ended_at,start_lat,start_lng,end_lat,end_lng,member";
  const add = (
    id: string,
    from: readonly [string, string],
    to: readonly [string, string],
    verdict?: string,
  ): void => {
    const metres = metresBetween([Number(from[0]), Number(from[1])], [Number(to[0]), Number(to[1])]);
    const member = id.endsWith("7") ? "NULL" : `m${id}`;
    lines.push([
      `${id},2026-05-01 08:${two(lines.length % 60)}:01.123,2026-05-01 ` +
        `10:30:59.9,${from.join(",")},${to.join(",")},${member}`,
      verdict ?? BigInt(metres) * 1000n,
    ]);
  };
  for (const i of times(150))
    add(`A${String(i)}`, [`40.7${two(i % 90)}1`, "-73.99"], ["40.761", `-73.9${two(i % 80)}5`]);
  lines.push([header, "row.header"]);
  add("B1", ["40.7", "-73.9"], ["40.7", "-73.9"], "quantity.zero");
  add("B2", ["40.7", "-273.9"], ["40.7", "-73.9"], "coordinate.malformed");
  add("B3", ["40.7", "-73.9"], ["NULL", "NULL"], "coordinate.malformed");
  add("A5", ["40.71", "-73.9"], ["40.7", "-73.9"], "duplicate.record-id");
  lines.push([
    "B4,2026-05-01 08:00:00,2026-05-01 07:00:00,40.7,-73.9,40.71,-73.9,x",
    "time.end-before-start",
  ]);
  lines.push(["B5,2026-05-01 08:00:00,2026-05-01 08:00:09,40.7,-73.9,40.8,-73.9,x", "rule.too-fast"]);
  lines.push(['B6,"2026-05-01 08:00:00,2026-05-01 09:00:00,40.7,-73.9,40.8,-73.9,x', "row.malformed"]);
  return {
    name: "placed-bikes",
    profile: `${head("placed-bikes", "WUHAN")}format: { kind: csv }
empty: ["NULL"]
aliases: { member_id: [member, rider] }
recordId: { columns: [Ride_ID] }
subject: { column: member_id, scope: provider }
scenario: { constant: bike }
time: { format: "yyyy-MM-dd HH:mm:ss[.S]", zone: America/New_York }
start: { columns: [started_at] }
end: { columns: [ended_at] }
quantity:
  greatCircle:
    from: { latitude: start_lat, longitude: start_lng }
    to: { latitude: end_lat, longitude: end_lng }
  as: km
rules: { maxSpeedKmh: 40 }
`,
    file: Buffer.concat([
      gzipSync(`${header}\n${texts(lines.slice(0, 150)).join("\n")}\n`),
      gzipSync(texts(lines.slice(150)).join("\n")),
    ]),
    expected: expectedOf(lines, 933n),
  };
}

/**
 * UTF-16 with a mark, a delimiter of two characters, both coordinates in one cell as well-known text, a
 * 12-hour clock.
 */
export function pointBikes(): Invented {
  const lines = times(120).map((i): Line => {
    const [from, to]: [[number, number], [number, number]] = [
      [30.5 + i / 1000, 114.3],
      [30.55, 114.31 + i / 500],
    ];
    const at = ([latitude, longitude]: [number, number]): string =>
      `POINT(${String(longitude)} ${String(latitude)})`;
    const hour = (i % 12) + 1;
    return [
      `t-${String(i)}||September ${String((i % 28) + 1)}, 2026 ${String(hour)}:${two(i % 60)} ` +
        `${i % 2 === 0 ? "AM" : "p.m."}||${at(from)}||${at(to)}`,
      BigInt(metresBetween(from, to)) * 1000n,
    ];
  });
  lines.push(["x1||September 3, 2026 13:00 PM||POINT(1 2)||POINT(2 2)", "time.malformed"]);
  lines.push(["x2||September 3, 2026 1:00 PM||POINT(1 2)||POINT(2 95)", "coordinate.malformed"]);
  lines.push(["x3||September 3, 2026 1:00 PM||POINT(1 2)", "row.columns"]);
  const text = `trip||when||A||B\n${texts(lines).join("\n")}`;
  return {
    name: "point-bikes",
    profile: `${head("point-bikes", "WUHAN")}format: { kind: csv, delimiter: "||" }
recordId: { columns: [trip] }
scenario: { constant: bike }
time: { format: "MMMM d, yyyy h:mm a", zone: Asia/Shanghai }
start: { columns: [when] }
quantity:
  greatCircle:
    from: { column: A, order: longitude latitude }
    to: { column: B, order: longitude latitude }
  as: km
`,
    file: Buffer.from(`\uFEFF${text}`, "utf16le"),
    expected: expectedOf(lines, 933n),
  };
}

/** OCPI charge detail records: nested objects, energy as a number, the zone of each place. */
export function ocpiCharging(): Invented {
  const cdr = (id: string, zone: string, start: string, energy: string): string =>
    `{"id":"${id}","start_date_time":"${start}","cdr_token":{"contract_id":"NL-${id}"},` +
    `"cdr_location":{"time_zone":"${zone}","evses":[{"connectors":[{"id":"1"}]}]},` +
    `"charging_periods":[{"dimensions":[{"type":"ENERGY","volume":${energy}}]}],"total_time":1.25}`;
  const lines = times(90).map((i): Line => {
    const milli = 7001 + i * 13;
    return [
      cdr(
        `c${String(i)}`,
        ["Europe/Amsterdam", "Asia/Tokyo", "UTC", "+05:30"][i % 4] ?? "",
        `2026-02-${two((i % 28) + 1)}T23:15:00`,
        `${String(Math.floor(milli / 1000))}.${String(milli % 1000).padStart(3, "0")}`,
      ),
      BigInt(milli) * 1000n,
    ];
  });
  lines.push([cdr("x1", "Mars/Olympus", "2026-02-03T23:15:00", "1"), "time.zone-unknown"]);
  lines.push([cdr("x2", "Europe/Amsterdam", "2026-03-29T02:15:00", "1"), "time.nonexistent"]);
  lines.push([cdr("x3", "UTC", "2026-02-03T23:15:00", '"lots"'), "quantity.malformed"]);
  lines.push([cdr("x4", "UTC", "2026-02-03T23:15:00", "{}"), "field.type"]);
  lines.push(['{"id":"x5","id":"x6"}', "row.repeated-member"]);
  lines.push(["{broken}", "row.malformed"]);
  return {
    name: "ocpi-charging",
    profile: `${head("ocpi-charging", "WUHAN")}format: { kind: json, at: /data/cdrs }
recordId: { columns: [id] }
subject: { column: /cdr_token/contract_id, scope: provider, required: true }
scenario: { constant: ev-charging }
time: { format: iso, zoneColumn: { column: /cdr_location/time_zone } }
start: { columns: [start_date_time] }
end: { duration: { column: total_time, unit: hours } }
quantity: { column: /charging_periods/0/dimensions/0/volume, unit: kWh, as: kWh }
`,
    file: Buffer.from(`{"status_code":1000,"data":{"cdrs":[\n${texts(lines).join(",\n")}\n]}}`),
    expected: expectedOf(lines, 4094n),
  };
}

/** Lists of trips inside riders, a rider a line; microseconds. */
export function ridersTrips(): Invented {
  const lines: Line[] = [];
  const file = times(40).map((rider) => {
    const trips = times(rider % 6).map((i) => {
      const metres = 500 + rider * 31 + i;
      const id = `r${String(rider)}-${String(i)}`;
      lines.push([id, BigInt(metres) * 1000n]);
      return { trip: id, at: 1_767_300_000_000_000 + lines.length * 60_000_000, path: { metres } };
    });
    return JSON.stringify({ rider: { hash: `h${String(rider)}` }, trips });
  });
  lines.push(
    ["no list", "row.malformed"],
    ["a word for a trip", "row.malformed"],
    ["no metres", "field.missing"],
  );
  file.push(
    '{"rider":{"hash":"x"}}',
    '{"rider":{"hash":"x"},"trips":["walk",{"trip":"z","at":1767300000000000,"path":{}}]}',
  );
  return {
    name: "riders-trips",
    profile: `${head("riders-trips", "WUHAN")}format: { kind: ndjson, each: /trips }
recordId: { columns: [trip] }
subject: { column: ../rider/hash, scope: provider, required: true }
scenario: { constant: bike }
time: { format: unix-microseconds }
start: { columns: [at] }
quantity: { column: /path/metres, unit: m, as: km }
`,
    file: gzipSync(file.join("\n")),
    expected: expectedOf(lines, 933n),
  };
}

/** A charge point's counter at start and stop in hundredths of a kWh, comments in the file, ISO durations. */
export function counterCharging(): Invented {
  const lines = times(110).map((i): Line => {
    const [from, to] = [100_000 + i * 900, 100_000 + i * 900 + 250 + i];
    return [
      `${String(i)}\t${String(from)}\t${String(to)}\t45${String(700 + i)}.5\tPT1H${String(i % 60)}M`,
      BigInt(to - from) * 10_000n,
    ];
  });
  lines.push(
    ["x1\t500\t400\t46000\tPT1H", "quantity.negative"],
    ["x2\t500\t500\t46000\tPT1H", "quantity.zero"],
  );
  lines.push(
    ["x3\t500\t\t46000\tPT1H", "field.missing"],
    ["x4\t500\t600\t46000\t1 hour", "duration.malformed"],
  );
  lines.push(["# end of export", "row.comment"]);
  return {
    name: "counter-charging",
    profile: `${head("counter-charging", "WUHAN")}format:
  { kind: csv, delimiter: "\\t", comment: "#", encoding: shift_jis }
recordId: { columns: [tx] }
scenario: { constant: ev-charging }
time: { format: excel-days, zone: Asia/Tokyo }
start: { columns: [開始日時] }
end: { duration: { column: duration, unit: iso } }
quantity: { sum: { plus: [meterStop], minus: [meterStart] }, unit: 0.01 kWh, as: kWh }
`,
    file: encodeText(
      "shift_jis",
      `# 充電\n# v2\n\ntx\tmeterStart\tmeterStop\t開始日時\tduration\n${texts(lines).join("\n")}\n`,
    ),
    expected: expectedOf(lines, 4094n),
  };
}
