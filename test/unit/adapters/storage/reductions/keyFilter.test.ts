import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { KeyFilter } from "../../../../../src/adapters/storage/reductions/keyFilter.ts";

const words = (count: number): [number, number][] => {
  const bytes = randomBytes(8 * count);
  return Array.from({ length: count }, (_, i) => [bytes.readInt32LE(8 * i), bytes.readUInt32LE(8 * i + 4)]);
};

describe("a filter of keys", () => {
  it("says no to none that was added, however often it grew, and yes to few others", () => {
    const filter = new KeyFilter();
    const [added, others] = [words(60_000), words(20_000)];
    expect(filter.has(1, 2)).toBe(false);
    for (const [a, b] of added) filter.add(a, b);
    expect(added.every(([a, b]) => filter.has(a, b))).toBe(true);
    expect(others.filter(([a, b]) => filter.has(a, b)).length).toBeLessThan(20_000 * 0.04);
    expect(filter.isFull).toBe(false);
  });

  it("is full one day, and goes on saying no to none", () => {
    const filter = new KeyFilter();
    let added = 0;
    for (; !filter.isFull; added++) filter.add(Math.imul(added, 0x9e3779b1), added);
    expect(added).toBeGreaterThan(7_000_000);
    filter.add(5, 6);
    expect(filter.has(5, 6)).toBe(true);
    expect(filter.has(0, 0)).toBe(true);
  });
});
