import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { recordTags, recordKey } from "../../../../../src/adapters/storage/records/recordKeys.ts";
import { providerId } from "../../../../../src/base/lib/ids.ts";

const SECRET = Uint8Array.from({ length: 16 }, (_, i) => i);
const records = ["1", "trip 22", "碳-3", "x".repeat(5000), "1"].map((recordId, i) => ({
  provider: providerId(i % 2 === 0 ? "metro" : "bus"),
  recordId,
}));

describe("record keys", () => {
  it("are the tenant's HMAC over provider and record id, cut, and an attempt", () => {
    const hashes = recordTags(SECRET, records);
    expect(hashes).toEqual(
      records.map(({ provider, recordId }) =>
        createHmac("sha256", SECRET).update(`${provider}\0${recordId}`).digest("hex").slice(0, 28),
      ),
    );
    expect(hashes[4]).toBe(hashes[0]);
    expect(recordKey(hashes[0] as string, 0)).toBe(`${hashes[0] as string}0000`);
    expect(recordKey(hashes[0] as string, 258)).toBe(`${hashes[0] as string}0102`);
    expect(() => recordKey(hashes[0] as string, 65_536)).toThrow(RangeError);
  });

  it("can be cut shorter: then strangers share them", () => {
    const [whole, cut] = [recordTags(SECRET, records), recordTags(SECRET, records, 1)];
    expect(cut).toEqual(whole.map((hash) => hash.slice(0, 2).padEnd(28, "0")));
    expect(recordTags(SECRET, [])).toEqual([]);
  });
});
