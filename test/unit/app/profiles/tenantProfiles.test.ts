/** A tenant's own profiles and lookup files, and what requests make of them, on one embedded database. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../../../src/app/context.ts";
import { checkBytes } from "../../../../src/app/profiles/checkBytes.ts";
import { describeProfiles } from "../../../../src/app/profiles/describeProfile.ts";
import { lookupFiles, putLookupFile, removeLookupFile } from "../../../../src/app/profiles/lookupFiles.ts";
import { resolveTenantProfile } from "../../../../src/app/profiles/resolveTenantProfile.ts";
import {
  putProfile,
  removeProfile,
  showTenantProfile,
  tenantProfiles,
} from "../../../../src/app/profiles/tenantProfiles.ts";
import { LookupTables } from "../../../../src/app/sources/lookupTables.ts";
import { tenantLookups } from "../../../../src/app/sources/tenantLookups.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import { shippedProfileText } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";
import { newPlace, type Place } from "../../../e2e/support/newPlace.ts";
import { textOf } from "../sources/support/textOf.ts";

const OWN = shippedProfileText("canonical-csv")
  .replace("name: canonical-csv", "name: own-rides")
  .replace(/^description: .*$/m, "description: Ours.");
/** Rides whose quantity is told by a table of stops. */
const WITH_STOPS = `${OWN.replace("name: own-rides", "name: by-stop")
  .replace(
    "quantity: { column: quantity, unitColumn: unit }",
    "quantity: { column: { join: stop, field: km }, unit: km, as: passenger-km }",
  )
  .trimEnd()}
joins:
  - { name: stop, column: stop, file: stops.csv, key: stop, fields: { km: km } }
`;
const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit,stop";
const ride = (id: string, stop: string) =>
  `${id},s-${id},metro,2025-06-18T08:00:00+08:00,2025-06-18T08:20:00+08:00,5,passenger-km,${stop}`;
const RIDES = utf8(`${HEADER}\n${ride("r1", "a")}\n${ride("r2", "b")}\n`);

let place: Place;
let alpha: Context;
let beta: Context;
beforeAll(async () => {
  place = await newPlace(null, { MICROTONNE_MAX_INPUT_BYTES: "2000000" });
  alpha = await place.open();
  beta = await alpha.forTenant(tenantId("beta"));
});
afterAll(async () => {
  await beta.close();
  await alpha.close();
  await place.remove();
});

