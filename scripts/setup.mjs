#!/usr/bin/env node
// Makes a clone ready, then runs one command on the project's own Node. Plain JavaScript: it starts on the
// machine's Node 20.
//
// Ready means: packages installed as package-lock.json says, contracts built. What is ready already is left
// alone. All chatter goes to stderr, so that the command's stdout stays its own.
import { runCommand } from "./setup/runCommand.mjs";
import { setUp } from "./setup/setUp.mjs";

const HELP = `Makes this clone ready (packages, contracts), then runs a command with node_modules/.bin first
on PATH.

  node scripts/setup.mjs [--install-only] COMMAND [ARGUMENT…]   get ready, run the command
  node scripts/setup.mjs --only                                 get ready, run nothing

  --install-only   packages only; contracts are not built
`;

/** @param {string[]} args @returns {Promise<number>} exit code */
async function main(args) {
  const [first] = args;
  if (first === undefined || first === "--help") {
    process.stdout.write(HELP);
    return 0;
  }
  if (first === "--only") {
    await setUp({ build: true });
    return 0;
  }
  const build = first !== "--install-only";
  const [command, ...commandArgs] = build ? args : args.slice(1);
  if (command === undefined) {
    process.stderr.write(HELP);
    return 2;
  }
  await setUp({ build });
  return runCommand(command, commandArgs);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}
