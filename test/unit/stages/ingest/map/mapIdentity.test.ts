import { describe, expect, it } from "vitest";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../../src/format/batch/classes/classLists.ts";
import {
  csvColumns,
  fieldReader,
  type Bind,
  type RowInHand,
} from "../../../../../src/stages/ingest/fields/columns.ts";
import {
  recordIdMapper,
  scenarioMapper,
  subjectMapper,
} from "../../../../../src/stages/ingest/map/mapIdentity.ts";
import { normalised } from "../../../../../src/stages/ingest/map/identifierSpelling.ts";
import { endMapper, startMapper } from "../../../../../src/stages/ingest/map/mapTime.ts";
import { Refusal } from "../../../../../src/stages/ingest/reasonCodes.ts";
import { smallProfile } from "../support/helpers.ts";

const bind: Bind = (ref) => fieldReader(ref, csvColumns(["a", "b", "c"], "the file"), new Map());
const row = (...fields: string[]): RowInHand => ({ fields, joined: [] });
/** What a mapper says of a row: its answer, or why not and of which column. */
const told = (answer: unknown) =>
  answer instanceof Refusal ? `${answer.code} ${String(answer.field)}` : answer;
const DAMAGED = "x\uFFFD";

describe("a text of a record", () => {
  it("is at most so many bytes, has no invisible characters, and one spelling", () => {
    expect([normalised("abc", "NFC", 3), normalised("abcd", "NFC", 3), normalised("", "NFC", 3)]).toEqual([
      "abc",
      null,
      "",
    ]);
    expect([normalised("é", "NFC", 2), normalised("e\u0301", "NFC", 2), normalised("ééé", "NFC", 5)]).toEqual(
      ["é", "é", null],
    );
    for (const hidden of ["\u0007", "\u200b", "\ud800", "\n"])
      expect(normalised(`a${hidden}`, "NFC", 99)).toBeNull();
  });
});

describe("a record's id", () => {
  const of = (recordId: string) => recordIdMapper(smallProfile({ recordId }), bind);
  const START = 1_740_787_200 as UnixSeconds;

  it("is its columns, each of which must be there", () => {
    const { fromRow, withAct } = of("{ columns: [a, b] }");
    expect(withAct).toBeNull();
    expect(told(fromRow(row(" x ", "y", "")))).toBe("x|y");
    for (const fields of [
      ["", "y"],
      ["x", ""],
      ["", ""],
    ])
      expect(told(fromRow(row(...fields, "z")))).toBe("field.missing a + b");
    expect(told(fromRow(row("x", DAMAGED, "z")))).toBe("field.encoding b");
    for (const fields of [
      ["x|", "y"],
      ["x", "|y"],
      ["x\u200b", "y"],
    ])
      expect(told(fromRow(row(...fields, "z")))).toBe("record-id.malformed a + b");
    expect(told(of("{ columns: [a, b], separator: '-' }").fromRow(row("x|", "y", "")))).toBe("x|-y");
    // One column alone may hold the separator.
    expect(told(of("{ columns: [a] }").fromRow(row("x|y", "", "")))).toBe("x|y");
  });

  it("may have empty parts where the profile says so, but not all of them", () => {
    const { fromRow } = of("{ columns: [a, b, c], allowEmpty: true }");
    expect(told(fromRow(row("", "y", "")))).toBe("|y|");
    expect(told(fromRow(row("", "", "")))).toBe("field.missing a + b + c");
  });

  it("is at most as long as records allow", () => {
    const { fromRow } = of("{ columns: [a] }");
    const long = (count: number) => told(fromRow(row("x".repeat(count), "", "")));
    const most = [64, 128, 200, 255, 256, 512, 1024].find(
      (count) => typeof long(count + 1) === "string" && String(long(count + 1)).startsWith("record-id"),
    );
    expect(most).toBeDefined();
    expect(long(most ?? 0)).toBe("x".repeat(most ?? 0));
  });

  it("may end in parts of the act, in one spelling", () => {
    const act = { start: START, end: (START + 60) as UnixSeconds, micro: 1_500_000 };
    const spelt = (recordId: string, change: object = {}) =>
      told(of(recordId).withAct?.("id", { ...act, ...change }));
    expect(spelt("{ columns: [a], act: [start, end, quantity] }")).toBe(
      "id|2025-03-01T00:00:00Z|2025-03-01T00:01:00Z|1.5",
    );
    expect(spelt("{ columns: [a], act: [end] }", { end: null })).toBe("id|-");
    const alone = of("{ columns: [], act: [start, quantity] }");
    expect(told(alone.fromRow(row("", "", "")))).toBe("");
    expect(told(alone.withAct?.("", act))).toBe("2025-03-01T00:00:00Z|1.5");
    // A column beside a part of the act is one of several.
    expect(told(of("{ columns: [a], act: [start] }").fromRow(row("x|y", "", "")))).toBe(
      "record-id.malformed a",
    );
    expect(told(of("{ columns: [a], act: [start] }").withAct?.("x".repeat(5000), act))).toBe(
      "record-id.malformed a",
    );
  });
});

