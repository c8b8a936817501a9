import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { microtonne } from "./support/microtonne.ts";
import { PLAIN_TERMS } from "../support/plainTerms.ts";

const VERSION = {
  schema: "microtonne-methodology/2",
  code: "OUR-METRO",
  version: "2090",
  title: "Our metro",
  region: "OURCITY",
  timeZone: "Asia/Shanghai",
  scenario: "metro",
  unit: "passenger-km",
  source: "Invented for this test.",
  category: "act",
  validFrom: "2090-01-01T00:00Z",
  validTo: "2091-01-01T00:00Z",
  days: { first: "2090-01-01", last: "2091-01-01" },
  rule: { kind: "linear", gramsPerUnit: "50.5" },
  ...PLAIN_TERMS,
  caps: { ...PLAIN_TERMS.caps, unitsPerAct: "100" },
};
const BOUNDS = {
  schema: "microtonne-regional-plausibility/1",
  region: "OURCITY",
  version: 1,
  timeZone: "Asia/Shanghai",
  validFrom: "2090-01-01",
  classes: [{ scenario: "bike", act: { speed: { maxKmh: "30", source: "City rule 12." } } }],
};

/** Each step is a process of its own, some with a chain. */
const MINUTES = 600_000;

describe("rules on the command line", () => {
  let folder: string;
  let data: string;
  const path = (name: string): string => join(folder, name);
  const run = (...args: string[]) => microtonne(["--data", data, "--json", ...args]);
  const json = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { code, out, err } = await run(...args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out) as Record<string, unknown>;
  };
  const refusal = async (...args: string[]) => {
    const { code, out } = await run(...args);
    return { exit: code, ...(JSON.parse(out) as { error: { code: string; message: string } }).error };
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-cli-rules-"));
    data = path("data");
    writeFileSync(path("metro.json"), JSON.stringify(VERSION, null, 2));
    writeFileSync(path("bounds.json"), JSON.stringify(BOUNDS, null, 2));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are checked without a data folder: what they say, one unit counted, what hinders", async () => {
    const checked = await json("methodology", "check", path("metro.json"));
    expect(checked).toMatchObject({ kind: "methodology", name: "OUR-METRO@2090", warnings: [] });
    expect(checked["says"]).toContain("Example: an act of 1 passenger-km earns 50500 mg, 50.5 g.");
    writeFileSync(
      path("past.json"),
      JSON.stringify({
        ...VERSION,
        validFrom: "2020-01-01T00:00Z",
        days: { first: "2020-01-01", last: "2091-01-01" },
      }),
    );
    expect((await json("methodology", "check", path("past.json")))["warnings"]).toHaveLength(1);
    expect(await json("rules", "check", path("bounds.json"))).toMatchObject({
      name: "plausibility:OURCITY@1",
    });
    const recognition = {
      schema: "microtonne-recognition/1",
      authority: "GD",
      version: 1,
      validFrom: "2090-01-01T00:00Z",
      rules: [],
    };
    writeFileSync(path("recognition.json"), JSON.stringify(recognition));
    expect(await json("rules", "check", path("recognition.json"))).toMatchObject({
      name: "recognition:GD@1",
      warnings: [],
    });
    const short = { schema: "microtonne-scenario-classes/1", region: "OURCITY", version: 3 };
    writeFileSync(
      path("short.json"),
      JSON.stringify({ ...short, classes: [{ code: 1, name: "metro", unit: "passenger-km" }] }),
    );
    const checkedList = await run("rules", "check", path("short.json"));
    expect({ code: checkedList.code, ...(JSON.parse(checkedList.out) as object) }).toMatchObject({
      code: 1,
      name: "scenario-classes:OURCITY@3",
      refusal: {
        code: "rules.classes",
        message: expect.stringContaining("does not go on from scenario-classes:SHIPPED@2") as string,
      },
    });
    expect(await json("methodology", "list", "--catalogue")).toContainEqual({
      region: "XIAMEN",
      code: "XM CER-02-V1-2025",
      title: "Waste sorting",
      standing: "not executable without a published factor",
    });
    expect(existsSync(path("data"))).toBe(false);
  });

  it.each([
    ["too large", () => `"${"x".repeat(2 ** 20)}"`, "file.json"],
    ["nested deeply", () => "[".repeat(2 ** 19), "file.json"],
    [
      "with a member that stands twice",
      () => '{"schema": "microtonne-methodology/2", "schema": 1}',
      "file.json",
    ],
    ["of another kind", () => JSON.stringify(BOUNDS), "rules.schema"],
    ["with an unknown member", () => JSON.stringify({ ...VERSION, more: 1 }), "methodology.malformed"],
    [
      "of a scenario that nobody listed",
      () => JSON.stringify({ ...VERSION, scenario: "ferry" }),
      "scenario.unknown",
    ],
    ["in a zone that is none", () => JSON.stringify({ ...VERSION, timeZone: "Asia/Wuhan" }), "zone.unknown"],
  ])("are refused by their file's name where a file is %s", async (_what, text, code) => {
    writeFileSync(path("hostile.json"), text());
    const refused = await refusal("methodology", "check", path("hostile.json"));
    expect(refused).toMatchObject({ code, message: expect.stringMatching(/^hostile\.json/) as string });
  });

  it(
    "are proposed, published by the embedded chain's registrar, shown, added and withdrawn",
    async () => {
      expect(await json("methodology", "propose", path("metro.json"))).toMatchObject({ state: "proposed" });
      expect(await json("methodology", "list")).not.toContainEqual(
        expect.objectContaining({ code: "OUR-METRO" }),
      );
      expect(await json("methodology", "list", "--all")).toContainEqual(
        expect.objectContaining({ code: "OUR-METRO", state: "proposed" }),
      );
      expect(await refusal("methodology", "withdraw", "OUR-METRO", "--why", "a slip")).toMatchObject({
        code: "rules.not-published",
      });
      expect(await json("methodology", "retract", "OUR-METRO")).toMatchObject({ state: "retracted" });
      expect(await json("methodology", "propose", path("metro.json"))).toMatchObject({ state: "proposed" });
      expect(await json("methodology", "publish", "OUR-METRO@2090")).toMatchObject({
        state: "published",
        call: null,
      });
      expect(await json("methodology", "add", path("metro.json"))).toMatchObject({ state: "published" });
      writeFileSync(path("other.json"), JSON.stringify({ ...VERSION, title: "Another metro" }));
      expect(await refusal("methodology", "propose", path("other.json"))).toMatchObject({
        code: "rules.name-taken",
      });
      expect(await refusal("methodology", "add", path("other.json"))).toMatchObject({
        code: "rules.not-on-chain",
      });
      const shown = await json("methodology", "show", "OUR-METRO");
      expect(shown).toMatchObject({
        state: "published",
        decisions: [
          { what: "propose" },
          { what: "retract", before: "proposed", after: "retracted" },
          { what: "propose" },
          { what: "shown", before: "proposed", after: "published" },
        ],
      });
      expect(await refusal("methodology", "retract", "OUR-METRO")).toMatchObject({ code: "rules.published" });
    },
    MINUTES,
  );

  it(
    "of other kinds take the same doors; what is withdrawn stays so",
    async () => {
      expect(await json("rules", "propose", path("bounds.json"))).toMatchObject({ state: "proposed" });
      expect(await json("rules", "publish", "plausibility:OURCITY@1")).toMatchObject({ state: "published" });
      expect(await json("rules", "add", path("bounds.json"))).toMatchObject({ state: "published" });
      expect(await json("rules", "list")).toMatchObject([
        { name: "scenario-classes:SHIPPED@2", state: "shipped" },
        { name: "plausibility:OURCITY@1", state: "published" },
      ]);
      expect(await json("rules", "show", "plausibility:OURCITY@1")).toMatchObject({ content: BOUNDS });
      expect(await json("methodology", "withdraw", "OUR-METRO", "--why", "a slip")).toMatchObject({
        state: "withdrawn",
      });
      expect(await refusal("methodology", "add", path("metro.json"))).toMatchObject({
        code: "rules.withdrawn",
      });
      expect(await refusal("methodology", "publish", "OUR-METRO")).toMatchObject({ code: "rules.withdrawn" });
      expect((await json("methodology", "show", "OUR-METRO"))["decisions"]).toHaveLength(5);
    },
    MINUTES,
  );

  it(
    "teach what they take",
    async () => {
      const verbs = ["check", "propose", "retract", "publish", "withdraw", "add", "list", "show"];
      const calls = ["methodology", "rules"].flatMap((family) =>
        verbs.map((verb) => [family, verb, "--help"]),
      );
      const answers = await Promise.all(calls.map((call) => microtonne(call)));
      for (const { code, out } of answers)
        expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("Example") as string });
    },
    MINUTES,
  );
});
