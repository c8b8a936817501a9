import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASSET_ROWS, assetProfile, projectFile } from "../integration/projects/support/projectCity.ts";
import { PLAIN_TERMS } from "../support/plainTerms.ts";
import { microtonne } from "./support/microtonne.ts";

const PROJECT = projectFile("roof-pv", {
  region: "WUHAN",
  place: "WUHAN",
  scenario: "electricity-saving",
  creditingPeriod: { firstDay: "2026-01-01", lastDay: "2030-12-31" },
  installations: { kind: "meter", count: 12 },
  excludes: [],
});

// Each command is a process that opens the folder, and some start the chain.
describe("projects at the command line", () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const run = (...args: string[]) => microtonne(["--data", path("data"), "--json", ...args]);
  const write = (name: string, value: unknown): string => {
    writeFileSync(path(name), typeof value === "string" ? value : JSON.stringify(value));
    return path(name);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-cli-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are proposed by a file, noticed by another key, and registered after the notice", async () => {
    const proposed = await run("project", "propose", write("roof.json", PROJECT));
    expect({ code: proposed.code, ...(JSON.parse(proposed.out) as object) }).toMatchObject({
      code: 0,
      id: "roof-pv",
      state: "proposed",
    });
    const noticed = await run("project", "notice", "roof-pv");
    expect(JSON.parse(noticed.out)).toMatchObject({ state: "noticed", objections: 0 });
    expect(JSON.parse((await run("project", "object", "roof-pv", "--why", "no")).out)).toMatchObject({
      objections: 1,
    });
    const early = await run("project", "register", "roof-pv", "--registration", "X-1");
    expect(early.code).toBe(1);
    expect(`${early.out}${early.err}`).toContain("project.notice-runs");
    const shown = JSON.parse((await run("project", "show", "roof-pv")).out) as {
      decisions: { what: string }[];
    };
    expect(shown.decisions.map(({ what }) => what)).toEqual(["propose", "notice", "object"]);
    const text = await microtonne(["--data", path("data"), "project", "show", "roof-pv"]);
    expect(text.out).toContain("object by 0x");
    expect(text.out).toContain('"why":"no"');
  });

  it("are rehearsed in one sitting on a local network, as the guide says", async () => {
    const data = path("rehearsal");
    const rehearse = async (...args: string[]) => {
      const { code, out } = await microtonne(["--data", data, ...args], undefined, {
        MICROTONNE_REHEARSAL: "yes",
      });
      expect({ code, out }).toMatchObject({ code: 0 });
      return out;
    };
    const methodology = write("saving.json", {
      schema: "microtonne-methodology/2",
      code: "NEWCITY-SAVING",
      version: "2025",
      title: "Saved electricity",
      region: "NEWCITY",
      timeZone: "Asia/Shanghai",
      scenario: "electricity-saving",
      unit: "kWh",
      source: "Invented for this test.",
      category: "project",
      validFrom: "2024-12-31T16:00Z",
      validTo: "2025-12-31T16:00Z",
      days: { first: "2025-01-01", last: "2025-12-31" },
      rule: { kind: "linear", gramsPerUnit: "525" },
      ...PLAIN_TERMS,
    });
    const project = write("past.json", {
      ...PROJECT,
      region: "NEWCITY",
      place: "NEWCITY",
      creditingPeriod: { firstDay: "2025-01-01", lastDay: "2025-12-31" },
    });
    const early = await run("project", "propose", write("taken-back.json", { ...PROJECT, id: "slip" }));
    expect(early.code).toBe(0);
    expect(JSON.parse((await run("project", "retract", "slip")).out)).toMatchObject({ state: "retracted" });
    await rehearse("methodology", "propose", methodology);
    await rehearse("methodology", "publish", "NEWCITY-SAVING@2025");
    await rehearse("project", "propose", project);
    await rehearse("project", "notice", "roof-pv");
    expect(await rehearse("project", "register", "roof-pv", "--registration", "R-1")).toContain("registered");
    expect(await rehearse("project", "show", "roof-pv")).toContain('"rehearsal":true');
    const rows = write("rows.csv", `${ASSET_ROWS}\nm1,,M-1,2025-01-01T00:00:00+08:00,,10,kWh\n`);
    const profile = write("roof.yaml", assetProfile("roof-pv", "electricity-saving", "meter"));
    await rehearse("ingest", rows, "--profile", profile);
    const period = ["--from", "2025-01-01", "--to", "2025-01-31"];
    const report = write("january.txt", "Monitored.");
    await rehearse("project", "monitor", "roof-pv", ...period, "--document", report);
    const again = ["project", "verify", "roof-pv", ...period, "--document", report];
    const verified = await microtonne(["--data", data, ...again], undefined, { MICROTONNE_REHEARSAL: "yes" });
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.err).toContain("The document is the monitoring report itself");
    const shown = await rehearse("project", "show", "roof-pv");
    expect(shown).toContain("(a rehearsal: its notice was not over)");
    expect(shown).toContain("verified    2025-01-01 to 2025-01-31");
    expect(shown).toContain('"endDay":"2025-01-31"');
    const vintage = ["--region", "NEWCITY", "--vintage", "2025"];
    const closed = await rehearse("batch", "close", ...vintage, "--category", "project");
    expect(closed).toContain("holds     projects in NEWCITY");
    expect(closed).toContain("assumed   host country CN");
  });

  it("are refused by name where a file breaks its schema, and nothing is kept of it", async () => {
    const broken: [string, unknown, string][] = [
      ["member.json", { ...PROJECT, id: "other", extra: 1 }, "project.schema"],
      [
        "day.json",
        { ...PROJECT, id: "other", creditingPeriod: { firstDay: "2026-02-30", lastDay: "2027-01-01" } },
        "project.schema",
      ],
      ["order.json", { ...PROJECT, id: "other", excludes: ["bus", "bike"] }, "project.schema"],
      ["twice.json", '{"schema":"microtonne-project/1","schema":"microtonne-project/1"}', "file.json"],
      ["large.json", " ".repeat(2 ** 20 + 1), "large.json is too large; such a file has at most"],
      ["class.json", { ...PROJECT, id: "other", scenario: "pv-generation" }, "scenario.unknown"],
      ["other.json", { ...PROJECT, name: "Other roofs" }, "project.id-taken"],
    ];
    for (const [name, value, code] of broken) {
      const ended = await run("project", "propose", write(name, value));
      expect(ended.code).toBe(1);
      expect(`${ended.out}${ended.err}`).toContain(code);
    }
    expect(JSON.parse((await run("project", "list")).out)).toMatchObject([
      { id: "roof-pv" },
      { id: "slip", state: "retracted" },
    ]);
  });

  it("come with certificates beside them, and with counts of behaviour that nothing closes", async () => {
    const file = write("certificates.csv", "meter,from,to,certificate\nM-1,2026-01-01,2026-01-31,GEC-1\n");
    const added = await run("claims", "add", file);
    expect({ code: added.code, ...(JSON.parse(added.out) as object) }).toEqual({
      code: 0,
      read: 1,
      added: 1,
      repeated: 0,
      refused: [],
    });
    const headless = await run("claims", "add", write("none.csv", "a,b\n1,2\n"));
    expect(`${headless.out}${headless.err}`).toContain("claims.header");
    expect(JSON.parse((await run("behaviour", "report", "--year", "2026")).out)).toEqual({
      year: 2026,
      counts: [],
    });
    const refused = await run(
      "batch",
      "close",
      "--region",
      "WUHAN",
      "--vintage",
      "2026",
      "--category",
      "behaviour",
    );
    expect(refused.code).toBe(1);
    expect(`${refused.out}${refused.err}`).toContain("closing.behaviour");
  });

  it("are taught by their help", async () => {
    const [propose, claims] = [
      await microtonne(["project", "propose", "--help"]),
      await microtonne(["claims", "add", "--help"]),
    ];
    for (const member of Object.keys(PROJECT)) expect(propose.out).toContain(`"${member}"`);
    expect(claims.out).toContain("meter,from,to,certificate,mwh");
  });
});
