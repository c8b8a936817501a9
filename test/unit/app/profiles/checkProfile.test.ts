import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { systemClock } from "../../../../src/app/process/system.ts";
import { checkProfile } from "../../../../src/app/profiles/checkProfile.ts";

const check = (rows: number) =>
  checkProfile({
    profile: "canonical-csv",
    file: null,
    rows,
    lookupFolder: null,
    config: parseConfig({}, { folder: tmpdir() }),
    clock: systemClock,
  });

it("a profile is checked without a file as well, and shows a thousand rows at most", async () => {
  for (const rows of [1, 1000])
    expect(await check(rows)).toMatchObject({ name: "canonical-csv", dates: null, counts: null, rows: [] });
  for (const rows of [0, 1001, 1.5])
    await expect(check(rows)).rejects.toMatchObject({
      code: "profile.rows",
      message: "Between 1 and 1000 rows can be shown.",
    });
});