describe("a tenant's own profile", () => {
  it("stands among those that ship, by name, and in for one of its name, for that tenant alone", async () => {
    const shipped = describeProfiles().map((profile) => ({ ...profile, own: false }));
    expect(shipped.length).toBeGreaterThan(10);
    expect(await tenantProfiles(alpha)).toEqual(shipped);
    const put = await putProfile(alpha, "own-rides", utf8(OWN));
    expect(put).toMatchObject({ name: "own-rides", description: "Ours.", own: true, text: OWN });
    const instead = shippedProfileText("epfl-charging").replace(
      /^description: .*$/m,
      "description: Instead.",
    );
    await putProfile(alpha, "epfl-charging", utf8(instead));
    const listed = await tenantProfiles(alpha);
    const names = listed.map(({ name }) => name);
    expect(names).toEqual([...shipped.map(({ name }) => name), "own-rides"].toSorted());
    expect(listed.filter(({ own }) => own).map(({ name, description }) => [name, description])).toEqual([
      ["epfl-charging", "Instead."],
      ["own-rides", "Ours."],
    ]);
    expect(await tenantProfiles(beta)).toEqual(shipped);
    expect(await showTenantProfile(alpha, "epfl-charging")).toMatchObject({ own: true, text: instead });
    expect(await showTenantProfile(beta, "epfl-charging")).toMatchObject({
      own: false,
      text: shippedProfileText("epfl-charging"),
    });
    await expect(showTenantProfile(beta, "own-rides")).rejects.toMatchObject({ code: "profile.unknown" });
  });

  it("is put under the name that stands in it, as text in UTF-8", async () => {
    await expect(putProfile(alpha, "other", utf8(OWN))).rejects.toMatchObject({
      code: "profile.name",
      message: "The profile calls itself own-rides; put it under that name.",
    });
    for (const bytes of [new Uint8Array([0xff, 0xfe]), utf8(`${OWN}\0`)])
      await expect(putProfile(alpha, "own-rides", bytes)).rejects.toMatchObject({
        code: "profile.yaml",
        message: "The profile is no text in UTF-8, or has a NUL character.",
      });
  });

  it("is what a request means by its name, with the provider and region that the request names", async () => {
    expect(await resolveTenantProfile(alpha, { profile: "own-rides" })).toMatchObject({
      description: "Ours.",
      provider: { id: "canonical" },
      region: "WUHAN",
    });
    const chosen = { profile: "own-rides", provider: "city-metro", region: "YICHANG" };
    expect(await resolveTenantProfile(alpha, chosen)).toMatchObject({
      provider: { id: "city-metro" },
      region: "YICHANG",
    });
    expect(await resolveTenantProfile(beta, { profile: "canonical-csv", region: "YICHANG" })).toMatchObject({
      name: "canonical-csv",
      provider: { id: "canonical" },
      region: "YICHANG",
    });
    await expect(resolveTenantProfile(beta, { profile: "own-rides" })).rejects.toMatchObject({
      code: "profile.unknown",
    });
    await expect(resolveTenantProfile(alpha, { ...chosen, provider: "NO" })).rejects.toMatchObject({
      code: "id.malformed",
    });
  });

  it("is removed by its tenant alone, and the one that ships comes back", async () => {
    await expect(removeProfile(beta, "own-rides")).rejects.toMatchObject({
      code: "profile.unknown",
      message: 'You have no profile "own-rides" of your own.',
    });
    await removeProfile(alpha, "epfl-charging");
    expect(await showTenantProfile(alpha, "epfl-charging")).toMatchObject({ own: false });
    await expect(removeProfile(alpha, `p${"x".repeat(90)}`)).rejects.toThrow(`"p${"x".repeat(79)}"`);
  });
});

describe("a tenant's lookup file", () => {
  it("is put under a plain name, listed by name, and removed by its tenant alone", async () => {
    expect(await putLookupFile(alpha, "stops.csv", utf8("stop,km\na,1\n"))).toEqual({
      name: "stops.csv",
      bytes: 12,
    });
    await putLookupFile(alpha, "Fares 2025-06_v.1", utf8("x"));
    expect(await lookupFiles(alpha)).toEqual([
      { name: "Fares 2025-06_v.1", bytes: 1 },
      { name: "stops.csv", bytes: 12 },
    ]);
    expect(await lookupFiles(beta)).toEqual([]);
    await expect(removeLookupFile(beta, "stops.csv")).rejects.toMatchObject({
      code: "lookup.unknown",
      message: 'There is no lookup file "stops.csv" here.',
    });
    await expect(removeLookupFile(beta, "x".repeat(90))).rejects.toThrow(`"${"x".repeat(80)}"`);
    await removeLookupFile(alpha, "Fares 2025-06_v.1");
    expect((await lookupFiles(alpha)).map(({ name }) => name)).toEqual(["stops.csv"]);
  });

  it.each(["x", "9", "_a", "站.csv", `x${"y".repeat(199)}`])("may be called %j", async (name) => {
    expect(await putLookupFile(beta, name, utf8("x"))).toEqual({ name, bytes: 1 });
    await removeLookupFile(beta, name);
  });

  it.each(["", " x", ".x", "-x", "a/b", "a\\b", "a\n", "a:b", `x${"y".repeat(200)}`])(
    "may not be called %j",
    async (name) => {
      await expect(putLookupFile(beta, name, utf8("x"))).rejects.toMatchObject({
        code: "lookup.name",
        message:
          "A lookup file's name is a plain file name: letters, digits, " +
          "dots, hyphens, underscores and spaces.",
      });
    },
  );

  it("has 300,000 rows under its header, packed or not, and not one more", async () => {
    const rows = (count: number) => utf8(`k\n${"1\n".repeat(count)}`);
    await putLookupFile(beta, "rows.csv", rows(300_000));
    await putLookupFile(beta, "rows.csv.gz", gzipSync(rows(300_000)));
    for (const bytes of [rows(300_001), gzipSync(rows(300_001))])
      await expect(putLookupFile(beta, "rows.csv", bytes)).rejects.toMatchObject({
        code: "input.over-cap",
        message: expect.stringContaining("The lookup file goes over the cap lookupRows (300000).") as unknown,
      });
    expect(await lookupFiles(beta)).toMatchObject([
      { name: "rows.csv", bytes: 600_002 },
      { name: "rows.csv.gz" },
    ]);
  });

  it("has the bytes that the settings allow a file, and unpacks to 64 MiB", async () => {
    await putLookupFile(beta, "large", new Uint8Array(2_000_000));
    await expect(putLookupFile(beta, "large", new Uint8Array(2_000_001))).rejects.toThrow(
      "inputBytes (2000000)",
    );
    const packed = gzipSync(Buffer.alloc(64 * 2 ** 20 + 1, "x"), { level: 1 });
    await expect(putLookupFile(beta, "large.gz", packed)).rejects.toMatchObject({ code: "input.over-cap" });
    await expect(putLookupFile(beta, "bad.gz", packed.subarray(0, 500))).rejects.toMatchObject({
      code: "input.gzip",
    });
  });
});

