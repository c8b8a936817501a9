import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chanceOf } from "../../../../src/demo/generate/chanceOf.ts";
import { stationsOf } from "../../../../src/demo/generate/stationsOf.ts";
import { greatCircleMetresDown } from "../../../../src/stages/ingest/fields/greatCircle.ts";

describe("stations of the generated city", () => {
  it("are as far apart as ingest's own formula says, whatever the seed", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const stations = stationsOf(chanceOf(seed, 0));
        const rows = stations.lookup.trimEnd().split("\n").slice(1);
        const places = rows.map((row) => row.split(",").slice(1).map(Number) as [number, number]);
        let undoubted = 0;
        places.forEach(([latitude, longitude], from) => {
          places.forEach((other, to) => {
            const metres = stations.metresDown(from, to);
            if (metres === null) return;
            undoubted++;
            if (metres !== greatCircleMetresDown(latitude, longitude, ...other))
              throw new Error(`${String(from)} to ${String(to)}`);
          });
        });
        expect(undoubted).toBeGreaterThan(stations.count * (stations.count - 2));
      }),
      { numRuns: 50 },
    );
  });

  it("have names of their own, each one once", () => {
    const stations = stationsOf(chanceOf(1, 0));
    const names = Array.from({ length: stations.count }, (_, station) => stations.nameOf(station));
    expect(new Set(names).size).toBe(60);
    expect(stations.metresDown(3, 3)).toBeNull();
  });
});
