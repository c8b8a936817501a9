import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { microtonne } from "./support/microtonne.ts";

const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
const GOOD = [
  "r1,13800000001,metro,2025-06-18T08:00:00+08:00,2025-06-18T08:30:00+08:00,12.5,passenger-km",
  "r2,13800000002,bike,2025-06-18T09:00:00+08:00,2025-06-18T09:10:00+08:00,2.4,km",
  "r3,,bus,2025-06-18T10:00:00+08:00,2025-06-18T10:20:00+08:00,1,trip",
];
/** One repeats r1 under another id, one is r2 again, two are broken. */
const BAD = [
  "r4,13800000001,metro,2025-06-18T08:00:00+08:00,2025-06-18T08:30:00+08:00,12.5,passenger-km",
  GOOD[1] as string,
  "r5,13800000003,bike,2025-06-18T09:00:00+08:00,2025-06-18T08:10:00+08:00,2.4,km",
  "r6,13800000003,bike,2025-06-18T09:00:00+08:00,2025-06-18T09:10:00+08:00,-1,km",
];
/** 12.5 · 78.4 g + 2.4 · 93.3 g + 212.5 g, each rounded down to the milligram. */
const MILLIGRAMS = "1416420";

describe("the command line", () => {
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
    writeFileSync(path("rides.csv"), `${[HEADER, ...GOOD, ...BAD].join("\n")}\n`);
    writeFileSync(path("bad.csv"), `${[HEADER, ...BAD.slice(2)].join("\n")}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("takes a gram from a file to a verified retirement, one JSON value at each step", async () => {
    const ingest = [
      "ingest",
      path("rides.csv"),
      "--profile",
      "canonical-csv",
      "--provider",
      "city-app",
      "--rejects",
      path("rejects.csv"),
      "--duplicates",
      path("duplicates.csv"),
    ];
    const report = {
      read: 7,
      accepted: 3,
      acts: 3,
      rejected: 2,
      duplicates: 2,
      milligrams: MILLIGRAMS,
      notes: { "note.subject-absent": 1 },
    };
    const reasons = {
      "duplicate.record-id": 1,
      "duplicate.same-content": 1,
      "quantity.negative": 1,
      "time.end-before-start": 1,
    };
    expect(await json(...ingest)).toEqual({ ...report, reasons });
    expect(readFileSync(path("rejects.csv"), "utf8").trimEnd().split("\r\n")).toHaveLength(3);
    expect(readFileSync(path("duplicates.csv"), "utf8")).toMatch(/"4","","duplicate.same-content"/);
    expect(await json(...ingest)).toMatchObject({
      read: 7,
      accepted: 0,
      rejected: 2,
      duplicates: 5,
      milligrams: "0",
    });

    const batch = await json("batch", "close", "--region", "WUHAN", "--vintage", "2025");
    expect(batch).toMatchObject({
      state: "sealed",
      region: "WUHAN",
      firstDay: "2025-01-01",
      lastDay: "2025-12-31",
      leafCount: 3,
      totalMilligrams: MILLIGRAMS,
    });
    const id = (batch["batchId"] as string).slice(0, 10);
    expect(await json("mint", id)).toMatchObject({ state: "minted", mintedMilligrams: "1345599" });
    expect(await json("batch", "list")).toMatchObject([{ batchId: batch["batchId"], state: "minted" }]);

    const retire = [
      "retire",
      "--amount",
      "0.001",
      "--purpose",
      "product-neutrality",
      "--beneficiary",
      "Rice, 1 kg",
      "--year",
      "2025",
      "--reference",
      "rice-1",
    ];
    const retired = await json(...retire);
    expect(retired).toMatchObject({
      milligrams: "1000000",
      tonnes: "0.001",
      purpose: "product-neutrality",
      proven: true,
    });
    expect(await json(...retire)).toEqual(retired);
    expect(await json("batch", "show", id)).toMatchObject({ retiredMilligrams: "1000000" });

    await json(
      "prove",
      "--retirement",
      (retired["retirementId"] as string).slice(0, 12),
      "--out",
      path("retirement.proof.json"),
    );
    await json(
      "prove",
      "--record",
      "r2",
      "--provider",
      "city-app",
      "--disclose",
      "--out",
      path("act.proof.json"),
    );
    const verdict = await json("verify", path("retirement.proof.json"), "--own");
    expect(verdict).toMatchObject({ ok: true, mode: "rpc", facts: { retirement: { tonnes: "0.001" } } });
    expect(
      await json("verify", path("act.proof.json"), "--batch-id", batch["batchId"] as string),
    ).toMatchObject({
      ok: true,
      mode: "root",
    });
    expect(
      await json("verify", batch["archive"] as string, "--batch-id", batch["batchId"] as string),
    ).toMatchObject({ ok: true });
  });

  it("never writes a person's identifier anywhere but into the file of rejected rows", async () => {
    for (const name of ["retirement.proof.json", "act.proof.json"])
      expect(readFileSync(path(name), "utf8")).not.toContain("13800000");
    const { out, err } = await microtonne([
      "--data",
      data,
      "ingest",
      path("bad.csv"),
      "--profile",
      "canonical-csv",
      "--provider",
      "city-app",
    ]);
    expect(out + err).not.toContain("13800000");
  });

  it("ends with 1 where nothing was accepted, or with --strict where a row was rejected", async () => {
    expect(
      (
        await microtonne([
          "--data",
          data,
          "ingest",
          path("bad.csv"),
          "--profile",
          "canonical-csv",
          "--provider",
          "other",
        ])
      ).code,
    ).toBe(1);
    expect(
      (
        await microtonne([
          "--data",
          data,
          "ingest",
          path("rides.csv"),
          "--profile",
          "canonical-csv",
          "--provider",
          "city-app",
          "--strict",
        ])
      ).code,
    ).toBe(1);
  });

  it("reads standard input", async () => {
    const row = GOOD[0]?.replace("r1", "from-stdin").replace("T08", "T18").replace("T08", "T18") ?? "";
    const { code, out } = await microtonne(
      ["--data", data, "--json", "ingest", "-", "--profile", "canonical-csv", "--provider", "city-app"],
      `${HEADER}\n${row}\n`,
    );
    expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 0, read: 1, accepted: 1 });
  });

  it.each([
    ["an unknown command", ["frobnicate"]],
    ["a missing option", ["ingest", "x.csv"]],
    ["a profile that does not exist", ["ingest", "x.csv", "--profile", "nobody"]],
    ["a file that does not exist", ["ingest", "x.csv", "--profile", "canonical-csv"]],
    ["a purpose that is none", ["retire", "--amount", "1", "--purpose", "fun", "--beneficiary", "x"]],
    [
      "a purpose that only the contract gives",
      ["retire", "--amount", "1", "--purpose", "replacement", "--beneficiary", "x"],
    ],
    [
      "an amount that is none",
      ["retire", "--amount", "1,5", "--purpose", "event-neutrality", "--beneficiary", "x"],
    ],
    ["a batch that does not exist", ["batch", "show", "0x00"]],
    ["a methodology that does not exist", ["methodology", "show", "NONE"]],
    ["a profile to show that does not exist", ["profile", "show", "nobody"]],
    ["a file to look at that does not exist", ["profile", "init", "x.csv"]],
    ["nothing to prove", ["prove", "--out", "x"]],
  ])(
    "calls %s wrong usage",
    async (_, args) => {
      const { code, out, err } = await microtonne(["--data", data, ...args]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err.length).toBeGreaterThan(10);
      const machine = await microtonne(["--data", data, "--json", ...args]);
      expect(machine.code).toBe(2);
      expect((JSON.parse(machine.out) as { error: { message: string } }).error.message).toBeTruthy();
    },
    600_000,
  );

  it("lists and shows methodologies, and checks profiles against a file", async () => {
    const all = (await json("methodology", "list")) as unknown as { code: string; test: boolean }[];
    expect(all.map(({ code }) => code)).toContain("WUHAN-METRO");
    expect(all.filter(({ test }) => test).every(({ code }) => code.startsWith("TEST-"))).toBe(true);
    expect(await json("methodology", "show", "WUHAN-METRO")).toMatchObject({
      gramsPerUnit: "78.4",
      unit: "passenger-km",
    });
    const checked = (await json("profile", "check", "canonical-csv", path("rides.csv"))) as {
      rows: { record?: object }[];
    };
    expect(checked.rows).toHaveLength(5);
    expect(JSON.stringify(checked)).not.toContain("13800000");
    const shipped = (await json("profile", "list")) as unknown as { name: string; format: string }[];
    expect(shipped).toContainEqual(expect.objectContaining({ name: "epfl-charging", format: "xlsx" }));
    expect(await json("profile", "show", "shenzhen-taps")).toMatchObject({
      text: expect.stringContaining("pairing:") as string,
    });
    mkdirSync(path("profiles"));
    writeFileSync(path("profiles/broken.yaml"), "schema: microtonne-profile/1\n");
    expect((await microtonne(["profile", "check", path("profiles/broken.yaml")])).code).toBe(1);
  });

  it("teaches by --help, with an example for each command", async () => {
    const commands = [
      "demo",
      "profile",
      "profile init",
      "profile check",
      "profile list",
      "profile show",
      "methodology",
      "batch",
      "methodology list",
      "methodology show",
      "ingest",
      "batch close",
      "batch list",
      "batch show",
      "batch package",
      "batch reopen",
      "batch archive",
      "batch archive clean",
      "attest",
      "mint",
      "retire",
      "prove",
      "verify",
    ];
    for (const command of commands) {
      const { code, out } = await microtonne([...command.split(" "), "--help"]);
      expect({ command, code }).toEqual({ command, code: 0 });
      expect(out).toMatch(/Example:\n {2}microtonne /);
    }
  });

  it("lets one process at a time into a data folder", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map((n) =>
        microtonne([
          "--data",
          path("shared"),
          "--json",
          "ingest",
          path("rides.csv"),
          "--profile",
          "canonical-csv",
          "--provider",
          `app-${String(n)}`,
        ]),
      ),
    );
    expect(new Set([first?.code, second?.code])).toEqual(new Set([0, 3]));
    const refused = first?.code === 3 ? first : second;
    expect((JSON.parse(refused?.out ?? "") as { error: { code: string } }).error.code).toBe("storage.locked");
  });
});
