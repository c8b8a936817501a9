import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** TypeScript tests of instrumented contracts, which are slower; figures of gas mean nothing there. */
export default defineConfig({
  test: {
    include: ["test/contracts/**/*.test.ts"],
    exclude: ["test/contracts/gas.test.ts"],
    setupFiles: [fileURLToPath(new URL("saveHits.ts", import.meta.url))],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
