import { utf8 } from "../../../src/base/lib/bytes.ts";
import type { ActivityRecord } from "../../../src/base/types/activityRecord.ts";
import type { ActivityKey, SubjectKey } from "../../../src/base/types/ids.ts";
import type { Methodology2 } from "../../../src/base/types/methodology.ts";
import type { Reduction } from "../../../src/base/types/reduction.ts";
import { methodologyIdOf } from "../../../src/format/batch/methodology.ts";
import { periodCapsOf } from "../../../src/format/batch/methodologies/periodCapsOf.ts";
import { canonicalRecords, RECORD_SCHEMA_2 } from "../../../src/format/batch/record.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { openCapUse } from "../../../src/stages/dedupe/openCapUse.ts";
import { quantifyDown, type Quantified } from "../../../src/stages/quantify/quantify.ts";
import type { Act } from "./methodologyVectors.ts";

/** An act `by` a subject. */
type CappedAct = Act & { readonly by: string };
type MethodologyOf = (name: string) => Methodology2;
type RecordOf = (act: Act) => ActivityRecord;

/** Acts that are admitted one after another. */
const CAPPED: Readonly<Record<string, readonly CappedAct[]>> = {
  "a day is full, and the local midnight begins another": [
    { of: "a cap on a day of a subject", by: "a", quantity: 2_000n, at: "2026-03-05T15:00:00Z" },
    { of: "a cap on a day of a subject", by: "a", quantity: 2_440n, at: "2026-03-05T15:58:00Z" },
    { of: "a cap on a day of a subject", by: "a", quantity: 2_440n, at: "2026-03-05T15:59:59Z" },
    { of: "a cap on a day of a subject", by: "b", quantity: 2_440n, at: "2026-03-05T15:59:59Z" },
    { of: "a cap on a day of a subject", by: "a", quantity: 2_440n, at: "2026-03-05T16:00:00Z" },
  ],
  "the least of three caps counts": [
    { of: "caps on days and years", by: "a", quantity: 12_000_000n, at: "2026-03-05T04:00:00Z" },
    { of: "caps on days and years", by: "a", quantity: 6_000_000n, at: "2026-03-06T04:00:00Z" },
    { of: "caps on days and years", by: "a", quantity: 1_000_000n, at: "2026-03-07T04:00:00Z" },
    { of: "caps on days and years", by: "b", quantity: 9_000_000n, at: "2026-03-08T04:00:00Z" },
    { of: "caps on days and years", by: "b", quantity: 1_000_000n, at: "2026-03-09T04:00:00Z" },
    { of: "caps on days and years", by: "c", quantity: 1_000_000n, at: "2026-12-31T15:59:59Z" },
  ],
  "a saving is cut in a year": ["2026-03-05", "2026-03-06", "2026-03-07"].map((day): CappedAct => ({
    of: "saving under a cap on a year",
    by: "a",
    quantity: 90_000_000n,
    at: `${day}T04:00:00Z`,
    attributes: { "reference-kwh": "100" },
  })),
  "a budget's weeks are cut by the act, then in the year of their Monday": [
    ["2026-01-04", "2026-01-11"],
    ["2026-01-11", "2026-01-18"],
    ["2026-01-18", "2026-01-25"],
  ].map(([from = "", to = ""]): CappedAct => ({
    of: "budget under a cap on a year",
    by: "a",
    quantity: 4_000_000_000n,
    at: `${from}T16:00:00Z`,
    until: `${to}T16:00:00Z`,
    attributes: { "days-measured": "7" },
  })),
  "versions share a day, each with its own bound": [
    { of: "caps on days and years", by: "a", quantity: 4_000_000n, at: "2026-03-05T04:00:00Z" },
    { of: "a lower cap on a day", by: "a", quantity: 4_000_000n, at: "2026-03-05T05:00:00Z" },
    { of: "a lower cap on a day", by: "a", quantity: 4_000_000n, at: "2026-03-05T06:00:00Z" },
    { of: "caps on days and years", by: "a", quantity: 9_000_000n, at: "2026-03-05T07:00:00Z" },
    // A version without the cap counts in full, and into nothing.
    { of: "linear", by: "a", quantity: 9_000_000n, at: "2026-03-05T08:00:00Z" },
  ],
};

/** What caps on days and years leave of acts that come one after another. */
export function cappedVectors(methodologyOf: MethodologyOf, recordOf: RecordOf): unknown[] {
  return Object.entries(CAPPED).map(([name, acts]) => ({
    name,
    acts: cappedActs(acts, methodologyOf, recordOf),
  }));
}

function cappedActs(acts: readonly CappedAct[], methodologyOf: MethodologyOf, recordOf: RecordOf) {
  const reductions = acts.map((act): Reduction => {
    const methodology = methodologyOf(act.of);
    const record = recordOf(act);
    const caps = periodCapsOf(methodology);
    return {
      record,
      methodologyId: methodologyIdOf(methodology),
      region: methodology.region,
      ...(quantifyDown(record, methodology) as Quantified),
      subjectKey: keccak(utf8(act.by)) as SubjectKey,
      activityKey: new Uint8Array(32) as ActivityKey,
      ...(caps && { caps }),
    };
  });
  const opened = openCapUse(reductions);
  return acts.map(({ of, by }, index) => {
    const reduction = reductions[index] as Reduction;
    const left = opened.judge(reduction);
    if (typeof left === "bigint") opened.keep(reduction, left);
    const record = canonicalRecords([reduction.record], RECORD_SCHEMA_2).slice(1, -1);
    return { of, by, record, ...(typeof left === "bigint" ? { milligrams: String(left) } : { code: left }) };
  });
}
