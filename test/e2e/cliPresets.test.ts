import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseClassListFile, publishedClassesOf } from "../../src/format/batch/classes/classListFile.ts";
import { SHIPPED_CLASS_LISTS } from "../../src/format/batch/classes/classLists.ts";
import { shippedMethodologies } from "../../src/stages/quantify/shippedMethodologies.ts";
import { microtonne } from "./support/microtonne.ts";

const LIST = "src/stages/quantify/preset-classes.json";
const CLASSES = publishedClassesOf(parseClassListFile(JSON.parse(readFileSync(LIST, "utf8"))));
/** As docs/methodologies.md has it, after the program's name. */
const COMMAND = /`microtonne (rules publish src\/stages\/quantify\/preset-classes\.json [^`]+)`/;

const profileOf = (name: string, scenario: string, unit: string, region: string, attributes: string) => `
schema: microtonne-profile/1
name: ${name}
description: A preset's records.
provider: { id: ${name}, name: Invented }
region: ${region}
format: { kind: csv }
recordId: { columns: [id] }
subject: { column: who, scope: deployment }
scenario: { constant: ${scenario} }
time: { format: iso }
start: { columns: [start] }
end: { columns: [end] }
quantity: { column: quantity, unit: ${unit}, as: ${unit} }
attributes: ${attributes}
`;

describe("the classes of the presets", () => {
  it("go on from those that ship, with what the presets count besides", () => {
    const lists = SHIPPED_CLASS_LISTS.with(CLASSES);
    expect(lists.newest.version).toBe(SHIPPED_CLASS_LISTS.newest.version + 1);
    for (const { scenario, unit } of shippedMethodologies())
      expect(lists.newest.find(scenario)).toMatchObject({ unit });
    const further = CLASSES.classes.filter(({ name }) => SHIPPED_CLASS_LISTS.newest.find(name) === null);
    expect(further.map(({ name }) => name)).toEqual(["pv-generation", "pv-aggregate", "travel-week"]);
  });

  describe("at the command line", () => {
    let folder: string;
    const path = (name: string): string => join(folder, name);
    const run = async (...args: string[]) => {
      const { code, out } = await microtonne(["--data", path("data"), "--json", ...args]);
      return { code, json: JSON.parse(out) as unknown };
    };

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "microtonne-presets-"));
      const write = (name: string, text: string): void => writeFileSync(path(name), text);
      write(
        "week.yaml",
        profileOf("lahti-travel", "travel-week", "g", "LAHTI", "{ days-measured: { column: days } }"),
      );
      write(
        "week.csv",
        "id,who,start,end,quantity,days\nw1,eino,2026-06-07T21:00:00Z,2026-06-14T20:59:59Z,14321,7\n",
      );
      write(
        "pv.yaml",
        profileOf("roof-pv", "pv-generation", "kWh", "HUBEI", "{ capacity-w: { column: watt } }"),
      );
      write(
        "pv.csv",
        "id,who,start,end,quantity,watt\np1,,2026-06-30T16:00:00Z,2026-07-31T16:00:00Z,500,5000\n",
      );
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("are published by the one command of the documentation; before that they are refused", async () => {
      const ingest = (name: string) => run("ingest", path(`${name}.csv`), "--profile", path(`${name}.yaml`));
      expect(await ingest("week")).toMatchObject({ json: { error: { code: "scenario.unknown" } } });

      const [, command = ""] = COMMAND.exec(readFileSync("docs/methodologies.md", "utf8")) ?? [];
      expect(await run(...command.split(" "))).toMatchObject({
        code: 0,
        json: { name: "scenario-classes:TEST@3", state: "published" },
      });
      // The class is known; its acts count from the region's own bounds on.
      expect(await ingest("week")).toMatchObject({ json: { reasons: { "plausibility.no-bounds": 1 } } });
      // What a project's month still needs is its project.
      expect(await ingest("pv")).toMatchObject({ json: { reasons: { "project.unknown": 1 } } });
    });
  });
});
