import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./places.mjs";
import { say } from "./say.mjs";

const LOCK = path.join(ROOT, ".setup.lock");
const TAKEOVER = `${LOCK}.takeover`;
const BEAT_MILLISECONDS = 2_000;
const STALE_MILLISECONDS = 15_000;
/** No step takes longer; a process of that number is another one by then. */
const STEP_MILLISECONDS = 3_600_000;

/**
 * @typedef {object} Lock
 * @property {(pid: number) => void} startedChild notes a running step, which outlives us where we are killed
 */

/**
 * Runs `work` while no other set-up of this clone runs. A lock counts as held while its owner touches it or
 * the step that the owner started still lives; a killed owner's lock is taken over.
 * @param {(lock: Lock) => Promise<void>} work
 */
export async function withLock(work) {
  await acquire();
  const beat = setInterval(() => fs.utimesSync(LOCK, new Date(), new Date()), BEAT_MILLISECONDS);
  try {
    await work({ startedChild: (pid) => fs.writeFileSync(LOCK, String(pid)) });
  } finally {
    clearInterval(beat);
    fs.rmSync(LOCK, { force: true });
  }
}

async function acquire() {
  for (let waited = false; !create(LOCK); waited = true) {
    if (!waited) say("another run is setting this clone up (.setup.lock); waiting for it.");
    // Two waiters must not both judge the same lock dead and remove each other's fresh one: only the holder
    // of TAKEOVER removes.
    if (!isHeld() && create(TAKEOVER)) {
      if (!isHeld()) fs.rmSync(LOCK, { force: true });
      fs.rmSync(TAKEOVER, { force: true });
    }
    if (ageOf(TAKEOVER) > STALE_MILLISECONDS) fs.rmSync(TAKEOVER, { force: true });
    await sleep(200);
  }
}

/** @param {string} file @returns {boolean} whether the file was not there and is now */
function create(file) {
  try {
    fs.writeFileSync(file, "", { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

function isHeld() {
  const age = ageOf(LOCK);
  return age < STALE_MILLISECONDS || (age < STEP_MILLISECONDS && childLives());
}

/**
 * @param {string} file @returns {number} milliseconds since it was touched; negative infinity where it is
 * gone
 */
function ageOf(file) {
  try {
    return Date.now() - fs.statSync(file).mtimeMs;
  } catch {
    return -Infinity;
  }
}

function childLives() {
  try {
    const pid = Number(fs.readFileSync(LOCK, "utf8"));
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
