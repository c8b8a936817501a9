import { describe, expect, it } from "vitest";
import { LargeBodies } from "../../../../../src/doors/http/pipeline/largeBodies.ts";

const LARGE = 1_000_000;

describe("large bodies that come at once", () => {
  it("are worked on one a round of the event loop, in the order they came", async () => {
    const bodies = new LargeBodies();
    let round = 0;
    let isOver = false;
    const count = (): void => {
      round++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const rounds: number[] = [];
    await Promise.all(
      Array.from({ length: 5 }, async (_, body) => {
        await bodies.turn(LARGE);
        rounds[body] = round;
      }),
    );
    isOver = true;
    expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
    expect(new Set(rounds).size).toBe(5);
  });

  it("hold up no small one", async () => {
    const bodies = new LargeBodies();
    const done: string[] = [];
    const large = [0, 1, 2].map(async () => {
      await bodies.turn(LARGE);
      done.push("large");
    });
    await bodies.turn(1_000);
    done.push("small");
    await Promise.all(large);
    expect(done.indexOf("small")).toBeLessThan(2);
  });
});
