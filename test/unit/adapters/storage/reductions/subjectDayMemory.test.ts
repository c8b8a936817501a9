import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { DayActStore } from "../../../../../src/adapters/storage/reductions/days/dayActStore.ts";
import { SubjectDayMemory } from "../../../../../src/adapters/storage/reductions/days/subjectDayMemory.ts";
import type { SubjectKey } from "../../../../../src/base/types/ids.ts";
import type { DayAct, SubjectDay } from "../../../../../src/stages/plausibility/ports.ts";

const key = (name: string): SubjectKey =>
  new Uint8Array(createHash("sha256").update(name).digest()) as SubjectKey;
const act = (at: number, endedAt: number | null = at + 60): DayAct => ({
  scenarioClass: 3,
  day: 20_000,
  startedAt: at,
  endedAt,
  quantity: BigInt(at) * 1_000_000n,
});
/** As a chunk opens it: what is stored comes into `acts`, what it adds stands in both. */
function opened(name: string, day: number, added: readonly DayAct[] = []): SubjectDay {
  return { subjectKey: key(name), day, acts: [], added };
}
/** One admission that is committed: what is not remembered is said to be bare. */
function admit(memory: SubjectDayMemory, from: string | null, to: string, days: readonly SubjectDay[]): void {
  memory.catchUp(from);
  const unasked = memory.unasked(days);
  memory.answer(from, unasked, new Set(unasked));
  memory.recall(from, days);
  for (const day of days) day.acts.push(...day.added);
  memory.add(to, days);
}

describe("acts in flat memory", () => {
  it("come back as they were, in order, by subject and day", () => {
    const store = new DayActStore();
    const acts = Array.from({ length: 10_000 }, (_, i) => act(i, i % 3 === 0 ? null : i + 5));
    for (const [i, one] of acts.entries()) {
      expect(store.reserve(1)).toBe(true);
      store.add(opened(`s ${String(i % 4_000)}`, i % 2), one);
    }
    for (const i of [0, 1, 17, 3_999])
      expect(store.find(key(`s ${String(i)}`), i % 2)).toEqual(acts.filter((_, n) => n % 4_000 === i));
    expect(store.find(key("s 0"), 1)).toBeNull();
    expect(store.find(key("nobody"), 0)).toBeNull();
    store.clear();
    expect(store.find(key("s 0"), 0)).toBeNull();
  });

  it("are forgotten all at once where there is no room for more", () => {
    const store = new DayActStore();
    store.reserve(1);
    store.add(opened("s", 1), act(1));
    expect(store.reserve(2 ** 18)).toBe(true);
    expect(store.find(key("s"), 1)).toBeNull();
    expect(store.reserve(2 ** 18 + 1)).toBe(false);
  });
});

describe("what is remembered of subjects' days", () => {
  it("is used once the turn that it made is seen", () => {
    const memory = new SubjectDayMemory();
    admit(memory, null, "first", [opened("s", 7, [act(1)]), opened("t", 7)]);
    memory.catchUp("first");
    const [s, t, other] = [opened("s", 7), opened("t", 7), opened("s", 8)];
    expect(memory.unasked([s, t, other])).toEqual([8]);
    // Of the eighth nobody asked.
    expect(memory.recall("first", [s, t, other])).toEqual([other]);
    expect([s.acts, t.acts]).toEqual([[act(1)], []]);
  });

  it("grows by what is added, and not by what is undone", () => {
    const memory = new SubjectDayMemory();
    admit(memory, null, "first", [opened("s", 7, [act(1)])]);
    admit(memory, "first", "undone", [opened("s", 7, [act(2)])]);
    admit(memory, "first", "second", [opened("s", 7, [act(3), act(4)])]);
    memory.catchUp("second");
    const day = opened("s", 7);
    expect(memory.recall("second", [day])).toEqual([]);
    expect(day.acts).toEqual([act(1), act(3), act(4)]);
  });

  it("is forgotten where somebody else wrote, and where nothing is known of the turn", () => {
    const memory = new SubjectDayMemory();
    admit(memory, null, "first", [opened("s", 7, [act(1)])]);
    memory.catchUp("another");
    const [s, t] = [opened("s", 7), opened("t", 7)];
    expect(memory.recall("another", [s, t])).toEqual([s, t]);
    expect(memory.unasked([s])).toEqual([7]);
    // What was asked under another turn says nothing.
    memory.answer("first", [7], new Set([7]));
    expect(memory.unasked([s])).toEqual([7]);
    memory.answer("another", [7], new Set());
    expect(memory.recall("another", [s, t])).toEqual([s, t]);
    expect(memory.recall("first", [s])).toEqual([s]);
  });
});
