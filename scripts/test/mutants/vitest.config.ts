import { defineConfig } from "vitest/config";
import { GLOBS_APART } from "./globsApart.ts";
import { ShortestFirst } from "./shortestFirst.ts";

/** Which tests judge a folder comes through the environment: Stryker passes nothing else on. */
const listOf = (name: string) => (process.env[name] ?? "").split(GLOBS_APART).filter(Boolean);

export default defineConfig({
  test: {
    include: listOf("MUTANTS_TESTS"),
    exclude: listOf("MUTANTS_WITHOUT"),
    sequence: { sequencer: ShortestFirst },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
