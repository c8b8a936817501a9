import { describe, expect, it } from "vitest";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../../src/format/batch/classes/classLists.ts";
import { parseProfile } from "../../../../../src/stages/ingest/profile/profile.ts";
import { proposeProfile } from "../../../../../src/stages/ingest/propose/proposeProfile.ts";
import { codes, pieces, tally, type Content } from "../support/helpers.ts";

const ROWS = Array.from({ length: 30 }, (_, i) => i);
const two = (value: number): string => String(value).padStart(2, "0");
const table = (header: string, row: (i: number) => string): string =>
  `${header}\n${ROWS.map((i) => `${row(i)}\n`).join("")}`;
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

/** A file of some kind, what must be proposed for it, and which doubts there must be, or must not. */
interface Kind {
  readonly file: Content;
  readonly expected: object;
  readonly doubts?: RegExp;
  readonly sure?: RegExp;
}
const KINDS: Readonly<Record<string, Kind>> = {
  "a decimal comma, accents, two-digit years and a clock for a duration": {
    file: latin1(
      table(
        "Vorgang;Säule;Beginn;Dauer;Energie (kWh)",
        (i) => `L${String(i)};Süd;${two((i % 28) + 1)}.03.26 08:05;1:${two(i)}:30;${String(i + 1)},${two(i)}`,
      ),
    ),
    expected: {
      format: { delimiter: ";", encoding: "windows-1252" },
      numbers: { decimal: ",", group: null },
      time: { format: "dd.MM.yy HH:mm" },
      end: { duration: { column: "Dauer", unit: "h:mm:ss" } },
      quantity: { column: "Energie (kWh)", unit: "kWh" },
    },
    doubts: /Western European[^]*"," as decimal mark[^]*zone is a guess/,
    sure: /could stand before a fraction/,
  },
  "a comma that may be either": {
    file: table(
      "trip_id|start_time|distance_m",
      (i) => `${String(i)}|2026-05-01 08:${two(i)}:00|1,${String(100 + i)}`,
    ),
    expected: { numbers: { decimal: ".", group: "," }, quantity: { column: "distance_m", unit: "m" } },
    doubts: /could stand before a fraction or between thousands/,
  },
  "places in the row, no distance": {
    file: table(
      "ride_id,started_at,ended_at,start_lat,start_lng,end_lat,end_lng,member_casual",
      (i) =>
        `R${String(i)}A,2026-05-01 08:${two(i)}:01.123,2026-05-01 ` +
        `09:${two(i)}:01.123,40.7${two(i)},-73.99,40.75,-73.9${two(i)},member`,
    ),
    expected: {
      scenario: { constant: "bike" },
      quantity: {
        greatCircle: {
          from: { latitude: "start_lat", longitude: "start_lng" },
          to: { latitude: "end_lat", longitude: "end_lng" },
        },
      },
    },
    doubts: /great circle[^]*less than was travelled/,
  },
  "both coordinates in one cell": {
    file: table(
      "journey;time;origin;destination",
      (i) =>
        `J${String(i)};2026-05-01T08:${two(i)}:00+08:00;POINT(114.3${two(i)} 30.5);POINT(114.4 ` +
        `30.6${two(i)})`,
    ),
    expected: {
      quantity: { greatCircle: { from: { column: "origin", order: "longitude latitude" } } },
      time: { format: "iso", zone: null },
    },
    sure: /zone/,
  },
  "a 12-hour clock, months in full, the unit in the cell": {
    file: table(
      "Trip ID|Start|Stop|Distance|User",
      (i) =>
        `${String(i)}|September ${String((i % 28) + 1)}, 2025 1:${two(i)} AM|September ` +
        `${String((i % 28) + 1)}, 2025 1:${two(i)} PM|${String(i + 1)}.5 km|u${String(i)}`,
    ),
    expected: {
      time: { format: "MMMM d, yyyy h:mm a" },
      quantity: { column: "Distance", units: { km: "km" }, as: "km" },
      end: { columns: ["Stop"] },
    },
  },
  "Chinese halves of the day, durations and units in words": {
    file: table(
      "订单编号,用户,开始时间,充电时长,充电量",
      (i) =>
        `D${String(i)},u${String(i)},2026年5月${String((i % 28) + 1)}日 ` +
        `下午1:05:00,1小时${String(i)}分钟,${String(i)}.5度`,
    ),
    expected: {
      time: { format: "yyyy年M月d日 ah:mm:ss" },
      end: { duration: { unit: "words" } },
      quantity: { units: { 度: "kWh" }, as: "kWh" },
      scenario: { constant: "ev-charging" },
    },
  },
  "nested JSON with lists beside the acts": {
    file: JSON.stringify({
      data: ROWS.map((i) => ({
        id: `c${String(i)}`,
        session: { start_time: `2026-02-01T10:${two(i)}:00Z`, end_time: `2026-02-01T11:${two(i)}:00Z` },
        total_energy: 7.5,
        charging_periods: [{ volume: 1 }],
      })),
    }),
    expected: {
      format: { kind: "json", at: "/data", each: null },
      start: { columns: ["/session/start_time"] },
      end: { columns: ["/session/end_time"] },
      time: { zone: null },
    },
    doubts: /lists of objects \("\/charging_periods"\)/,
  },
  "acts in lists inside people": {
    file: ROWS.map((i) =>
      JSON.stringify({
        rider: `h${String(i)}`,
        trips: [{ id: `t${String(i)}`, start: 1_767_300_000 + i, metres: 900 }],
      }),
    ).join("\n"),
    expected: {
      format: { kind: "ndjson", each: "/trips" },
      subject: { column: "../rider" },
      quantity: { column: "metres", unit: "m" },
    },
    doubts: /acts are taken from the lists/,
  },
  "a counter before and after": {
    file: table(
      "transactionId\tidTag\tmeterStart (Wh)\tmeterStop (Wh)\tstartTime\tstopTime",
      (i) =>
        `${String(i)}\tT${String(i % 9)}\t${String(i * 900)}\t${String(i * 900 + 700)}\t` +
        `2026-03-01T10:${two(i)}:00Z\t2026-03-01T11:${two(i)}:00Z`,
    ),
    expected: {
      quantity: { sum: { plus: ["meterStop (Wh)"], minus: ["meterStart (Wh)"] }, unit: "Wh", as: "kWh" },
      scenario: { constant: "ev-charging" },
    },
    doubts: /is taken for the quantity/,
    sure: /unit of/,
  },
  "UTF-16, comments, words for nothing, days as a spreadsheet counts them": {
    file: Buffer.from(
      `\uFEFF# made by a tool\n${table("trip_no,card_no,start_time,km", (i) => {
        const card = i % 5 === 0 ? "NULL" : `c${String(i)}`;
        return `${String(i)},${card},4570${String(i % 9)}.5${two(i)},${String(i)}.5`;
      })}`,
      "utf16le",
    ),
    expected: {
      format: { encoding: "utf-16le", comment: "#" },
      empty: ["NULL"],
      time: { format: "excel-days" },
      subject: { column: "card_no" },
    },
    doubts: /stand for nothing/,
  },
};

