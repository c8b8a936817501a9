import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { microtonne } from "./support/microtonne.ts";

describe("profiles at the command line", () => {
  let folder: string;
  let data: string;
  const path = (name: string): string => join(folder, name);
  const json = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { code, out, err } = await microtonne(["--data", data, "--json", ...args]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out) as Record<string, unknown>;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-cli-"));
    data = path("data");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("takes a file of a format that it never saw by a profile that it proposes", async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) =>
        `R${String(i)};2025-05-${String((i % 28) + 1).padStart(2, "0")} ` +
        `08:00:00;2025-05-${String((i % 28) + 1).padStart(2, "0")} ` +
        `08:15:00;${String(900 + i)};1390000${String(i).padStart(4, "0")}`,
    );
    writeFileSync(path("strange.txt"), `Ride no;Begin;End;Metres;Phone\n${rows.join("\n")}\n`);
    const init = [
      "profile",
      "init",
      path("strange.txt"),
      "--provider",
      "strange-rides",
      "--region",
      "WUHAN",
      "--zone",
      "Asia/Shanghai",
      "--scenario",
      "bike",
    ];
    const proposed = await json(...init, "--out", path("strange.yaml"));
    expect(proposed).toMatchObject({ name: "strange", out: path("strange.yaml") });
    expect(JSON.stringify(proposed)).not.toContain("1390000");
    expect((await microtonne(["--data", data, ...init, "--out", path("strange.yaml")])).code).toBe(2);
    const checked = (await json("profile", "check", path("strange.yaml"), path("strange.txt"))) as {
      rows: { record?: { unit: string } }[];
      counts: object;
    };
    expect(checked.counts).toEqual({ read: 30, acts: 30, quantities: { km: "27.435" }, refused: [] });
    const text = await microtonne([
      "--data",
      data,
      "profile",
      "check",
      path("strange.yaml"),
      path("strange.txt"),
      "--rows",
      "1",
    ]);
    expect(text.out).toContain(
      "row 1: R0, bike, 2025-05-01T00:00:00Z to 2025-05-01T00:15:00Z, 0.9 km, subject named",
    );
    expect(text.out).toContain("30 rows in all: 30 acts of 27.435 km");
    expect(checked.rows.map(({ record }) => record?.unit)).toEqual(Array<string>(5).fill("km"));
    expect(await json("ingest", path("strange.txt"), "--profile", path("strange.yaml"))).toMatchObject({
      read: 30,
      accepted: 30,
    });
  });

  it("refuses a file with day and month exchanged, with the evidence, from stdin too", async () => {
    const days = Array.from({ length: 200 }, (_, i) =>
      new Date(Date.UTC(2025, 2, 1 + i)).toISOString().slice(0, 10).split("-"),
    );
    const mangled = days.map(([year = "", month = "", day = ""]) =>
      Number(day) <= 12 ? `${year}-${day}-${month}` : `${year}-${month}-${day}`,
    );
    const rows = mangled.map((day, i) => `D${String(i)},${day} 08:00,2.5`);
    const text = `id,start,km\n${rows.join("\n")}\n`;
    writeFileSync(path("swapped.csv"), text);
    const profile = [
      "schema: microtonne-profile/1",
      "name: swapped",
      "description: x",
      "provider: { id: swapped-dates, name: x }",
      "region: WUHAN",
      "format: { kind: csv }",
      "recordId: { columns: [id] }",
      "scenario: { constant: bike }",
      "start: { columns: [start] }",
      "quantity: { column: km, unit: km, as: km }",
    ];
    const written = (swapped: string): string =>
      [...profile, `time: { format: "yyyy-MM-dd HH:mm", zone: Asia/Shanghai, swapped: ${swapped} }`].join(
        "\n",
      );
    writeFileSync(path("swapped.yaml"), written("refuse"));
    writeFileSync(path("corrected.yaml"), written("correct"));
    for (const file of [path("swapped.csv"), "-"]) {
      const { code, out } = await microtonne(
        ["--data", data, "--json", "ingest", file, "--profile", path("swapped.yaml")],
        text,
      );
      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({
        error: {
          code: "input.dates-exchanged",
          message: expect.stringContaining("2025-03 to 2025-09") as string,
        },
      });
    }
    expect(
      (await microtonne(["--data", data, "profile", "check", path("swapped.yaml"), path("swapped.csv")]))
        .code,
    ).toBe(1);
    const corrected = await json("ingest", path("swapped.csv"), "--profile", path("corrected.yaml"));
    expect(corrected).toMatchObject({
      read: 200,
      accepted: 200,
      notes: { "note.dates-exchanged": mangled.filter((day, i) => day !== days[i]?.join("-")).length },
    });
  });
});
