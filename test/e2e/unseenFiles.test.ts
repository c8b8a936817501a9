import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { shippedProfile } from "../../src/stages/ingest/profile/shippedProfiles.ts";
import { readAll } from "../unit/stages/ingest/support/helpers.ts";
import { dataFile, hasData } from "./support/realData.ts";

const TABLES = [
  ["pittsburgh-bikes", "bike/pgh-healthyride-rentals-2016-q4.csv.gz", ","],
  ["dundee-charging", "ev/dundee_060618-060918.csv.gz", ","],
  ["perth-charging-corrected", "ev/perth_2016-17.csv.gz", ","],
  ["paris-belib", "ev/paris_belib_apr.csv.gz", ";"],
  ["acn-sessions-processed", "ev/acn_office_processed.csv.gz", ","],
] as const;
const STATIONS = "pgh-healthyridestations2017.csv.gz";

type Table = readonly (readonly string[])[];
const quoted = (table: Table, delimiter: string, end: string): string =>
  table.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter) + end).join("");

/** What became of a file's rows: each record as text, in order, and each refusal's code. */
async function fates(profile: string, content: string | Uint8Array): Promise<string[]> {
  const lookups = { [STATIONS]: readFileSync(dataFile(`bike/${STATIONS}`)) };
  const outcomes = await readAll(shippedProfile(profile), content, {
    lookups,
    exchangeDates: profile === "perth-charging-corrected",
  });
  return outcomes.map((one) => {
    if (one.kind === "rejected") return one.code;
    const { recordId, startedAt, endedAt, quantity, unit } = one.record;
    return [recordId, startedAt, endedAt, quantity, unit, one.subject?.identifier].join(" ");
  });
}

// Without real data nothing here runs.
describe.skipIf(!hasData)("a file of a known kind that comes otherwise than before", () => {
  it.each(TABLES)(
    "%s: other order of columns, other ends, marks, encodings, members; the same acts",
    async (profile, path, delimiter) => {
      const bytes = gunzipSync(readFileSync(dataFile(path)));
      const table = parse(bytes, { bom: true, delimiter, record_delimiter: ["\r\n", "\n", "\r"] });
      const expected = await fates(profile, bytes);
      expect(expected).toHaveLength(table.length - 1);
      const [header = [], ...rows] = table;
      const turned: Table = [[...header].toReversed(), ...rows.map((row) => row.toReversed())];
      expect(await fates(profile, `\uFEFF${quoted(turned, delimiter, "\r\n")}`)).toEqual(expected);
      const shouted: Table = [
        header.map((name) => `  ${name.toUpperCase().replaceAll(" ", "  ")} `),
        ...rows,
      ];
      expect(
        await fates(profile, Buffer.from(`\uFEFF${quoted(shouted, delimiter, "\r")}`, "utf16le")),
      ).toEqual(expected);
      const half = Math.floor(rows.length / 2);
      const members = [
        [header, ...rows.slice(0, half)],
        [header, ...rows.slice(half)],
      ].map((part) => gzipSync(quoted(part, delimiter, "\n")));
      expect(await fates(profile, Buffer.concat(members))).toEqual(expected.toSpliced(half, 0, "row.header"));
      expect(await fates(profile, `${quoted(table, delimiter, "\n")}\n\n\n`)).toEqual([
        ...expected,
        "row.empty",
        "row.empty",
        "row.empty",
      ]);
      const further: Table = table.map((row, at) => ["new", ...row, at === 0 ? "remarks" : 'a; b, "c"\nd']);
      expect(await fates(profile, quoted(further, delimiter, "\n"))).toEqual(expected);
    },
    120_000,
  );

  it("acn-sessions: members in another order, pretty, with further ones around", async () => {
    const text = gunzipSync(readFileSync(dataFile("ev/acn_office001.json.gz"))).toString("utf8");
    const expected = await fates("acn-sessions", text);
    const { _items: items } = JSON.parse(text) as { _items: object[] };
    expect(expected).toHaveLength(items.length);
    const turned = items.map((item) => Object.fromEntries(Object.entries(item).toReversed()));
    const content = JSON.stringify(
      { meta: { _items: "none" }, more: [{ _items: [1] }], _items: turned, next: null },
      null,
      "\t",
    );
    expect(await fates("acn-sessions", `\uFEFF${content}`)).toEqual(expected);
  });
});
