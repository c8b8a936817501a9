import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { greatCircleMetresDown, parseDegrees } from "../../../../../src/stages/ingest/fields/greatCircle.ts";

describe("great-circle distance", () => {
  it("is a quarter of the Earth's circumference from pole to equator", () => {
    expect(greatCircleMetresDown(90, 0, 0, 77)).toBe(Math.floor((Math.PI / 2) * 6_371_008.8));
  });
  it("is half of it between antipodes", () => {
    expect(greatCircleMetresDown(0, 0, 0, 180)).toBe(Math.floor(Math.PI * 6_371_008.8));
  });
  it("is about 111 km for a degree of latitude and nothing for no way", () => {
    expect(greatCircleMetresDown(22, 114, 23, 114)).toBe(111_195);
    expect(greatCircleMetresDown(22.53, 114.11, 22.53, 114.11)).toBe(0);
  });
  it("is as far there as back, and never below zero", () => {
    const latitude = fc.double({ min: -90, max: 90, noNaN: true });
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });
    fc.assert(
      fc.property(latitude, longitude, latitude, longitude, (a, b, c, d) => {
        const there = greatCircleMetresDown(a, b, c, d);
        expect(Math.abs(there - greatCircleMetresDown(c, d, a, b))).toBeLessThanOrEqual(1);
        expect(there).toBeGreaterThanOrEqual(0);
        expect(there).toBeLessThanOrEqual(20_015_115);
      }),
    );
  });
  it("reads plain degrees only", () => {
    expect(["103.825157", "-80", "+1.5", "180"].map((text) => parseDegrees(text, 180))).toEqual([
      103.825157, -80, 1.5, 180,
    ]);
    expect(["", "180.1", "1e2", "N22", "22°"].map((text) => parseDegrees(text, 180))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(parseDegrees("91", 90)).toBeNull();
  });
});
