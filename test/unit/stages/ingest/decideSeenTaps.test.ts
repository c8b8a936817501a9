import { describe, expect, it } from "vitest";
import { decideSeenTaps, type TappedAct } from "../../../../src/stages/ingest/decideSeenTaps.ts";
import type { SeenAs } from "../../../../src/stages/ingest/ports.ts";
import type { RefusedRow } from "../../../../src/stages/ingest/rejectsCsv.ts";
import type { Profile } from "../../../../src/stages/ingest/schema/profileSchema.ts";

const PAIRING = { kind: { column: "direction" } } as unknown as NonNullable<Profile["pairing"]>;
/** An exit in row 2 with its entry in row 1. */
const ride: TappedAct = {
  row: 2,
  raw: "exit row",
  reduction: { record: { recordId: "exit" } },
  parts: [{ row: 1, raw: "entry row", rowId: "entry" }],
};
const alone: RefusedRow = {
  row: 3,
  raw: "lone",
  rowId: "lone",
  field: null,
  code: "pair.entry-without-exit",
  sentence: "",
};
const decide = (seen: Record<string, SeenAs>, refused: readonly RefusedRow[] = []) =>
  decideSeenTaps(PAIRING, new Map(Object.entries(seen)), [ride], refused);
const codesOf = (rows: readonly RefusedRow[]) => rows.map(({ row, code }) => [row, code]);

describe("taps that an earlier file brought", () => {
  it.each<[string, Record<string, SeenAs>]>([
    ["nothing is known", {}],
    ["its entry waited for its exit", { entry: "waiting" }],
    ["it is known itself, which admission tells", { exit: "act", entry: "used" }],
  ])("leave an act whole where %s", (_, seen) => {
    expect(decide(seen)).toEqual({ keyed: [ride], refused: [], duplicates: [] });
  });

  it.each(["used", "act"] as const)("take an act apart whose entry is already %s", (entry) => {
    const { keyed, refused, duplicates } = decide({ entry });
    expect(keyed).toEqual([]);
    expect(codesOf(refused)).toEqual([[2, "pair.exit-without-entry"]]);
    expect(codesOf(duplicates)).toEqual([[1, "pair.exit-without-entry"]]);
    expect(refused[0]?.field).toBe("direction");
  });

  it("make its exit a duplicate too where that was read before", () => {
    const { refused, duplicates } = decide({ entry: "used", exit: "waiting" });
    expect(refused).toEqual([]);
    expect(duplicates.map(({ row }) => row)).toEqual([2, 1]);
  });

  it("make a refused row a duplicate where it is known, and leave it refused where not", () => {
    const nameless = { ...alone, row: 4, rowId: null };
    expect(decide({ lone: "waiting" }, [alone, nameless])).toMatchObject({
      refused: [nameless],
      duplicates: [alone],
    });
    expect(decide({}, [alone]).refused).toEqual([alone]);
  });
});
