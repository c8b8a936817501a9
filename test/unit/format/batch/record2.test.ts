import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { formatDecimal } from "../../../../src/base/lib/decimal.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import { PLAIN_LINE } from "../../../../src/base/lib/textPatterns.ts";
import { EVIDENCE_GRADES, type ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { Hex } from "../../../../src/base/types/ids.ts";
import type { MicroUnits, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import {
  canonicalRecords,
  parseRecords,
  RECORD_SCHEMA,
  RECORD_SCHEMA_2,
} from "../../../../src/format/batch/record.ts";
import { fullRecord } from "../../../../src/format/batch/records/additions.ts";
import { recordHash } from "../../../../src/format/batch/leaf.ts";
import { codeOf } from "../support/vectors.ts";

const KEY: Hex = `0x${"ab".repeat(32)}`;
const base: ActivityRecord = {
  provider: providerId("small-pv"),
  recordId: "m-1",
  scenario: "pv-generation",
  startedAt: 120 as UnixSeconds,
  endedAt: 180 as UnixSeconds,
  quantity: 1_500_000n as MicroUnits,
  unit: "kWh",
};
const text = (record: ActivityRecord): string => canonicalRecords([record], RECORD_SCHEMA_2);

const word = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes): Hex => `0x${Buffer.from(bytes).toString("hex")}`);
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/);
const value = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .map((one) => one.normalize("NFC"))
  .filter((one) => /^.{1,64}$/su.test(one) && PLAIN_LINE.test(one));
const additions = fc
  .record(
    {
      evidence: fc.constantFrom(...EVIDENCE_GRADES),
      consentText: fc.option(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/)),
      asset: fc.option(fc.record({ kind: fc.stringMatching(/^[a-z][a-z0-9-]{1,31}$/), key: word })),
      attributes: fc.dictionary(name, value, { maxKeys: 16, noNullPrototype: true }),
    },
    { requiredKeys: [] },
  )
  .chain((some) =>
    fc
      .option(fc.record({ revision: fc.integer({ min: 1 }), previousRevision: word }), { nil: undefined })
      .map((revision) => ({ ...some, ...revision })),
  );