describe("a record's subject", () => {
  const of = (subject: string) => subjectMapper(smallProfile({ subject }), bind);

  it("is nobody where the profile names none, or lets the row name none", () => {
    expect(subjectMapper(smallProfile(), bind)(row("x", "", ""))).toBeNull();
    expect(of("{ column: a, scope: provider, required: false }")(row("", "", ""))).toBeNull();
    expect(told(of("{ column: a, scope: provider, required: true }")(row(" ", "", "")))).toBe(
      "subject.missing a",
    );
  });

  it("is what the column says, up to 256 bytes", () => {
    const map = of("{ column: a, scope: provider }");
    expect(map(row("e\u0301", "", ""))).toBe("é");
    expect(map(row("x".repeat(256), "", ""))).toBe("x".repeat(256));
    for (const text of ["x".repeat(257), "a\u200bb"])
      expect(told(map(row(text, "", "")))).toBe("subject.malformed a");
    expect(told(map(row(DAMAGED, "", "")))).toBe("field.encoding a");
  });
});

describe("a record's scenario", () => {
  const of = (scenario: string) =>
    scenarioMapper(smallProfile({ scenario }), bind, SHIPPED_CLASS_LISTS.newest);

  it("is one for all, a class's own name, or a word of the profile", () => {
    expect(of("{ constant: bike }")(row("", "", ""))).toBe("bike");
    const named = of("{ column: a }");
    expect([
      named(row("metro", "", "")),
      told(named(row("Metro", "", ""))),
      told(named(row("", "", ""))),
    ]).toEqual(["metro", "scenario.unknown a", "field.missing a"]);
    expect(told(named(row(DAMAGED, "", "")))).toBe("field.encoding a");
    const mapped = of("{ column: a, map: { vélo: bike } }");
    expect([mapped(row("ve\u0301lo", "", "")), told(mapped(row("metro", "", "")))]).toEqual([
      "bike",
      "scenario.unknown a",
    ]);
  });
});

