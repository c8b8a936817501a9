import { describe, expect, it, vi } from "vitest";
import { HashWorkers } from "../../../src/kernel/workers/hashWorkers.ts";

/** Which workers find their file, by the order in which they start. */
const hasFile = vi.hoisted((): boolean[] => []);
const ended = vi.hoisted(() => ({ count: 0 }));
vi.mock("node:worker_threads", async (original) => {
  const real = await original<typeof import("node:worker_threads")>();
  return {
    ...real,
    Worker: class extends real.Worker {
      constructor(file: URL) {
        super(hasFile.shift() === true ? file : new URL("./noSuchWorker.ts", import.meta.url));
        this.on("exit", () => ended.count++);
      }
    },
  };
});

describe("hash workers of Node", () => {
  it.each([
    ["none", [false, false]],
    ["not all", [true, false]],
  ])("do not start where %s of them can be loaded, and leave none behind", async (_, files) => {
    hasFile.push(...files);
    ended.count = 0;
    await expect(HashWorkers.start(2)).rejects.toThrow("A hashing worker");
    await expect.poll(() => ended.count).toBe(2);
  });
});
