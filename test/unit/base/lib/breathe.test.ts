import { expect, it } from "vitest";
import { breathe } from "../../../../src/base/lib/breathe.ts";

it("lets input that came meanwhile be looked at, which awaiting a promise does not", async () => {
  const log: string[] = [];
  setImmediate(() => log.push("input"));
  await Promise.resolve();
  expect(log).toEqual([]);
  await breathe();
  expect(log).toEqual(["input"]);
});