describe("a record's times", () => {
  const corrections = (exchange = false) => ({ exchange, made: false });
  const DAY = Date.UTC(2026, 2, 4) / 1000;
  const CLOCKS = { time: "{ format: 'yyyy-MM-dd HH:mm', zone: UTC }", start: "{ columns: [a, b] }" };

  it("begin where all columns say so", () => {
    const map = startMapper(smallProfile(CLOCKS), bind, corrections());
    expect(map(row("2026-03-04", "08:05", ""))).toBe(DAY + 8 * 3600 + 300);
    for (const [a, b, why] of [
      ["", "08:05", "field.missing a + b"],
      ["2026-03-04", "", "field.missing a + b"],
      ["2026-03-04", "8:05", "time.malformed a + b"],
      ["2026-03-04", DAMAGED, "field.encoding b"],
    ] as const)
      expect(told(map(row(a, b, "")))).toBe(why);
  });

  it("need a zone where they carry no offset", () => {
    const rome = { ...CLOCKS, time: "{ format: 'yyyy-MM-dd HH:mm', zone: Europe/Rome }" };
    const map = startMapper(smallProfile(rome), bind, corrections());
    expect(told(map(row("2026-03-29", "02:30", "")))).toBe("time.nonexistent a + b");
    const twice = { ...rome, time: "{ format: 'yyyy-MM-dd HH:mm', zone: Europe/Rome, ambiguous: reject }" };
    expect(told(startMapper(smallProfile(twice), bind, corrections())(row("2026-10-25", "02:30", "")))).toBe(
      "time.ambiguous a + b",
    );
    const own = { ...CLOCKS, time: "{ format: 'yyyy-MM-dd HH:mm', zoneColumn: { column: c } }" };
    const zoned = startMapper(smallProfile(own), bind, corrections());
    expect(zoned(row("2026-03-04", "08:05", "+08:00"))).toBe(DAY + 300);
    expect(told(zoned(row("2026-03-04", "08:05", "")))).toBe("time.malformed a + b");
    expect(told(zoned(row("2026-03-04", "08:05", "Mars")))).toBe("time.zone-unknown c");
  });

  it("are exchanged back where day and month were, and that is noted", () => {
    const exchanged = corrections(true);
    const map = startMapper(smallProfile(CLOCKS), bind, exchanged);
    expect(map(row("2026-03-04", "08:05", ""))).toBe(Date.UTC(2026, 3, 3, 8, 5) / 1000);
    expect(exchanged.made).toBe(true);
    const same = corrections(true);
    const unmoved = startMapper(smallProfile(CLOCKS), bind, same);
    expect(unmoved(row("2026-03-13", "08:05", ""))).toBe(Date.UTC(2026, 2, 13, 8, 5) / 1000);
    expect(unmoved(row("2026-03-03", "08:05", ""))).toBe(Date.UTC(2026, 2, 3, 8, 5) / 1000);
    expect(same.made).toBe(false);
  });

  it("end at a time, which may be the next day's, or not at all", () => {
    const end = (section: string | null) =>
      endMapper(smallProfile({ ...CLOCKS, end: section }), bind, corrections());
    const start = (DAY + 23 * 3600) as UnixSeconds;
    const at = (text: string) => row("2026-03-04", "", text);
    expect(end(null)(at("23:30"), start)).toBeNull();
    const plain = end("{ columns: [a, c] }");
    expect([plain(at("23:30"), start), plain(at("00:10"), start)]).toEqual([start + 1800, DAY + 600]);
    const over = end("{ columns: [a, c], overMidnight: true }");
    expect([over(at("23:30"), start), over(at("23:00"), start), over(at("00:10"), start)]).toEqual([
      start + 1800,
      start,
      DAY + 86_400 + 600,
    ]);
    for (const [options, empty] of [
      [", required: false", null],
      ["", "time.end-missing a + c"],
      [", required: true", "time.end-missing a + c"],
    ] as const)
      for (const midnight of ["", ", overMidnight: true"]) {
        const map = end(`{ columns: [a, c]${options}${midnight} }`);
        expect(told(map(at(""), start))).toBe(empty);
        expect(told(map(at("x"), start))).toBe("time.malformed a + c");
      }
  });

  it("end after a duration", () => {
    const end = (unit: string, options = "", more: Record<string, string> = {}) =>
      endMapper(
        smallProfile({ ...more, end: `{ duration: { column: c, unit: ${unit} }${options} }` }),
        bind,
        corrections(),
      );
    const start = DAY as UnixSeconds;
    const at = (text: string) => row("", "", text);
    expect([end("minutes")(at("2.5"), start), end("'h:mm'")(at("1:30"), start)]).toEqual([
      DAY + 150,
      DAY + 5400,
    ]);
    expect(told(end("minutes", ", required: false")(at(""), start))).toBeNull();
    expect(told(end("minutes", ", required: true")(at(""), start))).toBe("time.end-missing c");
    expect(told(end("minutes")(at("x"), start))).toBe("duration.malformed c");
    expect(told(end("minutes")(at(DAMAGED), start))).toBe("field.encoding c");
    // Numbers are spelt as the file's are; clocks and words are not numbers.
    const comma = { numbers: "{ decimal: ',' }" };
    for (const [unit, size] of [
      ["milliseconds", 0.001],
      ["seconds", 1],
      ["minutes", 60],
      ["hours", 3600],
    ] as const)
      expect(end(unit, "", comma)(at("2000,5"), start)).toBe(DAY + Math.floor(2000.5 * size));
    expect(end("words", "", comma)(at("1.5 h"), start)).toBe(DAY + 5400);
  });
});
