import { describe, expect, it } from "vitest";
import { percentOf, readLcov } from "../../../../../scripts/contracts/lines/readLcov.ts";

const TRACE =
  "TN:\nSF:contracts/A.sol\nDA:3,1\nDA:4,0\nLH:1\nLF:2\nend_of_record\nSF:contracts/B.sol\nDA:7," +
  "2\nDA:9,1\nLH:2\nLF:2\nend_of_record\n";

describe("coverage of contracts", () => {
  it("names the lines of each file that did not run", () => {
    expect(readLcov(TRACE)).toEqual([
      { file: "contracts/A.sol", lines: 2, hit: 1, missed: [4] },
      { file: "contracts/B.sol", lines: 2, hit: 2, missed: [] },
    ]);
  });

  it("counts lines over all files, not files", () => {
    expect(percentOf(readLcov(TRACE))).toBe(75);
  });

  it("is nothing where nothing was measured", () => {
    expect(percentOf(readLcov(""))).toBe(0);
  });

  it("refuses a record without a source file", () => {
    expect(() => readLcov("DA:1,1\nend_of_record\n")).toThrow("names no source file");
  });
});
