import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { UnavailableError } from "../../errors/errors.ts";

/** What a lock keeps other processes from, for the error that they get. */
export interface Locked {
  /** E.g. `storage.locked`. */
  readonly code: string;
  /** What its holder does, to follow "Process 17 has": "this data folder open". */
  readonly state: string;
  /** Why there may be only one, a sentence. */
  readonly why: string;
}

/**
 * The process that holds a lock. A pid alone is not enough: after a crash or a reboot another process may
 * carry it.
 */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
  readonly boot: string;
  readonly host: string;
}

const TAKEOVER_ATTEMPTS = 50;
const TAKEOVER_PAUSE_MS = 100;
/**
 * A takeover is over in an instant; a guard older than this was left by a process that was killed in the
 * middle of one.
 */
const GUARD_MILLISECONDS = 10_000;

/**
 * Acquires the lock file at `path` for this process. Returns the function that releases it. A lock whose
 * process is gone is taken over.
 * @throws UnavailableError with the given code where another process (or this one) holds it, naming the pid
 */
export async function lockToProcess(path: string, locked: Locked): Promise<() => void> {
  const own = JSON.stringify(thisProcess());
  for (let attempt = 0; attempt < TAKEOVER_ATTEMPTS; attempt++) {
    if (placeWhole(path, own)) return () => releaseOwn(path, own);
    const found = readIfThere(path);
    if (found === null) continue;
    const holder = parseHolder(found);
    if (holder === null || isAlive(holder)) throw lockedBy(path, locked, holder);
    if (!removeStale(path, found, holder)) await sleep(TAKEOVER_PAUSE_MS);
  }
  throw lockedBy(path, locked, null);
}

/** The file appears under its name with all of its content or not at all. */
function placeWhole(path: string, content: string): boolean {
  const draft = `${path}.${String(process.pid)}.draft`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Only the maker of the guard folder, named after the dead holder, may remove that holder's lock; so of two
 * processes that both found it stale, the slower one can't remove the lock that the faster one has placed
 * meanwhile.
 */
function removeStale(path: string, content: string, holder: Holder): boolean {
  const guard = `${path}.takeover-${String(holder.pid)}-${holder.startedAt.replaceAll(/[^0-9A-Za-z]/g, "_")}`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    removeLeftGuard(guard);
    return false;
  }
  try {
    if (readIfThere(path) === content) rmSync(path);
    return true;
  } finally {
    rmdirSync(guard);
  }
}

function removeLeftGuard(guard: string): void {
  try {
    if (Date.now() - statSync(guard).mtimeMs > GUARD_MILLISECONDS) rmdirSync(guard);
  } catch {
    // Its maker, or another process, has just removed it.
  }
}

function releaseOwn(path: string, own: string): void {
  if (readIfThere(path) === own) rmSync(path, { force: true });
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function parseHolder(content: string): Holder | null {
  try {
    const value = JSON.parse(content) as Partial<Holder>;
    const whole =
      typeof value.pid === "number" &&
      [value.startedAt, value.boot, value.host].every((part) => typeof part === "string");
    return whole ? (value as Holder) : null;
  } catch {
    return null;
  }
}

function thisProcess(): Holder {
  return { pid: process.pid, startedAt: startOf(process.pid) ?? "unknown", boot: bootId(), host: hostname() };
}

/** A holder on another host (or in another container) can't be asked, so it counts as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  if (holder.boot !== bootId()) return false;
  return startOf(holder.pid) === holder.startedAt;
}

function bootId(): string {
  return process.platform === "linux"
    ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()
    : "unknown";
}

/** Start of a running process, in whatever the system counts it; null where there is no such process. */
function startOf(pid: number): string | null {
  try {
    if (process.platform !== "linux")
      return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // The command name, field 2, stands in brackets and may hold anything; the start time is field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function lockedBy(path: string, { code, state, why }: Locked, holder: Holder | null): UnavailableError {
  if (holder === null) {
    return new UnavailableError(
      code,
      `The lock file ${path} names no process. Make sure that no other process has ${state}, then ` +
        "remove that file.",
    );
  }
  const where = holder.host === hostname() ? "" : ` on host ${holder.host}`;
  const advice =
    where === ""
      ? "Wait until it ends, or stop it."
      : "If it is gone (a container that was replaced, say), remove the lock file by hand.";
  return new UnavailableError(
    code,
    `Process ${String(holder.pid)}${where} has ${state} (lock file ${path}). ${why} ${advice}`,
  );
}
