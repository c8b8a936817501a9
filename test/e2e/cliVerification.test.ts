import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { microtonne } from "./support/microtonne.ts";

const OPERATOR = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("a verification body's statement at the command line", () => {
  let folder: string;
  const path = (name: string): string => join(folder, name);
  const run = async (...args: string[]) => {
    const { code, out } = await microtonne(["--data", path("data"), "--json", ...args]);
    return { code, json: JSON.parse(out) as Record<string, unknown> };
  };
  const write = (date: string) => {
    const said = {
      body: "Assurance Ltd",
      date,
      operator: OPERATOR,
      region: "WUHAN",
      vintage: "2019",
      level: "reasonable",
      opinion: "unmodified",
      document: path("report.pdf"),
      out: path("statement.json"),
    };
    const options = Object.entries(said).flatMap(([name, value]) => [`--${name}`, value]);
    return run("verification", "write", ...options);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-verification-"));
    writeFileSync(path("report.pdf"), "a report");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is written by the body, and shown to whoever has the file under the same hash", async () => {
    const written = await write("2026-03-01");
    expect(written).toMatchObject({
      code: 0,
      json: { statement: { operator: OPERATOR.toLowerCase(), category: "act", vintage: 2019 } },
    });
    expect(readFileSync(path("statement.json"), "utf8")).toMatch(
      /^\{"body":"Assurance Ltd","category":"act",/,
    );
    const { statementHash } = written.json;
    expect(statementHash).toMatch(/^0x[0-9a-f]{64}$/);
    expect((await run("verification", "show", path("statement.json"))).json).toMatchObject({ statementHash });
    const refused = await write("2026-02-30");
    expect(refused).toMatchObject({ code: 1, json: { error: { code: "verification.malformed" } } });
  });

  it("and a batch's other terms are looked at before anything is opened or frozen", async () => {
    const close = (...terms: string[]) =>
      run("batch", "close", "--region", "WUHAN", "--vintage", "2019", ...terms);
    // Of a folder that holds records, if none of that vintage: one that holds nothing is told so first.
    const rides = ["docs/examples/rides.csv", "--profile", "canonical-csv", "--provider", "city-metro"];
    await run("ingest", ...rides);
    expect((await close("--title", "programme")).json).toMatchObject({ error: { code: "close.terms" } });
    expect((await close("--campaign-document", path("report.pdf"))).json).toMatchObject({
      error: { code: "close.terms" },
    });
    expect((await close("--audience", "participants")).json).toMatchObject({
      error: { code: "close.audience" },
    });
    expect((await close("--verification", path("statement.json"))).json).toMatchObject({
      error: { code: "closing.nothing-open" },
    });
  });
});