describe("a record of the second form", () => {
  it("is written with all that it says, and with what stands for nothing said", () => {
    expect(text(base)).toBe(
      '[{"asset":null,"attributes":{},"consentText":null,"endedAt":180,"evidence":"declared",' +
        '"previousRevision":null,"provider":"small-pv","quantity":"1.5","recordId":"m-1","revision":0,' +
        '"scenario":"pv-generation","startedAt":120,"unit":"kWh"}]',
    );
    expect(
      text({
        ...base,
        evidence: "metered",
        consentText: "v2.1",
        asset: { kind: "meter", key: KEY },
        attributes: { "supply-mix": "solar", "capacity-kw": "12.5" },
        revision: 2,
        previousRevision: KEY,
      }),
    ).toBe(
      `[{"asset":{"key":"${KEY}","kind":"meter"},"attributes":{"capacity-kw":"12.5","supply-mix":"solar"},` +
        `"consentText":"v2.1","endedAt":180,"evidence":"metered","previousRevision":"${KEY}",` +
        '"provider":"small-pv","quantity":"1.5","recordId":"m-1","revision":2,"scenario":"pv-generation",' +
        '"startedAt":120,"unit":"kWh"}]',
    );
  });

  it("is what canonical JSON makes of it, alone and among others, and reads back whole", () => {
    const one = fc.record({ recordId: fc.stringMatching(/^[a-z]{1,8}$/), more: additions });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { selector: ({ recordId }) => recordId, minLength: 1, maxLength: 4 }),
        (all) => {
          const records = all.map(({ recordId, more }) => ({ ...base, recordId, ...more }));
          const sorted = records.toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1));
          const written = canonicalRecords(records, RECORD_SCHEMA_2);
          expect(written).toBe(
            canonicalJson(
              sorted.map((record) => ({
                ...fullRecord(record),
                quantity: formatDecimal(record.quantity, 6),
              })),
            ),
          );
          expect(parseRecords(utf8(written), RECORD_SCHEMA_2)).toEqual(sorted.map(fullRecord));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("takes any scenario and unit by their spelling: which there are is a list's to say", () => {
    expect(codeOf(() => text({ ...base, scenario: "roof-of-tomorrow", unit: "MWh" as "kWh" }))).toBe(
      "accepted",
    );
    for (const wrong of ["Roof", "roof of", "", "-roof"])
      expect(codeOf(() => text({ ...base, scenario: wrong }))).toBe("record.malformed");
    expect(codeOf(() => text({ ...base, unit: "k Wh" as "kWh" }))).toBe("record.malformed");
  });

  it.each<[string, Partial<Record<keyof ActivityRecord, unknown>>]>([
    ["an evidence grade that is none", { evidence: "rumour" }],
    ["a consent text with a space", { consentText: "v 2" }],
    ["a consent text of 33 characters", { consentText: "v".repeat(33) }],
    ["a consent text that breaks out of its quotes", { consentText: 'v","evidence":"metered' }],
    ["an asset's plain number", { asset: { kind: "meter", key: "3301-88" } }],
    ["an asset without a kind", { asset: { key: KEY } }],
    ["an asset with more to say", { asset: { kind: "meter", key: KEY, number: "1" } }],
    [
      "seventeen attributes",
      { attributes: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`a${String(i)}`, "1"])) },
    ],
    ["an attribute with a capital", { attributes: { Capacity: "1" } }],
    ["an attribute that says nothing", { attributes: { capacity: "" } }],
    ["an attribute of two lines", { attributes: { capacity: "1\n2" } }],
    ["an attribute that turns the direction of writing", { attributes: { capacity: "1\u202e2" } }],
    ["an attribute of 65 characters", { attributes: { capacity: "x".repeat(65) } }],
    ["a negative revision", { revision: -1, previousRevision: KEY }],
    ["half a revision", { revision: 0.5, previousRevision: KEY }],
    ["a revision without the one before", { revision: 1 }],
    ["a first revision after another one", { revision: 0, previousRevision: KEY }],
    ["a previous revision that is no hash", { revision: 1, previousRevision: "0x12" }],
    ["an end before its start", { endedAt: 119 }],
    ["a negative quantity", { quantity: -1n }],
  ])("refuses %s", (_what, change) => {
    const record = { ...base, ...change } as ActivityRecord;
    expect(codeOf(() => text(record))).toBe("record.malformed");
    expect(codeOf(() => canonicalRecords([record, { ...base, recordId: "m-2" }], RECORD_SCHEMA_2))).toBe(
      "record.malformed",
    );
    // JSON of ours has no such numbers at all.
    if ((record.revision ?? 0) % 1 !== 0 || (record.revision ?? 0) < 0) return;
    const json = { ...fullRecord(record), quantity: record.quantity < 0n ? "-1" : "1.5" };
    expect(codeOf(() => parseRecords(utf8(canonicalJson([json])), RECORD_SCHEMA_2))).toBe("record.malformed");
  });

  it("is neither written nor read as the first form, nor that as it", () => {
    const metered: ActivityRecord = { ...base, scenario: "electricity-saving", evidence: "metered" };
    expect(codeOf(() => canonicalRecords([metered], RECORD_SCHEMA))).toBe("record.malformed");
    expect(codeOf(() => canonicalRecords([metered]))).toBe("record.malformed");
    const { evidence: _evidence, ...plain } = metered;
    const [first, second] = [canonicalRecords([plain]), canonicalRecords([plain], RECORD_SCHEMA_2)];
    expect(first).not.toBe(second);
    expect(codeOf(() => parseRecords(utf8(first), RECORD_SCHEMA_2))).toBe("record.malformed");
    expect(codeOf(() => parseRecords(utf8(second)))).toBe("record.malformed");
    const salt = new Uint8Array(32);
    expect(recordHash(salt, [plain], RECORD_SCHEMA_2)).not.toEqual(recordHash(salt, [plain]));
  });

  it("keeps to NFC in its attributes", () => {
    expect(codeOf(() => text({ ...base, attributes: { place: "e\u0301" } }))).toBe("json.not-nfc");
  });
});
