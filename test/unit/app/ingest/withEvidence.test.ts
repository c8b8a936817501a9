import { describe, expect, it } from "vitest";
import type { KeyedRow } from "../../../../src/app/ingest/quantifyRows.ts";
import { withEvidence } from "../../../../src/app/ingest/withEvidence.ts";
import type { StoredEvidence } from "../../../../src/base/types/storedEvidence.ts";

const keyed = (row: number) => ({ row, reduction: { day: row } }) as unknown as KeyedRow;
const refused = (row: number) => ({ row, field: null, code: "c", sentence: "s", raw: "", rowId: null });
const SIGNED = { kind: "record" } as StoredEvidence;

describe("what became of rows by their signatures", () => {
  it("stands with each row that was signed, and null with each other", () => {
    const judged = { outcomes: [], refused: [], evidence: new Map([[2, SIGNED]]) };
    expect(withEvidence(judged, { keyed: [keyed(1), keyed(2)], refused: [] }).keyed).toEqual([
      { row: 1, reduction: { day: 1, evidence: null } },
      { row: 2, reduction: { day: 2, evidence: SIGNED } },
    ]);
  });

  it("joins all refusals in the order of the file", () => {
    const judged = { outcomes: [], refused: [refused(2), refused(10)], evidence: new Map() };
    const joined = withEvidence(judged, { keyed: [], refused: [refused(1), refused(9)] });
    expect(joined.refused.map(({ row }) => row)).toEqual([1, 2, 9, 10]);
  });

  it("changes nothing where nothing was signed", () => {
    const quantified = { keyed: [keyed(1)], refused: [refused(2)] };
    const joined = withEvidence({ outcomes: [], refused: [], evidence: new Map() }, quantified);
    expect(joined).toEqual(quantified);
    expect(joined.keyed[0]?.reduction).not.toHaveProperty("evidence");
  });
});
