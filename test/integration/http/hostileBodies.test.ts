import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { MIB } from "../../../src/base/lib/sizes.ts";
import { workbook } from "../../unit/stages/ingest/support/workbook.ts";
import { expectProblem } from "./support/contract.ts";
import { NDJSON } from "./support/rows.ts";
import { onEachService } from "./support/service.ts";

const BODY = 8 * MIB - 100;
const filled = (text: string): string => text.repeat(Math.floor(BODY / text.length));
const UNKNOWN_BATCH = `0x${"0".repeat(64)}`;
const JSON_TYPE = { "content-type": "application/json" };
const GZIP_TYPE = { "content-type": "application/gzip" };
const YAML_TYPE = { "content-type": "application/yaml" };

/** A profile with a join on big.csv for each of these `fields`. */
const withJoins = (fields: readonly string[]): string => `schema: microtonne-profile/1
name: joined
description: Rows with joins.
provider: { id: city-metro, name: Metro }
region: WUHAN
format: { kind: csv }
joins:
${fields
  .map(
    (taken, i) => `  - { name: j${String(i)}, column: key, file: big.csv, key: key, fields: { ${taken} } }\n`,
  )
  .join("")}recordId: { columns: [id] }
scenario: { constant: metro }
time: { format: iso }
start: { columns: [at] }
end: null
quantity: { column: km, unit: passenger-km, as: passenger-km }
`;

