import { describe, expect, it } from "vitest";
import { SubjectKeyTable } from "../../../../src/app/ingest/subjectKeyTable.ts";
import type { SubjectKey } from "../../../../src/base/types/ids.ts";

const MOST = 65_536;
/** Room for this many UTF-16 units of names, a key. */
const UNITS = 32;
const keyOf = (n: number): SubjectKey => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(28, n);
  return key as SubjectKey;
};
const numberOf = (key: SubjectKey | null) =>
  key === null ? null : new DataView(key.buffer, key.byteOffset, 32).getUint32(28);

describe("a table of subject keys", () => {
  it("finds each name's own key, and nothing of names that it was not given", () => {
    const table = new SubjectKeyTable();
    const names = ["", "a", "b", "aa", "ab", "ba", "a\u0300", "\ud83d\ude00", "\ud83d"];
    for (const [n, name] of names.entries()) expect(table.add(name, keyOf(n + 1))).toBe(true);
    expect(names.map((name) => numberOf(table.find(name)))).toEqual(names.map((_, n) => n + 1));
    for (const name of ["c", "aaa", "abc", "\u0300", "\ude00"]) expect(table.find(name)).toBeNull();
    expect(new SubjectKeyTable().find("")).toBeNull();
    expect(table.find("a")).toHaveLength(32);
  });

  it("takes 65,536 of them, keeps them all as it grows, and then no more", () => {
    const table = new SubjectKeyTable();
    let taken = 0;
    for (let n = 1; n <= MOST; n++) if (table.add(`name ${String(n)}`, keyOf(n))) taken++;
    expect(taken).toBe(MOST);
    expect(table.add("one more", keyOf(1))).toBe(false);
    expect(table.find("one more")).toBeNull();
    for (let n = 1; n <= MOST; n += 1_023) expect(numberOf(table.find(`name ${String(n)}`))).toBe(n);
    expect(numberOf(table.find(`name ${String(MOST)}`))).toBe(MOST);
  });

  it("has room for the units of names that fill it to the last, and for none more", () => {
    const table = new SubjectKeyTable();
    expect(table.add("x".repeat(UNITS * MOST + 1), keyOf(1))).toBe(false);
    const whole = "y".repeat(UNITS * MOST);
    expect(table.add(whole, keyOf(2))).toBe(true);
    expect(table.add("", keyOf(3))).toBe(true);
    expect(table.add("z", keyOf(4))).toBe(false);
    expect([numberOf(table.find(whole)), numberOf(table.find(""))]).toEqual([2, 3]);
  });
});
