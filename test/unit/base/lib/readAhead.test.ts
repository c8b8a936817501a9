import { describe, expect, it } from "vitest";
import { readAhead } from "../../../../src/base/lib/readAhead.ts";

async function* numbers(count: number, log: string[]): AsyncIterable<number> {
  try {
    for (let i = 0; i < count; i++) {
      log.push(`read ${String(i)}`);
      yield await Promise.resolve(i);
    }
  } finally {
    log.push("closed");
  }
}
const moment = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("reading ahead", () => {
  it("is one item ahead of the reader, never more, and loses none", async () => {
    const log: string[] = [];
    const items: number[] = [];
    for await (const item of readAhead(numbers(3, log))) {
      await moment();
      log.push(`used ${String(item)}`);
      items.push(item);
    }
    expect(items).toEqual([0, 1, 2]);
    expect(log).toEqual(["read 0", "read 1", "used 0", "read 2", "used 1", "closed", "used 2"]);
  });

  it("stops the source with the reader", async () => {
    const log: string[] = [];
    for await (const item of readAhead(numbers(100, log))) if (item === 1) break;
    expect(log.at(-1)).toBe("closed");
    expect(log).not.toContain("read 4");
  });

  it("gives the reader what came before an error, then the error", async () => {
    const failing = (async function* () {
      yield await Promise.resolve(1);
      throw new Error("broken");
    })();
    const items: number[] = [];
    await expect(
      (async () => {
        for await (const item of readAhead(failing)) {
          await moment();
          items.push(item);
        }
      })(),
    ).rejects.toThrow("broken");
    expect(items).toEqual([1]);
  });
});
