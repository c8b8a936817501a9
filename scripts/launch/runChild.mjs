import { execFile, spawn } from "node:child_process";
import os from "node:os";

/** A child that computes hears no signal before it is done; longer than this nobody waits for it. */
const GRACE_MILLISECONDS = 1_000;
const STOPPING = "Stopping. What is stored stays whole: give the same command again.\n";
/** They end in their own time: requests under way are answered, jobs that run are let end. */
const SERVICES = new Set(["serve", "work"]);

/**
 * @typedef {object} ChildOptions
 * @property {import("node:child_process").SpawnOptions} spawn
 * @property {boolean} [endsSoon] whether Ctrl-C is answered for the child, and the child killed where it does
 * not end by itself
 * @property {boolean} [saysUp] whether the child is a service: answered for like one that ends soon until it
 * says by a message that it is up, and from then on left to end in its own time
 * @property {(pid: number) => void} [onStart]
 */

/**
 * Runs a command. A terminal sends Ctrl-C to the child as well; SIGTERM and SIGHUP reach only us.
 * @param {string} command @param {string[]} args @param {ChildOptions} options
 * @returns {Promise<number>} its exit code; 128 + signal number where a signal ended it
 */
export function runChild(command, args, { spawn: options, endsSoon: ends = false, saysUp = false, onStart }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, saysUp ? { ...options, stdio: [0, 1, 2, "ipc"] } : options);
    let soon = ends || saysUp;
    if (saysUp) child.once("message", () => (soon = false));
    if (child.pid !== undefined) onStart?.(child.pid);
    /** @type {NodeJS.Signals | null} */
    let ending = null;
    const end = (/** @type {NodeJS.Signals} */ signal) => {
      if (!soon) {
        if (signal !== "SIGINT") child.kill(signal);
        return;
      }
      const { pid } = child;
      if (pid === undefined) return;
      if (ending !== null) return void child.kill("SIGKILL");
      ending = signal;
      process.stderr.write(`\n${STOPPING}`);
      const started = childrenOf(pid);
      child.kill(signal);
      setTimeout(() => void killFamily(pid, started), GRACE_MILLISECONDS).unref();
    };
    process.on("SIGINT", end).on("SIGTERM", end).on("SIGHUP", end);
    const done = () => process.off("SIGINT", end).off("SIGTERM", end).off("SIGHUP", end);
    child.once("error", (error) => {
      done();
      reject(new Error(`Cannot run ${command}: ${error.message}.`));
    });
    child.once("close", (code, signal) => {
      done();
      const endedBy = ending ?? signal;
      resolve(code ?? 128 + (endedBy === null ? 0 : os.constants.signals[endedBy]));
    });
  });
}

/**
 * Whether Ctrl-C ends a call of the command line soon: services end in their own time.
 * @param {string[]} args
 */
export function endsSoon(args) {
  return !args.some((word) => SERVICES.has(word));
}

/**
 * Kills a process, and asks those that it started (the embedded chain) to end, which they would else outlive.
 * @param {number} pid @param {Promise<number[]>} started
 */
async function killFamily(pid, started) {
  signalTo(pid, "SIGKILL");
  for (const each of await started) signalTo(each, "SIGTERM");
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function signalTo(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** @param {number} pid @returns {Promise<number[]>} none where the machine has no `ps` */
function childrenOf(pid) {
  return new Promise((resolve) => {
    execFile("ps", ["-axo", "pid=,ppid="], (error, stdout) => {
      if (error !== null) return resolve([]);
      const rows = stdout
        .trim()
        .split("\n")
        .map((line) => line.trim().split(/\s+/).map(Number));
      resolve(rows.filter(([, parent]) => parent === pid).map(([each]) => Number(each)));
    });
  });
}
