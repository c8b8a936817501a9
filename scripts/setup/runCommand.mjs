import path from "node:path";
import { endsSoon, runChild } from "../launch/runChild.mjs";
import { BIN, MAIN, ROOT } from "./places.mjs";
import { say } from "./say.mjs";

/** npm and the compiler are silent for minutes where nobody sees their spinners. */
const BEAT_MILLISECONDS = 15_000;

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
  const isOurs = args.some((arg) => path.resolve(ROOT, arg) === MAIN);
  return runChild(command, args, {
    spawn: { stdio: "inherit", env: projectEnvironment() },
    endsSoon: isOurs && endsSoon(args),
    saysUp: isOurs && !endsSoon(args),
  });
}

/**
 * Runs a step of set-up in the clone's folder: no input, all output on stderr.
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} env @param
 * {import("./withLock.mjs").Lock} lock
 * @throws Error where the step fails
 */
export async function runStep(command, args, env, lock) {
  const startedAt = Date.now();
  const beat = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    say(`still at it, for ${seconds} seconds: ${command} ${args.at(-1) ?? ""}.`);
  }, BEAT_MILLISECONDS);
  const code = await runChild(command, args, {
    spawn: { stdio: ["ignore", 2, 2], env, cwd: ROOT },
    onStart: (pid) => lock.startedChild(pid),
  }).finally(() => clearInterval(beat));
  if (code !== 0)
    throw new Error(
      `set-up: \`${[command, ...args].join(" ")}\` failed with exit code ${code}; see its output above.`,
    );
}
