#!/usr/bin/env node
// `npx microtonne` in a clone: get ready if need be, then the command line on the project's own Node. Plain
// JavaScript for Node 20.
import { fileURLToPath } from "node:url";
import { NODE_FLAGS } from "./setup/nodeFlags.mjs";
import { runCommand } from "./setup/runCommand.mjs";
import { setUp } from "./setup/setUp.mjs";

try {
  await setUp({ build: true });
  const main = fileURLToPath(new URL("../src/doors/cli/main.ts", import.meta.url));
  process.exitCode = await runCommand("node", [...NODE_FLAGS, main, ...process.argv.slice(2)]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}
