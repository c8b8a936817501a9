import { describe, expect, it } from "vitest";
import { InputError } from "../../../../../src/base/errors/errors.ts";
import { profileHash } from "../../../../../src/stages/ingest/profile/profile.ts";
import type { RowOutcome } from "../../../../../src/stages/ingest/readActivities.ts";
import { readAll, smallProfile } from "../support/helpers.ts";
import { refusedFor } from "../../../../support/refusedFor.ts";

const HEADER = "id,start,end,km,plate,mix,size\n";
const row = (rest: string, id = "r-1"): string => `${HEADER}${id},1700000000,1700000600,2.5,${rest}\n`;
const parts = {
  evidence: "metered",
  consentText: "2026-01",
  asset: "{ kind: vehicle, column: plate }",
  attributes: "{ supply-mix: { column: mix }, size: { column: size }, province: { constant: hubei } }",
};
const recordOf = (outcome: RowOutcome | undefined) => {
  if (outcome?.kind !== "record") throw new Error("no record");
  return outcome;
};

describe("what a profile adds to records", () => {
  it("is constants, an asset that waits for its key, and attributes", async () => {
    const [outcome] = await readAll(smallProfile(parts), row("鄂A12345,wind,1.50"));
    const { record, asset } = recordOf(outcome);
    expect(record).toMatchObject({
      evidence: "metered",
      consentText: "2026-01",
      attributes: { "supply-mix": "wind", size: "1.50", province: "hubei" },
    });
    expect(asset).toEqual({ kind: "vehicle", number: "鄂A12345" });
    const [spelled] = await readAll(smallProfile(parts), row("鄂ａ·12 345,wind,1.50"));
    expect(recordOf(spelled).asset).toEqual(asset);
    expect(record.asset).toBeUndefined();
  });

  it("leaves out what a row does not say, and everything where the profile says nothing", async () => {
    const [empty] = await readAll(smallProfile(parts), row(",,"));
    expect(recordOf(empty).asset).toBeUndefined();
    expect(recordOf(empty).record.attributes).toEqual({ province: "hubei" });
    const [plain] = await readAll(smallProfile(), row("鄂A12345,wind,1.50"));
    expect(Object.keys(recordOf(plain).record).toSorted()).toEqual(
      ["endedAt", "provider", "quantity", "recordId", "scenario", "startedAt", "unit"].toSorted(),
    );
    const required = smallProfile({ ...parts, asset: "{ kind: vehicle, column: plate, required: true }" });
    expect(await readAll(required, row(",wind,1"))).toMatchObject([
      { kind: "rejected", code: "field.missing", field: "plate" },
    ]);
  });

  it("changes no profile that has none of it", () => {
    const text = JSON.stringify(smallProfile());
    for (const name of ["evidence", "consentText", "asset", "attributes"]) expect(text).not.toContain(name);
    expect(profileHash(smallProfile(parts))).not.toBe(profileHash(smallProfile()));
  });

  it.each([
    ["the record id made of the asset's number", { recordId: "{ columns: [id, plate] }" }],
    ["the asset's number as an attribute", { attributes: "{ plate: { column: plate } }" }],
    ["the subject as an attribute", { subject: "{ column: mix, scope: provider }" }],
    ["a join that is not there", { attributes: "{ a: { column: { join: at, field: x } } }" }],
  ])("refuses %s", (_what, change) => {
    expect(() => smallProfile({ ...parts, ...change })).toThrow(refusedFor("profile.reference"));
  });

  it("refuses a kind of asset that nobody else would write, by name", () => {
    expect(() => smallProfile({ ...parts, asset: "{ kind: vehicles, column: plate }" })).toThrow(
      expect.objectContaining({
        code: "profile.reference",
        message: expect.stringContaining("asset.kind vehicles is no kind of asset") as string,
      }),
    );
  });

  it.each([
    ["a grade that is none", { evidence: "rumour" }],
    ["a consent's id with a slash", { consentText: "people/4711" }],
    ["a kind of asset with a capital", { asset: "{ kind: Vehicle, column: plate }" }],
    [
      "seventeen attributes",
      {
        attributes: `{ ${"abcdefghijklmnopq".replace(/./g, "$&: { constant: x }, ")} }`,
      },
    ],
    ["an attribute with a capital", { attributes: "{ Size: { column: size } }" }],
  ])("does not take %s", (_what, change) => {
    expect(() => smallProfile({ ...parts, ...change })).toThrow(InputError);
  });
});
