import { describe, expect, it } from "vitest";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { anchorKey } from "../../../../src/format/batch/classes/anchorKey.ts";

const KEY = `0x${"55".repeat(32)}` as const;

describe("the anchor of a record", () => {
  it("is a project's asset, whatever it is", () => {
    const record = { scenario: "pv-generation", asset: { kind: "meter", key: KEY } };
    expect(toHex(anchorKey(record, "project") as Uint8Array)).toBe(KEY);
    expect(anchorKey(record, "act")).toBeNull();
    expect(anchorKey({ ...record, asset: null }, "project")).toBeNull();
    expect(anchorKey({ scenario: "pv-generation" }, "project")).toBeNull();
  });

  it("is an act's where its class asks for an asset of that kind", () => {
    const record = { scenario: "ev-charging", asset: { kind: "connector", key: KEY } };
    expect(toHex(anchorKey(record, "act") as Uint8Array)).toBe(KEY);
    expect(anchorKey({ ...record, asset: { kind: "fleet", key: KEY } }, "act")).toBeNull();
    expect(anchorKey({ ...record, scenario: "bike" }, "act")).toBeNull();
  });
});