describe("a profile is proposed for", () => {
  it.each(Object.entries(KINDS))("%s", async (_what, { file, expected, doubts, sure }) => {
    const known = {
      name: "new",
      provider: "new",
      region: "WUHAN",
      zone: null,
      scenario: null,
      fileName: "export.csv",
      path: "new.yaml",
      classes: SHIPPED_CLASS_LISTS.newest,
    };
    const proposal = await proposeProfile({ open: () => pieces(file) }, known, scratchIn());
    const profile = parseProfile(proposal.yaml);
    expect(profile).toMatchObject(expected);
    expect(
      tally(
        await codes(
          {
            ...profile,
            rules: { ...profile.rules, maxSpeedKmh: null, durationSeconds: { min: null, max: null } },
          },
          file,
        ),
      ),
    ).toEqual({
      ok: ROWS.length,
    });
    expect(proposal.doubts.join("\n")).toMatch(doubts ?? /guess|No column|taken/);
    if (sure) expect(proposal.doubts.join("\n")).not.toMatch(sure);
  });

  it("a day's readings side by side: header found, section that takes them named", async () => {
    const hours = Array.from({ length: 24 }, (_, hour) => `${two(hour)}:00`);
    const file = table(
      `Meter;Date;${hours.join(";")}`,
      (i) => `M1;${two((i % 28) + 1)}/10/2025;${hours.map((_, hour) => `0,${String(300 + hour)}`).join(";")}`,
    );
    const known = {
      name: "new",
      provider: null,
      region: null,
      zone: null,
      scenario: null,
      fileName: "m.csv",
      path: "new.yaml",
      classes: SHIPPED_CLASS_LISTS.newest,
    };
    const { yaml, doubts } = await proposeProfile({ open: () => pieces(file) }, known, scratchIn());
    expect(parseProfile(yaml)).toMatchObject({ format: { header: true }, time: { format: "dd/MM/yyyy" } });
    expect(doubts.join("\n")).toMatch(/24 columns hold numbers under hours[^]*section readings/);
  });
});
