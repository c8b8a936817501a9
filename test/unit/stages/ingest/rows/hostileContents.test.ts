import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../../src/format/batch/classes/classLists.ts";
import { parseProfile } from "../../../../../src/stages/ingest/profile/profile.ts";
import { proposeProfile } from "../../../../../src/stages/ingest/propose/proposeProfile.ts";
import { codes, pieces, readAll, smallProfile, tally } from "../support/helpers.ts";

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"];
const untouched = (): void => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
};

describe("names that objects have by birth", () => {
  it.each(NAMES)("%s is a column like any other", async (name) => {
    const profile = smallProfile({
      recordId: `{ columns: ["${name}"] }`,
      aliases: "{ km: [constructor2] }",
      empty: "[valueOf]",
      filters: `[{ column: "${name}", notIn: [x] }]`,
    });
    const outcomes = await readAll(profile, `${name},start,end,km\nr1,1,2,3\nvalueOf,1,2,3\n`);
    expect(outcomes.map((one) => (one.kind === "record" ? one.record.recordId : one.code))).toEqual([
      "r1",
      "field.missing",
    ]);
    await expect(readAll(profile, "id,start,end,km\nr1,1,2,3\n")).rejects.toMatchObject({
      code: "input.header",
    });
    untouched();
  });

  it.each(NAMES)("%s is a member like any other, and none where it is not written", async (name) => {
    const profile = smallProfile({ format: "{ kind: ndjson }", recordId: `{ columns: ["${name}"] }` });
    const lines = [
      `{"${name}":"r1","start":1,"end":2,"km":3}`,
      `{"start":1,"end":2,"km":3}`,
      `{"${name}":{"polluted":1},"start":1,"end":2,"km":3}`,
    ];
    const outcomes = await readAll(profile, lines.join("\n"));
    expect(outcomes.map((one) => (one.kind === "record" ? one.record.recordId : one.code))).toEqual([
      "r1",
      "field.missing",
      "field.type",
    ]);
    const inside = smallProfile({
      format: "{ kind: ndjson, each: /trips }",
      recordId: `{ columns: ["../${name}"] }`,
    });
    const trip = '{"__proto__":{"polluted":1},"start":1,"end":2,"km":3}';
    const nested = [`{"${name}":"r1","trips":[${trip}]}`, `{"trips":[${trip}]}`];
    expect(
      (await readAll(inside, nested.join("\n"))).map((one) =>
        one.kind === "record" ? one.record.recordId : one.code,
      ),
    ).toEqual(["r1", "field.missing"]);
    untouched();
  });

  it("are no units, scenarios, zones or join keys", async () => {
    const inCell = smallProfile({ quantity: "{ column: km, units: { km: km }, as: km }", end: null });
    const cells = NAMES.map((name, i) => `${String(i)},5,,1 ${name}`).join("\n");
    expect(tally(await codes(inCell, `id,start,end,km\n${cells}\n`))).toEqual({
      "unit.unknown": NAMES.length,
    });
    const mapped = smallProfile({ scenario: "{ column: km, map: { a: bike } }" });
    expect(
      tally(await codes(mapped, `id,start,end,km\n${NAMES.map((name) => `1,5,6,${name}`).join("\n")}\n`)),
    ).toEqual({
      "scenario.unknown": NAMES.length,
    });
    const joined = smallProfile({
      joins: "[{ name: f, column: km, inline: { a: { km: '1' } } }]",
      quantity: "{ column: { join: f, field: km }, unit: km, as: km }",
    });
    expect(
      tally(await codes(joined, `id,start,end,km\n${NAMES.map((name) => `1,5,6,${name}`).join("\n")}\n`)),
    ).toEqual({
      "lookup.missing": NAMES.length,
    });
    untouched();
  });

  it("go through the proposal of a profile", async () => {
    const known = {
      name: "new",
      provider: null,
      region: null,
      zone: null,
      scenario: null,
      fileName: "x.csv",
      path: "new.yaml",
      classes: SHIPPED_CLASS_LISTS.newest,
    };
    const rows = Array.from(
      { length: 25 },
      (_, i) => `${String(i)},2025-05-01T08:00:${String(i + 10)}Z,1 constructor\n`,
    ).join("");
    for (const file of [
      `__proto__,constructor,toString\n${rows}`,
      '[{"__proto__":{"polluted":1},"constructor":"2025-05-01T08:00:00Z"}]',
    ]) {
      const { yaml } = await proposeProfile({ open: () => pieces(file) }, known, scratchIn());
      expect(parseProfile(yaml).name).toBe("new");
    }
    untouched();
  });
});

