import { describe, expect, it } from "vitest";
import { tee } from "../../../../src/base/lib/tee.ts";

async function* numbers(count: number, seen: { read: number; closed: boolean }): AsyncIterable<number> {
  try {
    for (let i = 0; i < count; i++) {
      seen.read = i + 1;
      yield await Promise.resolve(i);
    }
  } finally {
    seen.closed = true;
  }
}
async function all(source: AsyncIterable<number>, most = Number.POSITIVE_INFINITY): Promise<number[]> {
  const items: number[] = [];
  for await (const item of source) {
    items.push(item);
    if (items.length >= most) break;
  }
  return items;
}

describe("one source for several readers", () => {
  it("gives each of them everything, and ends for each", async () => {
    const seen = { read: 0, closed: false };
    const [a, b, c] = tee(numbers(5, seen), 3) as [
      AsyncIterable<number>,
      AsyncIterable<number>,
      AsyncIterable<number>,
    ];
    expect(await Promise.all([all(a), all(b), all(c)])).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
    expect(seen.closed).toBe(true);
  });

  it("reads no further than the slowest has come", async () => {
    const seen = { read: 0, closed: false };
    const [fast, slow] = tee(numbers(100, seen), 2) as [AsyncIterable<number>, AsyncIterable<number>];
    const running = all(fast);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen.read).toBe(0);
    await Promise.all([running, all(slow)]);
    expect(seen.read).toBe(100);
  });

  it("goes on without a reader that stops, and closes the source when the last one stops", async () => {
    const seen = { read: 0, closed: false };
    const [a, b] = tee(numbers(100, seen), 2) as [AsyncIterable<number>, AsyncIterable<number>];
    expect(await Promise.all([all(a, 3), all(b, 7)])).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3, 4, 5, 6],
    ]);
    expect(seen).toEqual({ read: 7, closed: true });
  });

  it("tells every reader of a source that fails", async () => {
    const failing = (async function* () {
      yield await Promise.resolve(1);
      throw new Error("broken");
    })();
    const [a, b] = tee(failing, 2) as [AsyncIterable<number>, AsyncIterable<number>];
    const outcomes = await Promise.allSettled([all(a), all(b)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
