import { describe, expect, it } from "vitest";
import { byteaOfText } from "../../../../../src/adapters/storage/engine/byteaOfText.ts";
import { pinnedSettings } from "../../../../../src/adapters/storage/engine/pinnedSettings.ts";

const OWN = "SET standard_conforming_strings = on; SET bytea_output = hex";
const USUAL = `${OWN}; SET search_path = "$user", public`;

describe("what a connection begins with", () => {
  it.each([
    ["", USUAL],
    ["postgres://host/db", USUAL],
    ["postgres://host/db?options=-c%20search_path%3Dours", OWN],
    ["postgres://host/db?ssl=on&options=-csearch_path=ours", OWN],
    ["postgres://host/db?options=-cwork_mem=1&name=search_path", USUAL],
    ["postgres://host/search_path", USUAL],
    ["postgres://host/options=search_path", USUAL],
  ])("leaves the schema to a URL that names one: %j", (url, script) => {
    expect(pinnedSettings(url)).toBe(script);
  });

  it("makes bytes come in the one form that is read", () => {
    expect(byteaOfText("\\x00ff7f")).toEqual(Uint8Array.of(0, 255, 127));
    expect(byteaOfText("\\x")).toEqual(new Uint8Array());
    for (const text of ["\\000", "x00", "00"])
      expect(() => byteaOfText(text)).toThrow("Bytes came from the database in another form than hex.");
  });
});
