#!/usr/bin/env node
// `npx microtonne` in a clone: get ready if need be, then the command line on the project's own Node. Plain
// JavaScript for Node 20.
import { fileURLToPath } from "node:url";
import { runCommand } from "./setup/runCommand.mjs";
import { setUp } from "./setup/setUp.mjs";

try {
  await setUp({ build: true });
  const main = fileURLToPath(new URL("../src/doors/cli/main.ts", import.meta.url));
  // Chunks of an ingest outlive V8's young generation as it is by default, and are copied for nothing.
  process.exitCode = await runCommand("node", ["--max-semi-space-size=32", main, ...process.argv.slice(2)]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}
