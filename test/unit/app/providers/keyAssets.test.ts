import { describe, expect, it } from "vitest";
import { hmacDevKeys } from "../../../../src/adapters/keys/hmacDevKeys.ts";
import { keyAssets } from "../../../../src/app/providers/keyAssets.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { LOCAL_CHAIN_ID } from "../../../../src/base/lib/localChain.ts";
import { canonicalRecords, RECORD_SCHEMA_2 } from "../../../../src/format/batch/record.ts";
import type { RowOutcome } from "../../../../src/stages/ingest/readActivities.ts";
import { readAll, smallProfile } from "../../stages/ingest/support/helpers.ts";

const HEADER = "id,start,end,km,plate\n";
const profile = smallProfile({ asset: "{ kind: vehicle, column: plate }" });
const row = (plate: string, id = "r-1"): string => `${id},1700000000,1700000600,2.5,${plate}\n`;
const keys = hmacDevKeys({ chainId: LOCAL_CHAIN_ID });
const recordOf = (outcome: RowOutcome | undefined) => {
  if (outcome?.kind !== "record") throw new Error("no record");
  return outcome;
};

describe("the key of an asset", () => {
  it("takes the place of its number, which stands nowhere in the record", async () => {
    const outcomes = await readAll(profile, HEADER + row("鄂A12345"));
    const [keyed] = await keyAssets(keys, outcomes);
    const { record, asset } = recordOf(keyed);
    const [expected] = await keys.subjectKeys([{ scope: "asset/vehicle", identifier: "鄂A12345" }]);
    expect(record.asset).toEqual({ kind: "vehicle", key: toHex(expected as Uint8Array) });
    expect(asset).toBeUndefined();
    expect(canonicalRecords([record], RECORD_SCHEMA_2)).not.toContain("A12345");
  });

  it("is the same for all platforms, another for another kind and for a subject of that name", async () => {
    const scopes = ["asset/vehicle", "asset/meter", "deployment", "small"];
    const all = await keys.subjectKeys(scopes.map((scope) => ({ scope, identifier: "1" })));
    expect(new Set(all.map((key) => toHex(key))).size).toBe(scopes.length);
  });

  it("is asked for only where a row names an asset", async () => {
    const content = HEADER + row("A") + row("", "r-2") + row("B", "r-3");
    const asked: string[] = [];
    const keyed = await keyAssets(
      {
        subjectKeys: (identifiers) => {
          asked.push(...identifiers.map(({ identifier }) => identifier));
          return keys.subjectKeys(identifiers);
        },
      },
      await readAll(profile, content),
    );
    expect(asked).toEqual(["A", "B"]);
    expect(keyed.map((outcome) => recordOf(outcome).record.asset?.kind)).toEqual([
      "vehicle",
      undefined,
      "vehicle",
    ]);
  });
});
