import { spawn } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { BIN, ROOT } from "./places.mjs";

/**
 * The environment with the project's own programs (Node 24 among them) first on PATH, and Node's cache of
 * compiled code: commands start in half the time.
 */
export function projectEnvironment() {
  const cache = path.join(ROOT, "node_modules", ".cache", "compiled");
  return {
    NODE_COMPILE_CACHE: cache,
    ...process.env,
    PATH: `${BIN}${path.delimiter}${process.env["PATH"] ?? ""}`,
  };
}

/**
 * Runs a command in the caller's folder, with the caller's input and output.
 * @param {string} command @param {string[]} args @returns {Promise<number>} its exit code; 128 + signal
 * number where a signal ended it
 */
export function runCommand(command, args) {
  return run(command, args, { stdio: "inherit", env: projectEnvironment() });
}

/**
 * Runs a step of set-up in the clone's folder: no input, all output on stderr.
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} env @param
 * {import("./withLock.mjs").Lock} lock
 * @throws Error where the step fails
 */
export async function runStep(command, args, env, lock) {
  const code = await run(command, args, { stdio: ["ignore", 2, 2], env, cwd: ROOT }, (pid) =>
    lock.startedChild(pid),
  );
  if (code !== 0)
    throw new Error(
      `set-up: \`${[command, ...args].join(" ")}\` failed with exit code ${code}; see its output above.`,
    );
}

/**
 * @param {string} command @param {string[]} args @param {import("node:child_process").SpawnOptions} options
 * @param {(pid: number) => void} [onStart] @returns {Promise<number>}
 */
function run(command, args, options, onStart) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    if (child.pid !== undefined) onStart?.(child.pid);
    // A terminal sends Ctrl-C to the child as well; we wait for the child's own answer. SIGTERM and SIGHUP
    // reach only us.
    const ignore = () => {};
    const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on("SIGINT", ignore).on("SIGTERM", pass).on("SIGHUP", pass);
    const done = () => process.off("SIGINT", ignore).off("SIGTERM", pass).off("SIGHUP", pass);
    child.once("error", (error) => {
      done();
      reject(new Error(`Cannot run ${command}: ${error.message}.`));
    });
    child.once("close", (code, signal) => {
      done();
      resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]));
    });
  });
}
