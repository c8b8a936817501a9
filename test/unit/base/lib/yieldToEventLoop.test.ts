import { expect, it } from "vitest";
import { yieldToEventLoop } from "../../../../src/base/lib/yieldToEventLoop.ts";

it("lets input that came meanwhile be looked at, which awaiting a promise does not", async () => {
  const log: string[] = [];
  setImmediate(() => log.push("input"));
  await Promise.resolve();
  expect(log).toEqual([]);
  await yieldToEventLoop();
  expect(log).toEqual(["input"]);
});
