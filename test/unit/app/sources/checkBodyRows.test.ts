import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { bodyCapsOf, checkBodyRows } from "../../../../src/app/sources/checkBodyRows.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { shippedProfile } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";

const CONFIG = parseConfig({}, { folder: tmpdir() });
const NDJSON = shippedProfile("canonical-ndjson").format;
const CSV = shippedProfile("canonical-csv").format;
const check = (rows: number, after = "", format = NDJSON, head = "") =>
  checkBodyRows(CONFIG, format, utf8(`${head}${Array(rows).fill("{}").join("\n")}${after}`));

it("one request takes fifty thousand rows and not one more", async () => {
  await expect(check(50_000)).resolves.toBeUndefined();
  await expect(check(50_001)).rejects.toMatchObject({
    code: "request.rows",
    message:
      "One request takes at most 50,000 rows, and the body has more. Send it as an upload, in pieces: POST " +
      "/v1/activities/uploads",
  });
});

it("neither the end of the last line nor a header is a row", async () => {
  await expect(check(50_000, "\n")).resolves.toBeUndefined();
  await expect(check(50_000, "\n\n")).rejects.toMatchObject({ code: "request.rows" });
  await expect(check(50_000, "\n", CSV, "recordId,subject\n")).resolves.toBeUndefined();
  await expect(check(50_001, "", CSV, "recordId,subject\n")).rejects.toMatchObject({ code: "request.rows" });
});

it("a body unpacks to 64 MiB at most, whatever the settings allow a file", () => {
  expect(bodyCapsOf(CONFIG).inflatedBytes).toBe(64 * 2 ** 20);
});