describe("a body that is checked by a profile", () => {
  it("is mapped with the tenant's lookup files, whose table is kept while they are the same", async () => {
    await putProfile(alpha, "by-stop", utf8(WITH_STOPS));
    const tables = new LookupTables();
    const check = (rows: number) => checkBytes(alpha, tables, { profile: "by-stop", rows, bytes: RIDES });
    const kmOf = async () =>
      (await check(10)).rows.map(({ row, record, code }) => [row, record?.["quantity"] ?? code]);
    await putLookupFile(alpha, "stops.csv", utf8("stop,km\na,1.5\nb,20\n"));
    expect(await kmOf()).toEqual([
      [1, "1.5"],
      [2, "20"],
    ]);
    const kept = tables.bytes;
    expect(kept).toBeGreaterThan(0);
    expect((await check(1)).rows.map(({ row }) => row)).toEqual([1]);
    expect(tables.bytes, "the table was in memory").toBe(kept);
    await putLookupFile(alpha, "stops.csv", utf8("stop,km\na,7\nb,20\n"));
    expect((await kmOf())[0]).toEqual([1, "7"]);
    await putProfile(beta, "by-stop", utf8(WITH_STOPS));
    await putLookupFile(beta, "stops.csv", utf8("stop,km\na,3\n"));
    const other = await checkBytes(beta, tables, { profile: "by-stop", rows: 10, bytes: RIDES });
    expect(other.counts?.quantities).toEqual({ "passenger-km": "3" });
    expect(other.counts?.refused).toMatchObject([{ rows: 1, firstRow: 2 }]);
  });

  it("is told which lookup file is to be put", async () => {
    await removeLookupFile(beta, "stops.csv");
    await expect(
      checkBytes(beta, new LookupTables(), { profile: "by-stop", rows: 1, bytes: RIDES }),
    ).rejects.toMatchObject({
      code: "lookup.unknown",
      message: 'The profile needs the lookup file "stops.csv", and it is not here.',
    });
    const { openLookup } = tenantLookups(beta, new LookupTables());
    await expect(textOf(openLookup(`站${"x".repeat(300)}`))).rejects.toThrow(
      `lookup file "站${"x".repeat(199)}", and it is not here.`,
    );
  });

  it("has at most fifty thousand rows, and is read by a profile that there is", async () => {
    const tables = new LookupTables();
    const many = utf8(`${HEADER}\n${"\n".repeat(50_001)}x`);
    await expect(
      checkBytes(alpha, tables, { profile: "canonical-csv", rows: 1, bytes: many }),
    ).rejects.toMatchObject({
      code: "request.rows",
    });
    await expect(checkBytes(alpha, tables, { profile: "none", rows: 1, bytes: RIDES })).rejects.toMatchObject(
      {
        code: "profile.unknown",
      },
    );
  });
});
