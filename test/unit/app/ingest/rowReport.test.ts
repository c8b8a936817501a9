import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RowReport } from "../../../../src/app/ingest/rowReport.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "microtonne-row-report-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = '"row","field","code","sentence","raw"\r\n';
const row = (number: number) => ({ row: number, field: "unit", code: "c", sentence: "S.", raw: "a,b" });

describe("a report of rows", () => {
  it("appears under its name when it is complete, with all rows in their order", async () => {
    const path = join(folder, "rejects.csv");
    const report = await RowReport.open(path);
    await report.write([row(1), row(2)]);
    await report.write([]);
    await report.write([row(9)]);
    expect(readdirSync(folder)).toEqual(["rejects.csv.part"]);
    await report.publish();
    expect(readdirSync(folder)).toEqual(["rejects.csv"]);
    const lines = [1, 2, 9].map((number) => `"${String(number)}","unit","c","S.","a,b"\r\n`);
    expect(readFileSync(path, "utf8")).toBe(HEADER + lines.join(""));
    await report.close();
    expect(readdirSync(folder)).toEqual(["rejects.csv"]);
  });

  it("has its header alone where all rows were taken, and may be read by its owner only", async () => {
    const path = join(folder, "rejects.csv");
    const report = await RowReport.open(path);
    await report.publish();
    expect(readFileSync(path, "utf8")).toBe(HEADER);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("that was not published leaves nothing, and an earlier one as it was", async () => {
    const path = join(folder, "rejects.csv");
    writeFileSync(path, "earlier");
    const report = await RowReport.open(path);
    await report.write([row(1)]);
    await report.close();
    await report.close();
    expect(readdirSync(folder)).toEqual(["rejects.csv"]);
    expect(readFileSync(path, "utf8")).toBe("earlier");
    await report.publish();
    expect(readFileSync(path, "utf8")).toBe("earlier");
  });

  it("that somebody took away meanwhile is closed all the same", async () => {
    const path = join(folder, "rejects.csv");
    const report = await RowReport.open(path);
    rmSync(`${path}.part`);
    await report.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is none without a path", async () => {
    const report = await RowReport.open(null);
    await report.write([row(1)]);
    await report.publish();
    await report.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is refused where it can't be written, by its own name", async () => {
    const nowhere = join(folder, "none", "rejects.csv");
    await expect(RowReport.open(nowhere)).rejects.toEqual(refusedFor("file.unwritable"));
    await expect(RowReport.open(nowhere)).rejects.toMatchObject({
      message: `${nowhere} can't be written: its folder is not there.`,
      cause: { code: "ENOENT" },
    });
    writeFileSync(join(folder, "file"), "");
    const under = join(folder, "file", "rejects.csv");
    await expect(RowReport.open(under)).rejects.toThrow(
      `${under} can't be written: a part of its path is a file and no folder.`,
    );
  });
});