describe("hostile bytes", () => {
  it("of another encoding cost the fields that have them, and no other row", async () => {
    const profile = smallProfile({ subject: "{ column: who, scope: provider }" });
    const utf8 = Buffer.from("id,start,end,km,who\n1,1,2,3,碳\n");
    const gbk = Buffer.from([0x32, 0x2c, 0x31, 0x2c, 0x32, 0x2c, 0x33, 0x2c, 0xb5, 0xd8, 0x0a]);
    const utf16 = Buffer.from("3,1,2,3,x\n", "utf16le");
    const found = await codes(profile, Buffer.concat([utf8, gbk, utf16, Buffer.from("\n4,1,2,3,ok\n")]));
    expect(found.slice(0, 2)).toEqual(["ok", "field.encoding"]);
    expect(found.at(-1)).toBe("ok");
    expect(found.slice(2, -1).every((code) => code === "row.nul" || code === "row.empty")).toBe(true);
  });

  it("of zeros alone, plain or as UTF-16, are refused rows", async () => {
    const header = Buffer.from("id,start,end,km\n");
    expect(await codes(smallProfile(), Buffer.concat([header, Buffer.alloc(1_000_000)]))).toEqual([
      "row.too-long",
    ]);
    expect(await codes(smallProfile(), gzipSync(Buffer.concat([header, Buffer.alloc(1000)])))).toEqual([
      "row.nul",
    ]);
    const wide = Buffer.concat([Buffer.from("\uFEFFid,start,end,km\n", "utf16le"), Buffer.alloc(1001)]);
    expect(await codes(smallProfile(), wide)).toEqual(["row.nul"]);
  });

  it.each(["[", '{"a":'])(
    "of JSON a million levels deep (%s) are refused in every kind of JSON, before and inside the rows",
    async (open) => {
      const close = open === "[" ? "]" : "}";
      const deep = `${open.repeat(1_000_000)}1${close.repeat(1_000_000)}`;
      const caps = { rowCharacters: 16 * 2 ** 20 };
      const json = smallProfile({ format: "{ kind: json, at: /rows }" });
      const good = '{"id":"1","start":1,"end":2,"km":3}';
      const tree = await readAll(json, `{"skipped":${deep},"rows":[${good},{"id":${deep}},${good}]}`, {
        caps,
      });
      expect(tree.map((one) => (one.kind === "record" ? "ok" : one.code))).toEqual([
        "ok",
        "row.too-deep",
        "ok",
      ]);
      const inside = smallProfile({ format: "{ kind: ndjson, each: /trips }" });
      expect(await codes(inside, `{"trips":[{"id":${deep}}]}\n{"trips":[${good}]}\n`, { caps })).toEqual([
        "row.too-deep",
        "ok",
      ]);
    },
  );

  it("in a list inside an object cost no more than the row's cap, however many elements it has", async () => {
    const profile = smallProfile({ format: "{ kind: ndjson, each: /trips }" });
    const line = `{"around":"${"x".repeat(30_000)}","trips":[${Array(2000).fill("{}").join(",")}]}`;
    const outcomes = await readAll(profile, line);
    expect(outcomes).toHaveLength(2000);
    expect(outcomes.reduce((sum, { raw }) => sum + raw.length, 0)).toBeLessThan(100_000);
    expect(await codes(profile, `{"trips":[${Array(40_000).fill("{}").join(",")}]}`)).toEqual([
      "row.too-long",
    ]);
  });
});
