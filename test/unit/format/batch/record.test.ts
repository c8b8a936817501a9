import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes, utf8 } from "../../../../src/base/lib/bytes.ts";
import { formatDecimal } from "../../../../src/base/lib/decimal.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import { canonicalRecords, parseRecords } from "../../../../src/format/batch/record.ts";
import { codeOf } from "../support/vectors.ts";

const base: ActivityRecord = {
  provider: providerId("wuhan-metro"),
  recordId: "r-1",
  scenario: "metro",
  startedAt: 120 as UnixSeconds,
  endedAt: 180 as UnixSeconds,
  quantity: 1_500_000n as MicroUnits,
  unit: "passenger-km",
};

describe("activity record", () => {
  it("is written as canonical JSON with its quantity as a minimal decimal", () => {
    expect(canonicalRecords([base])).toBe(
      '[{"endedAt":180,"provider":"wuhan-metro","quantity":"1.5","recordId":"r-1",' +
        '"scenario":"metro","startedAt":120,"unit":"passenger-km"}]',
    );
  });

  it("stands in the order of the UTF-8 bytes of its id, which is not JavaScript's", () => {
    const ids = ["\uff21", "\ud83d\ude00", "b", "a", "ab"];
    const text = canonicalRecords(ids.map((recordId) => ({ ...base, recordId })));
    expect(parseRecords(utf8(text)).map(({ recordId }) => recordId)).toEqual([
      "a",
      "ab",
      "b",
      "\uff21",
      "\ud83d\ude00",
    ]);
    expect(ids.toSorted()).not.toEqual(ids.toSorted((a, b) => compareBytes(utf8(a), utf8(b))));
  });

  it("reads back what it wrote, for any order given", () => {
    const record = fc.record({
      recordId: fc
        .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
        .map((id) => id.normalize("NFC"))
        .filter((id) => utf8(id).length <= 128),
      startedAt: fc.integer({ min: 120, max: 179 }).map((at) => at as UnixSeconds),
      endedAt: fc.option(fc.integer({ min: 180, max: 9_999_999 }).map((at) => at as UnixSeconds)),
      quantity: fc.bigInt(0n, 10n ** 20n).map((quantity) => quantity as MicroUnits),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(record, { selector: ({ recordId }) => recordId, minLength: 1, maxLength: 8 }),
        (parts) => {
          const records = parts.map((part) => ({ ...base, ...part }));
          const text = canonicalRecords(records);
          expect(canonicalRecords(records.toReversed())).toBe(text);
          const read = parseRecords(utf8(text));
          expect(new Set(read)).toEqual(new Set(records));
        },
      ),
    );
  });

  it("alone is what canonical JSON makes of it, or refused as that refuses it", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 20 }),
      fc.constantFrom('a"b', "a\\b", "a\u007fb", "a\u001fb", "a~ !", "\ud800", "e\u0301", "\u00e9"),
    );
    const time = fc.oneof(fc.nat(2 ** 40), fc.constantFrom(-0, 0, -1, 0.5, 2 ** 53, 2 ** 53 - 1));
    const odd = fc.record({
      provider: text.map((id) => id as ActivityRecord["provider"]),
      recordId: text,
      startedAt: time.map((at) => at as UnixSeconds),
      endedAt: fc.option(time.map((at) => at as UnixSeconds)),
      quantity: fc.bigInt(0n, 10n ** 20n).map((quantity) => quantity as MicroUnits),
    });
    const outcome = (write: () => string): string => {
      try {
        return write();
      } catch (error) {
        return String((error as { code?: unknown }).code);
      }
    };
    fc.assert(
      fc.property(odd, (part) => {
        const record = { ...base, ...part };
        const quantity = formatDecimal(record.quantity, 6);
        const { recordId, startedAt, endedAt } = record;
        const fits = recordId !== "" && utf8(recordId).length <= 128 && (endedAt ?? startedAt) >= startedAt;
        const expected = fits ? outcome(() => canonicalJson([{ ...record, quantity }])) : "record.malformed";
        expect(outcome(() => canonicalRecords([record]))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses records that are not one act", () => {
    const apart: Partial<ActivityRecord>[] = [
      { provider: providerId("other") },
      { startedAt: 180 as UnixSeconds },
      { scenario: "carpool" },
    ];
    for (const change of apart)
      expect(codeOf(() => canonicalRecords([base, { ...base, recordId: "r-2", ...change }]))).toBe(
        "record.mixed",
      );
    expect(codeOf(() => canonicalRecords([base, base]))).toBe("record.duplicate");
    expect(codeOf(() => canonicalRecords([]))).toBe("record.malformed");
  });

  it("refuses to write what it would not read", () => {
    const bad: [Partial<ActivityRecord>, string][] = [
      [{ quantity: -1n as MicroUnits }, "record.malformed"],
      [{ recordId: "" }, "record.malformed"],
      [{ recordId: "\u00e9".repeat(65) }, "record.malformed"],
      [{ endedAt: 119 as UnixSeconds }, "record.malformed"],
      [{ unit: "km" }, "record.malformed"],
      [{ scenario: "flying" }, "scenario.unknown"],
      [{ recordId: "e\u0301" }, "json.not-nfc"],
      [{ startedAt: 0.5 as UnixSeconds }, "json.number"],
    ];
    for (const [change, code] of bad)
      expect([change, codeOf(() => canonicalRecords([{ ...base, ...change }]))]).toEqual([change, code]);
  });

  it("refuses texts that it would not write", () => {
    const text = canonicalRecords([base]);
    const bad: [string, string][] = [
      [text.replace('"1.5"', '"1.50"'), "record.malformed"],
      [text.replace('"1.5"', '"1.1234567"'), "record.malformed"],
      [text.replace('"1.5"', "1"), "record.malformed"],
      [text.replace('"endedAt":180', '"endedAt":119'), "record.malformed"],
      [text.replace('"startedAt"', '"schema":1,"startedAt"'), "record.malformed"],
      [text.replace('metro","startedAt', 'flying","startedAt'), "record.malformed"],
      [text.replace("[{", "[ {"), "json.not-canonical"],
      ["[]", "record.malformed"],
    ];
    for (const [wrong, code] of bad)
      expect([wrong, codeOf(() => parseRecords(utf8(wrong)))]).toEqual([wrong, code]);
    const two = canonicalRecords([base, { ...base, recordId: "r-2" }]);
    const [first, second] = two.slice(1, -1).split("},") as [string, string];
    expect(codeOf(() => parseRecords(utf8(`[${second},${first}}]`)))).toBe("record.not-sorted");
  });
});
