import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Verdict } from "../../src/verify/verdict.ts";
import { microtonne } from "./support/microtonne.ts";

const RIDES = 300;
const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
/** 980 g each, of as many people. */
const rides = Array.from({ length: RIDES }, (_, i) => {
  const [record, subject] = [`r${String(i)}`, String(13_800_001_000 + i)];
  return `${record},${subject},metro,2025-06-18T08:00:00+08:00,2025-06-18T08:30:00+08:00,12.5,passenger-km`;
});

describe("the command line, for a retirement of more than 256 leaves", () => {
  let folder: string;
  let batch: { batchId: string; archive: string };
  let retirementId: string;
  const path = (name: string): string => join(folder, name);
  const run = async (...args: string[]) => microtonne(["--data", path("data"), ...args]);
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, out, err } = await run("--json", ...args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out) as T;
  };
  const formatOf = (name: string) =>
    (JSON.parse(readFileSync(path(name), "utf8")) as { format: string }).format;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-cli-spans-"));
    writeFileSync(path("rides.csv"), `${[HEADER, ...rides].join("\n")}\n`);
    await json("ingest", path("rides.csv"), "--profile", "canonical-csv", "--provider", "city-app");
    batch = await json("batch", "close", "--region", "WUHAN", "--vintage", "2025");
    await json("mint", batch.batchId);
    const terms = ["--purpose", "event-neutrality", "--beneficiary", "Meeting", "--year", "2025"];
    ({ retirementId } = await json<{ retirementId: string }>("retire", "--amount", "0.27", ...terms));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("proves it by spans, lists every leaf where that is asked for, and verifies both alike", async () => {
    const asked = ["prove", "--retirement", retirementId];
    const spanned = await json<{ bytes: number }>(...asked, "--out", path("spans.proof.json"));
    const all = ["--leaves", "all", "--out", path("listed.proof.json")];
    const listed = await json<{ bytes: number }>(...asked, ...all);
    expect([formatOf("spans.proof.json"), formatOf("listed.proof.json")]).toEqual([
      "microtonne-proof/2",
      "microtonne-proof/1",
    ]);
    expect(spanned.bytes * 4).toBeLessThan(listed.bytes);

    const byTree = await json<Verdict>("verify", path("spans.proof.json"), "--own");
    const [facts] = byTree.facts.batches;
    expect(facts).toMatchObject({ leaves: 2, leafCount: RIDES, providers: [{ leaves: null }] });
    expect(facts?.spans).toMatchObject({ leaves: 276, milligrams: "270000000" });
    expect([...byTree.checked, ...byTree.notChecked].join("\n")).not.toMatch(/these acts|all leaves/);

    const everyLeaf = await json<Verdict>("verify", path("listed.proof.json"), "--own");
    expect(everyLeaf.facts.batches[0]).toMatchObject({ leaves: 276, spans: null });
    const between = ["--archive", join(batch.archive, "..")];
    const read = await json<Verdict>("verify", path("spans.proof.json"), "--own", ...between);
    expect(read.facts.batches).toEqual(everyLeaf.facts.batches);
    expect(read.facts.retirement).toEqual(everyLeaf.facts.retirement);
  });

  it("keeps the proof that it made: asked again, it is the same, whatever was listed meanwhile", async () => {
    await json("prove", "--retirement", retirementId, "--out", path("again.proof.json"));
    expect(readFileSync(path("again.proof.json"))).toEqual(readFileSync(path("spans.proof.json")));
  });

  it("lists leaves of retirements only, and all of them", async () => {
    const act = ["prove", "--record", "r1", "--provider", "city-app", "--out", path("act.proof.json")];
    expect((await run(...act, "--leaves", "all")).code).toBe(2);
    const few = ["prove", "--retirement", retirementId, "--leaves", "few", "--out", path("few.json")];
    expect((await run(...few)).code).toBe(2);
  });
});