/** What is made to keep a parser, a schema or a reader busy is refused by its structure alone. */
describe("bodies that are made to stop the service", () => {
  onEachService((bench) => {
    it.each([
      ["ones as attestations", `{"attestations":[${filled("1,")}1]}`, 413, "request.json-values"],
      [
        "unknown members",
        `{${Array.from({ length: 560_000 }, (_, key) => `"k${String(key)}":1`).join()}}`,
        413,
        "request.json-values",
      ],
      ["brackets", filled("["), 400, "request.json-depth"],
      [
        "a member that comes twice",
        '{"attestations":null,"attestations":null}',
        400,
        "request.json-repeated",
      ],
      ["a member that comes twice, spelt otherwise", '{"a":1,"\\u0061":1}', 400, "request.json-repeated"],
      ["a member that comes twice inside", '{"x":[{"a":{"b":1,"b":2}}]}', 400, "request.json-repeated"],
      ["a string that never ends", `{"a":"${filled('\\"')}`, 400, "request.json"],
    ])("JSON: %s", async (_name, body, status, code) => {
      const token = await bench.token("json", ROLES);
      const called = { token, params: { batch: UNKNOWN_BATCH }, body, headers: JSON_TYPE };
      expect(expectProblem(await bench.call("mintBatch", called))).toMatchObject({ status, code });
    });

    it("JSON: a name may come again in another object, and in a text", async () => {
      const token = await bench.token("json", ROLES);
      const body = '{"label":"\\"label\\":1,\\"label\\":2","roles":["read"],"expiresAt":null}';
      expect((await bench.call("createApiKey", { token, body, headers: JSON_TYPE })).status).toBe(201);
    });

    it.each([
      [
        "25,000 keys",
        Array.from({ length: 25_000 }, (_, key) => `k${String(key)}: 1\n`).join(""),
        "profile.too-large",
      ],
      ["one key 3,000 times", "k: 1\n".repeat(3_000), "profile.yaml"],
      ["brackets", "[".repeat(250_000), "profile.yaml"],
      ["lists in lists on one line", "- ".repeat(120_000), "profile.yaml"],
      ["questions", "? ".repeat(120_000), "profile.yaml"],
    ])("a profile of %s", async (_name, body, code) => {
      const token = await bench.token("profiles", ROLES);
      const called = { token, params: { name: "wide" }, body, headers: YAML_TYPE };
      expect(expectProblem(await bench.call("putProfile", called))).toMatchObject({ status: 422, code });
    });

    it.each([
      ["line ends", NDJSON, filled("\n")],
      ["one-letter rows", NDJSON, filled("x\n")],
      ["line ends of old computers", NDJSON, filled("\r")],
      ["line ends in a gzip file", "application/gzip", gzipSync(Buffer.alloc(60 * MIB, "\n"))],
    ])("8 MB of %s as activities, as a check and as a proposal", async (_name, type, body) => {
      const token = await bench.token("rows", ROLES);
      const [headers, query] = [
        { "content-type": type },
        { profile: "canonical-ndjson", provider: "city-metro" },
      ];
      for (const reply of [
        await bench.call("postActivities", { token, query, body, headers }),
        await bench.call("checkProfile", { token, params: { name: "canonical-ndjson" }, body, headers }),
      ])
        expect(expectProblem(reply)).toMatchObject({ status: 413, code: "request.rows" });
      // The beginning of a file may be proposed for; it says nothing.
      expect((await bench.call("proposeProfile", { token, body, headers })).status).toBeLessThan(500);
    });

    it("elements of a JSON file, and rows of a workbook, are counted as well", async () => {
      const token = await bench.token("elements", ROLES);
      const yaml = `schema: microtonne-profile/1
name: elements
description: Rows in a JSON array.
provider: { id: city-metro, name: Metro }
region: WUHAN
format: { kind: json }
recordId: { columns: [id] }
scenario: { constant: metro }
time: { format: iso }
start: { columns: [at] }
quantity: { column: km, unit: passenger-km, as: passenger-km }
`;
      const put = { token, params: { name: "elements" }, body: yaml, headers: YAML_TYPE };
      expect((await bench.call("putProfile", put)).bytes.toString("utf8")).toContain('"own":true');
      const json = { token, query: { profile: "elements" }, body: `[${filled("1,")}1]`, headers: JSON_TYPE };
      expect(expectProblem(await bench.call("postActivities", json))).toMatchObject({
        status: 413,
        code: "request.rows",
      });
      const sheet = workbook([{ name: "S", rows: Array.from({ length: 50_010 }, () => ["x"]) }]);
      const book = {
        token,
        params: { name: "elements" },
        body: sheet,
        headers: { "content-type": "application/octet-stream" },
      };
      await bench.call("putProfile", { ...put, body: yaml.replace("kind: json", "kind: xlsx") });
      expect(expectProblem(await bench.call("checkProfile", book))).toMatchObject({
        status: 413,
        code: "request.rows",
      });
    });

    it("a file that grows to more than 64 MiB is no body of one request", async () => {
      const token = await bench.token("grows", ROLES);
      const body = gzipSync(Buffer.alloc(80 * MIB, "x"));
      const called = {
        token,
        query: { profile: "canonical-ndjson" },
        body,
        headers: { "content-type": "application/gzip" },
      };
      expect(expectProblem(await bench.call("postActivities", called))).toMatchObject({
        status: 413,
        code: "input.over-cap",
      });
    });

    it.each([
      ["commas without end", Buffer.alloc(80 * MIB, ","), "inflationRatio"],
      ["more rows than a profile may join", Buffer.from("a,b\n".repeat(300_002)), "lookupRows"],
    ])("a lookup file of %s is refused where it is put", async (_what, content, cap) => {
      const token = await bench.token("lookups", ROLES);
      const called = { token, params: { name: "big.csv" }, body: gzipSync(content), headers: GZIP_TYPE };
      const problem = expectProblem(await bench.call("putLookupFile", called));
      expect(problem).toMatchObject({ status: 413, code: "input.over-cap" });
      expect(problem.detail).toContain(cap);
      expect(await bench.json("listLookupFiles", 200, { token })).toEqual({ lookups: [] });
    });

    it("ten joins on one large lookup file are refused by what they take together", async () => {
      const token = await bench.token("joins", ROLES);
      const rows = Array.from({ length: 60_000 }, (_, row) => `${String(row)},a,b,c\n`).join("");
      const file = { token, params: { name: "big.csv" }, headers: GZIP_TYPE };
      const body = gzipSync(`key,one,two,three\n${rows}`);
      expect((await bench.call("putLookupFile", { ...file, body })).status).toBe(200);
      const put = { token, params: { name: "joined" }, headers: YAML_TYPE };
      const post = { token, query: { profile: "joined" }, body: "id,at,km,key\n1,2026-11-01T08:00Z,2,7\n" };
      const ask = async (fields: (join: number) => string): Promise<string> => {
        const yaml = withJoins(Array.from({ length: 10 }, (_, join) => fields(join)));
        expect((await bench.call("putProfile", { ...put, body: yaml })).status).toBe(200);
        const headers = { "content-type": "text/csv" };
        return (await bench.call("postActivities", { ...post, headers })).bytes.toString("utf8");
      };
      expect(await ask(() => "one: one")).toContain('"accepted":1');
      // A file that was put anew is another one, whatever was loaded under its name.
      const other = gzipSync("key,one,two,three\n8,a,b,c\n");
      expect((await bench.call("putLookupFile", { ...file, body: other })).status).toBe(200);
      expect(await ask(() => "one: one")).toContain("lookup.missing");
      expect((await bench.call("putLookupFile", { ...file, body })).status).toBe(200);
      expect(await ask((join) => `f${String(join)}: one`)).toMatch(/input\.over-cap.*cap lookupRows/);
    });

    it("a rule's file of half a million elements", async () => {
      const token = await bench.token("rules", ROLES);
      const body = `{"schema":"microtonne-methodology/2","rule":[${"1,".repeat(500_000)}1]}`;
      expect(
        expectProblem(await bench.call("proposeMethodology", { token, body, headers: JSON_TYPE })),
      ).toMatchObject({ status: 422, code: "file.json" });
    });
  });
});
