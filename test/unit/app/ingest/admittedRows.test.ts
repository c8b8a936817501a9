/** What becomes of a chunk's rows, as counts, reports and results tell it. */
import { describe, expect, it } from "vitest";
import { duplicateRows } from "../../../../src/app/ingest/duplicateRows.ts";
import { IngestTotals, type AdmittedRows } from "../../../../src/app/ingest/ingestTotals.ts";
import { isRejected, rejectedRows, rejectionOf } from "../../../../src/app/ingest/rejectedRows.ts";
import { rowResults } from "../../../../src/app/service/rowResults.ts";
import { IMPLAUSIBLE_DAY_CODES } from "../../../../src/base/types/plausibility.ts";
import {
  CAP_CODES,
  CLAIM_CODES,
  DUPLICATE_CODES,
  type AdmissionOutcome,
} from "../../../../src/stages/dedupe/ports.ts";

const REJECTIONS = [...IMPLAUSIBLE_DAY_CODES, ...CLAIM_CODES, ...CAP_CODES];
/** A keyed row of these rows of the file, the last of which is its own. */
const keyed = (...rows: number[]) => ({
  row: rows.at(-1),
  raw: `raw ${String(rows.at(-1))}`,
  parts: rows.slice(0, -1).map((row) => ({ row, raw: `raw ${String(row)}` })),
  reduction: { record: { recordId: `r${String(rows.at(-1))}` }, milligrams: 5n },
  notes: rows.length > 1 ? ["joined"] : [],
});
const chunk = (
  rows: readonly ReturnType<typeof keyed>[],
  outcomes: readonly AdmissionOutcome[],
  more: object = {},
): AdmittedRows =>
  ({ keyed: rows, outcomes, refused: [], duplicates: [], milligrams: 0n, read: 0, ...more }) as never;
const REFUSED = {
  row: 9,
  raw: "raw 9",
  field: "unit",
  code: "unit.unknown",
  sentence: "No unit.",
  rowId: null,
};
const KNOWN = { row: 8, raw: "raw 8" };
/** One of everything: 5 and 6 make the act of row 7, which is accepted. */
const MIXED = chunk(
  [keyed(5, 6, 7), keyed(3, 4), keyed(1, 2), keyed(10)],
  ["accepted", "duplicate.closed", "cap.subject-day", "accepted"],
  { refused: [REFUSED], duplicates: [KNOWN], milligrams: 10n, read: 10 },
);

describe("the rows of a chunk", () => {
  it("are counted once each, by what became of them", () => {
    const totals = new IngestTotals();
    totals.add(MIXED);
    const counted = {
      read: 10,
      accepted: 4,
      rejected: 3,
      duplicates: 3,
      acts: 2,
      milligrams: "10",
      reasons: { "cap.subject-day": 2, "duplicate.closed": 2, "duplicate.record-id": 1, "unit.unknown": 1 },
      notes: { joined: 1 },
    };
    expect(totals.report()).toEqual(counted);
    expect(Object.keys(totals.report().reasons)).toEqual(Object.keys(counted.reasons));
    totals.add({ ...MIXED, read: 20 });
    expect(totals.report()).toMatchObject({
      read: 20,
      accepted: 8,
      acts: 4,
      milligrams: "20",
      reasons: { "unit.unknown": 2, "cap.subject-day": 4 },
      notes: { joined: 2 },
    });
    totals.add(chunk([], [], { read: 21 }));
    expect(() => totals.report()).toThrow(
      expect.objectContaining({
        code: "ingest.rows-lost",
        message: "21 rows were read, but 20 are accounted for.",
      }) as Error,
    );
  });

  it("that were refused come in the file's order, each part of an act with its reason", () => {
    const told = {
      field: "quantity",
      code: "cap.subject-day",
      sentence: rejectionOf("cap.subject-day").sentence,
    };
    expect(rejectedRows(MIXED)).toEqual([
      { row: 1, raw: "raw 1", ...told },
      { row: 2, raw: "raw 2", ...told },
      REFUSED,
    ]);
    expect(rejectedRows(chunk([keyed(1)], ["accepted"], { refused: [REFUSED, KNOWN] }))).toEqual([
      REFUSED,
      KNOWN,
    ]);
    const early = chunk([keyed(20)], ["claim.acts"], { refused: [REFUSED, { ...REFUSED, row: 30 }] });
    expect(rejectedRows(early).map(({ row }) => row)).toEqual([9, 20, 30]);
  });

  it("that are here already come in the file's order as well", () => {
    expect(duplicateRows(MIXED).map(({ row, raw, code, field }) => [row, raw, code, field])).toEqual([
      [3, "raw 3", "duplicate.closed", null],
      [4, "raw 4", "duplicate.closed", null],
      [8, "raw 8", "duplicate.record-id", null],
    ]);
    expect(duplicateRows(chunk([keyed(1)], []))).toEqual([]);
  });

  it("are answered one by one", () => {
    const refusal = rejectionOf("cap.subject-day");
    expect(rowResults(MIXED)).toEqual([
      { row: 1, outcome: "rejected", ...refusal },
      { row: 2, outcome: "rejected", ...refusal },
      ...[3, 4].map((row) => ({
        row,
        outcome: "duplicate",
        code: "duplicate.closed",
        field: null,
        sentence: expect.stringContaining("a closed leaf can't grow") as string,
      })),
      { row: 5, outcome: "accepted", partOf: 7 },
      { row: 6, outcome: "accepted", partOf: 7 },
      { row: 7, outcome: "accepted", recordId: "r7", milligrams: "5", notes: ["joined"] },
      {
        row: 8,
        outcome: "duplicate",
        code: "duplicate.record-id",
        field: null,
        sentence: "The provider's record with this id is here already.",
      },
      { row: 9, outcome: "rejected", code: "unit.unknown", field: "unit", sentence: "No unit." },
      { row: 10, outcome: "accepted", recordId: "r10", milligrams: "5" },
    ]);
  });

  it("are rejected for a day, a claim or a cap, and not for being here already", () => {
    for (const code of REJECTIONS) expect([code, isRejected(code)]).toEqual([code, true]);
    for (const code of ["accepted", ...DUPLICATE_CODES] as const)
      expect([code, isRejected(code)]).toEqual([code, false]);
  });

  it.each(REJECTIONS)("say which field it is about and why: %s", (code) => {
    const { field, code: told, sentence } = rejectionOf(code);
    expect(told).toBe(code);
    expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
    if (code.startsWith("claim.")) expect(field).toBe("asset");
    if (code.startsWith("cap.")) expect(field).toBe("quantity");
    if (code.startsWith("project."))
      expect(field).toBe(code === "project.above-capacity" ? "quantity" : "asset");
  });
});
