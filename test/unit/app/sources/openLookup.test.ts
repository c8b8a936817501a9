import { describe, expect, it } from "vitest";
import { openLookup } from "../../../../src/app/sources/openLookup.ts";

describe("a profile's lookup file", () => {
  it.each(["../stations.csv", "/etc/passwd", "sub/stations.csv", ".hidden", "", ".."])(
    "may not be named %j",
    (name) => {
      expect(() => openLookup(name, { file: "data/rides.csv", folder: null })).toThrowError(
        expect.objectContaining({ code: "lookup.name" }),
      );
    },
  );
});
