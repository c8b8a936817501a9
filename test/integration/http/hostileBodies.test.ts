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
const YAML_TYPE = { "content-type": "application/yaml" };

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

    it("a rule's file of half a million elements", async () => {
      const token = await bench.token("rules", ROLES);
      const body = `{"schema":"microtonne-methodology/2","rule":[${"1,".repeat(500_000)}1]}`;
      expect(
        expectProblem(await bench.call("proposeMethodology", { token, body, headers: JSON_TYPE })),
      ).toMatchObject({ status: 422, code: "file.json" });
    });
  });
});
