import { encodeText } from "./encodeText.ts";
import { expectedOf, head, texts, times, two, type Invented, type Line } from "./inventedProviders.ts";

/** NEM12: the meter stands in a heading, a row holds 48 half hours; June 2026 against June 2025. */
export function nem12(): Invented {
  const lines: Line[] = [["100,NEM12,202607010900,MDP,RETAILER", "filter.excluded"]];
  const month = (year: string, milli: number, verdict: bigint | string, hole: number | null): void => {
    for (const day of times(30)) {
      const values = times(48).map((slot) => (day === hole && slot === 20 ? "" : `0.${String(milli)}`));
      const own = day === hole ? "field.missing" : verdict;
      lines.push([
        `300,${year}06${two(day + 1)},${values.join(",")},A,,,${year}0701000000,`,
        typeof own === "bigint" && day > 0 ? 0n : own,
      ]);
    }
  };
  const meters = [
    { nmi: "NMI0000001", before: 500, now: 400, verdict: 30n * 48n * 100_000n, hole: null },
    { nmi: "NMI0000002", before: 300, now: 300, verdict: "baseline.not-below", hole: null },
    { nmi: "NMI0000003", before: 500, now: 400, verdict: "baseline.gaps", hole: 7 },
  ];
  for (const { nmi, before, now, verdict, hole } of meters) {
    lines.push([`200,${nmi},E1,E1,E1,N1,METER,kWh,30,20260801`, "row.heading"]);
    month("2025", before, "baseline.missing", null);
    lines.push(["400,1,48,A,,", "filter.excluded"]);
    month("2026", now, verdict, hole);
  }
  lines.push(["900", "filter.excluded"]);
  const columns = [
    "kind",
    "day",
    ...times(48).map((i) => `v${String(i + 1)}`),
    "quality",
    "reason",
    "description",
    "updated",
    "loaded",
  ];
  return {
    name: "nem12",
    profile: `${head("nem12", "WUHAN")}format:
  { kind: csv, header: false, ragged: pad, columns: [${columns.join(", ")}] }
headings:
  - { when: { column: kind, in: ["200"] }, fields: { nmi: 2 } }
filters: [{ column: kind, in: ["300"] }]
recordId: { columns: [{ join: period, field: key }] }
subject: { column: nmi, scope: provider, required: true }
scenario: { constant: electricity-saving }
time: { format: yyyyMMdd, zone: Australia/Brisbane }
readings:
  meter: nmi
  at: { columns: [day] }
  value: { columns: { first: v1, last: v48 }, unit: kWh }
  everySeconds: 86400
  period: month
start: { columns: [{ join: period, field: start }], format: iso }
end: { columns: [{ join: period, field: end }], format: iso }
quantity:
  below: { baseline: { join: period, field: earlier }, used: { join: period, field: used } }
  unit: kWh
  as: kWh
`,
    file: Buffer.from(`${texts(lines).join("\r\n")}\r\n`),
    expected: expectedOf(lines, 5250n),
  };
}

/**
 * A day a row, 24 hours side by side, in a zone whose clock is set forward in the month; October 2013 against
 * October 2012.
 */
export function wideMeter(): Invented {
  const lines = ["2012", "2013"].flatMap((year) =>
    times(31).map((day): Line => {
      const values = times(24).map((hour) => `0,${String(year === "2012" ? 700 + hour : 650 + hour)}`);
      const saved = day === 0 ? 31n * 24n * 50_000n : 0n;
      return [
        `M1;${two(day + 1)}/10/${year};${values.join(";")}`,
        year === "2012" ? "baseline.missing" : saved,
      ];
    }),
  );
  const header = ["Meter", "Day", ...times(24).map((hour) => `${two(hour)}:00`)];
  return {
    name: "wide-meter",
    profile: `${head("wide-meter", "NSW")}format: { kind: csv, delimiter: ";" }
numbers: { decimal: "," }
recordId: { columns: [{ join: period, field: key }] }
scenario: { constant: electricity-saving }
time: { format: dd/MM/yyyy, zone: Australia/Sydney }
readings:
  meter: meter
  at: { columns: [day] }
  value: { columns: { first: "00:00", last: "23:00" }, unit: kWh }
  everySeconds: 86400
  period: month
start: { columns: [{ join: period, field: start }], format: iso }
end: { columns: [{ join: period, field: end }], format: iso }
quantity:
  below: { baseline: { join: period, field: earlier }, used: { join: period, field: used } }
  unit: kWh
  as: kWh
`,
    file: Buffer.from(`${header.join(";")}\n${texts(lines).join("\n")}\n`),
    expected: expectedOf(lines, 5250n),
  };
}

/**
 * GBK; energies of four tariffs, some empty, some in full-width digits; one date and two times of day, over
 * midnight.
 */
