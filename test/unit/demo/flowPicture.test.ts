import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { flowPicture, type Flow } from "../../../src/demo/flowPicture.ts";

const FLOW: Flow = {
  providers: [
    { provider: "metro", read: 1200, accepted: 1000, milligrams: 6_000_000n },
    { provider: "bike", read: 10, accepted: 8, milligrams: 2_000_000n },
  ],
  batch: { leaves: 1008, total: 8_000_000n, buffer: 400_000n },
  minted: 7_600_000n,
  retired: 4_544n,
  verdicts: [
    { says: "agreed", agreed: true },
    { says: "refused", agreed: false },
  ],
};
const heights = (svg: string): number[] =>
  [...svg.matchAll(/<rect x[^>]* height="([0-9.]+)"/g)].map(([, height]) => Number(height));

it("draws each mass on one scale, and says masses, rows and verdicts", () => {
  const svg = flowPicture(FLOW);
  const [metro = 0, bike = 0, batch = 0, minted = 0, buffer = 0, retired] = heights(svg);
  expect(metro).toBeCloseTo(3 * bike, 0);
  expect(metro + bike).toBeCloseTo(batch, 0);
  expect(minted + buffer).toBeCloseTo(batch, 0);
  expect(retired).toBe(1);
  for (const says of ["1,000 of 1,200 rows", "1,008 leaves, 8.000 kg", "7.600 kg", "0.004 kg", "agreed", "✗"])
    expect(svg).toContain(says);
});

it("is in the README as the demo drew it", () => {
  const picture = readFileSync("docs/demo.svg", "utf8");
  expect(heights(picture)).toHaveLength(9);
  expect(picture).toContain("the same proof with one byte changed: refused");
});
