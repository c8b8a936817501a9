#!/usr/bin/env node
// `npx microtonne`. In a clone: get ready if need be, then the sources on the project's own Node. In an
// installed package: what was built, on the Node that is here. Plain JavaScript for Node 20.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { NODE_FLAGS } from "./launch/nodeFlags.mjs";
import { endsSoon, runChild } from "./launch/runChild.mjs";

const OLDEST_NODE = [22, 14];
/** Answered at once, in this process: nothing in them takes long enough to be interrupted. */
const SHORT = new Set(["--version", "-V", "--help", "-h", "help", "completion"]);

const source = new URL("../src/doors/cli/main.ts", import.meta.url);
const built = new URL("../dist/cli/main.js", import.meta.url);
const args = process.argv.slice(2);

/** @returns {Promise<number>} exit code */
async function inClone() {
  const { setUp } = await import("./setup/setUp.mjs");
  const { runCommand } = await import("./setup/runCommand.mjs");
  await setUp({ build: true });
  return runCommand("node", [...NODE_FLAGS, fileURLToPath(source), ...args]);
}

/** @returns {Promise<number | undefined>} exit code; undefined where the command sets it itself */
async function inPackage() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    throw new Error(
      `microtonne needs Node ${OLDEST_NODE.join(".")} or newer; this is Node ${process.versions.node}.`,
    );
  if (args.length === 0 || args.some((word) => SHORT.has(word))) {
    await import(built.href);
    return undefined;
  }
  return runChild(process.execPath, [...NODE_FLAGS, fileURLToPath(built), ...args], {
    spawn: { stdio: "inherit" },
    endsSoon: endsSoon(args),
    saysUp: !endsSoon(args),
  });
}

try {
  const code = await (fs.existsSync(source) ? inClone() : inPackage());
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}