export function chineseTariffs(): Invented {
  const wide = (text: string): string =>
    text.replaceAll(/[0-9.]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
  const lines = times(100).map((i): Line => {
    const [peak, flat, valley] = [1000 + i * 7, i % 3 === 0 ? null : 2500, 4000 + i];
    const text = (milli: number | null): string =>
      milli === null ? "" : `${String(Math.floor(milli / 1000))}.${String(milli % 1000).padStart(3, "0")}`;
    const cells = ["", i % 10 === 0 ? wide(text(peak)) : text(peak), text(flat), text(valley)];
    return [
      `D${String(i)},2026年5月${String((i % 28) + 1)}日,23:${two(i % 60)},0:${two(i % 60)},${cells.join(",")}`,
      BigInt(peak + (flat ?? 0) + valley) * 1000n,
    ];
  });
  lines.push(
    ["x1,2026年5月3日,8:00,9:00,,,,", "field.missing"],
    ["x2,2026年5月3日,8:00,9:00,,1度,,", "quantity.malformed"],
  );
  lines.push(
    ["x3,2026年5月3日,8:00,9:00,0,0,,0", "quantity.zero"],
    ["x4,2026年5月3日,8:00,7:59,1,,,", "rule.too-long"],
  );
  return {
    name: "chinese-tariffs",
    profile: `${head("chinese-tariffs", "WUHAN")}format: { kind: csv, encoding: gbk }
numbers: { decimal: ".", group: "," }
recordId: { columns: [订单号] }
scenario: { constant: ev-charging }
time: { format: "yyyy年M月d日 H:mm", zone: Asia/Shanghai }
start: { columns: [日期, 开始] }
end: { columns: [日期, 结束], overMidnight: true }
quantity: { sum: { plus: { first: 尖电量, last: 谷电量 }, empty: zero }, unit: kWh, as: kWh }
rules: { durationSeconds: { max: 43200 } }
`,
    file: encodeText(
      "gbk",
      `订单号,日期,开始,结束,尖电量,峰电量,平电量,谷电量\n${texts(lines).join("\n")}\n`,
    ),
    expected: expectedOf(lines, 4094n),
  };
}

/** A distance with its unit in the cell, kilometres or metres, and how many people it was travelled by. */
export function unitInCell(): Invented {
  const lines = times(80).map((i): Line => {
    const [metres, people] = [400 + i * 311, (i % 3) + 1];
    const text = metres < 1000 ? `${String(metres)} 米` : `${String(metres / 1000)}公里`;
    return [
      `${String(i)}|1536250000${String(i).padStart(3, "0")}|${text}|${String(people)}`,
      BigInt(metres) * 1000n * BigInt(people),
    ];
  });
  lines.push(
    ["x1|1536250000000|5 里|1", "unit.unknown"],
    ["x2|1536250000000|公里|1", "quantity.malformed"],
    ["x3|1536250000000|5|1", "unit.unknown"],
  );
  lines.push(
    ["x4|1536250000000|5公里|0", "quantity.zero"],
    ["x5|1536250000000|5公里|1.5", "quantity.malformed"],
  );
  lines.push(["x6|1536250000000|5公里|", "field.missing"]);
  return {
    name: "unit-in-cell",
    profile: `${head("unit-in-cell", "SHENZHEN")}format: { kind: csv, delimiter: "|" }
recordId: { columns: [ride] }
scenario: { constant: metro }
time: { format: unix-milliseconds }
start: { columns: [at] }
end: null
quantity: { column: far, units: { 公里: km, 米: m }, as: passenger-km, times: people }
`,
    file: Buffer.from(`ride|at|far|people\n${texts(lines).join("\n")}\n`),
    expected: expectedOf(lines, 784n),
  };
}

/** An odometer in miles before and after a trip, line ends CR, the unit in the profile. */
export function odometer(): Invented {
  const lines = times(70).map((i): Line => [
    `V${String(i)},03-${two((i % 28) + 1)}-2026 07:30:00 ` +
      `PM,"12,${String(100 + i)}","12,${String(105 + i * 2)}"`,
    BigInt(5 + i) * 1_609_344n,
  ]);
  lines.push(['x1,03-01-2026 07:30:00 PM,"1,23","12,105"', "quantity.malformed"]);
  return {
    name: "odometer",
    profile: `${head("odometer", "WUHAN")}format: { kind: csv }
numbers: { decimal: ".", group: "," }
recordId: { columns: [trip] }
scenario: { constant: ev-travel }
time: { format: "MM-dd-yyyy hh:mm:ss a", zone: Asia/Shanghai }
start: { columns: [when] }
quantity: { sum: { plus: [after], minus: [before] }, unit: mi, as: km }
`,
    file: Buffer.from(`trip,when,before,after\r${texts(lines).join("\r")}\r`),
    expected: expectedOf(lines, 21n),
  };
}

/** Rows that are JSON arrays, under a member of meta data, as open-data portals give them. */
export function arrayRows(): Invented {
  const lines = times(60).map((i): Line => [
    JSON.stringify([`row-${String(i)}`, 0, { city: "Luzhou" }, `2026-03-01T12:${two(i)}:00`, (i % 2) + 1]),
    BigInt((i % 2) + 1) * 1_000_000n,
  ]);
  lines.push(['["short"]', "field.missing"], ['{"0":"x"}', "field.missing"], ["7", "row.malformed"]);
  return {
    name: "array-rows",
    profile: `${head("array-rows", "LUZHOU")}format: { kind: json, at: /data }
recordId: { columns: [/0] }
scenario: { constant: clean-plate }
time: { format: iso, zone: Asia/Shanghai }
start: { columns: [/3] }
quantity: { column: /4, unit: meal, as: meal }
`,
    file: Buffer.from(`{"meta":{"view":{"columns":[{"name":"id"}]}},"data":[${texts(lines).join("\n, ")}]}`),
    expected: expectedOf(lines, 1440n),
  };
}
