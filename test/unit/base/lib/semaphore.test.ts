import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Semaphore } from "../../../../src/base/lib/semaphore.ts";
import { yieldToEventLoop } from "../../../../src/base/lib/yieldToEventLoop.ts";

/** Pieces of work by how often each lets others have their turn, and whether it fails. */
const pieces = fc.array(fc.record({ breaths: fc.nat(3), fails: fc.boolean() }), { maxLength: 20 });

describe("turns", () => {
  it("never run more at a time than was said, start in the order asked, and leave nobody out", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), pieces, async (most, work) => {
        const turns = new Semaphore(most);
        const started: number[] = [];
        let running = 0;
        const outcomes = await Promise.allSettled(
          work.map(({ breaths, fails }, index) =>
            turns.take(async () => {
              started.push(index);
              running += 1;
              expect(running).toBeLessThanOrEqual(most);
              for (let breath = 0; breath < breaths; breath++) await yieldToEventLoop();
              running -= 1;
              if (fails) throw new Error(`piece ${String(index)}`);
              return index;
            }),
          ),
        );
        expect(started).toEqual(work.map((_, index) => index));
        // What fails is its own caller's to know.
        expect(outcomes.map(({ status }) => status)).toEqual(
          work.map(({ fails }) => (fails ? "rejected" : "fulfilled")),
        );
      }),
    );
  });

  it("let who has little to do come in between the pieces of who has much", async () => {
    const turns = new Semaphore(1);
    const log: string[] = [];
    const tenant = async (name: string, count: number): Promise<void> => {
      for (let piece = 0; piece < count; piece++)
        await turns.take(async () => {
          await yieldToEventLoop();
          log.push(name);
        });
    };
    await Promise.all([tenant("loud", 10), tenant("noisy", 10), tenant("quiet", 2)]);
    expect(log.slice(0, 6)).toEqual(["loud", "noisy", "quiet", "loud", "noisy", "quiet"]);
  });

  it("are taken up again after a failure, also one that was not awaited", async () => {
    const turns = new Semaphore(1);
    await expect(turns.take(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    const thrower = (): Promise<never> => {
      throw new Error("broken at once");
    };
    await expect(turns.take(thrower)).rejects.toThrow("broken at once");
    expect(await turns.take(() => Promise.resolve("next"))).toBe("next");
  });
  it("that were entered last until they are left", async () => {
    const turns = new Semaphore(2);
    const [first, second] = [await turns.enter(), await turns.enter()];
    const log: string[] = [];
    const third = turns.enter().then((leave) => (log.push("third"), leave));
    const fourth = turns.enter().then((leave) => (log.push("fourth"), leave));
    await yieldToEventLoop();
    expect(log).toEqual([]);
    second();
    await yieldToEventLoop();
    expect(log).toEqual(["third"]);
    (await third)();
    (await fourth)();
    first();
    expect(await turns.take(() => Promise.resolve("free again"))).toBe("free again");
    expect(log).toEqual(["third", "fourth"]);
  });
});
