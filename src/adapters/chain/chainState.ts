import { copyFile, open, readFile, rename, stat } from "node:fs/promises";
import { UnavailableError } from "../../base/errors/errors.ts";

/**
 * anvil rewrites its state in place, so a kill in that instant leaves half a file: `previous` is the last one
 * known to be whole.
 */
export interface StateFiles {
  readonly current: string;
  readonly previous: string;
}

async function isWhole(path: string): Promise<boolean> {
  try {
    JSON.parse(await readFile(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Copies the current state over the previous one if it is whole; returns whether it did. */
export async function keepCopy(files: StateFiles): Promise<boolean> {
  if (!(await exists(files.current))) return false;
  const fresh = `${files.previous}.new`;
  await copyFile(files.current, fresh);
  if (!(await isWhole(fresh))) return false;
  const handle = await open(fresh, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, files.previous);
  return true;
}

/**
 * Leaves a whole state file, or none, for the node to start from. A broken one is put aside and replaced
 * by the last whole copy: what it lacks, the outbox sends again.
 * @throws UnavailableError `chain.state-broken` where the state is broken and no whole copy is there:
 * starting empty would lose the chain
 */
export async function prepareState(files: StateFiles): Promise<void> {
  if (await keepCopy(files)) return;
  const broken = await exists(files.current);
  if (!(await exists(files.previous))) {
    // A file that broke before its first copy holds no more than the genesis block and what the outbox can
    // send again.
    if (broken) await rename(files.current, `${files.current}.broken`);
    return;
  }
  if (!(await isWhole(files.previous))) {
    throw new UnavailableError(
      "chain.state-broken",
      `Neither ${files.current} nor ${files.previous} is a whole state file. Restore one of them from ` +
        "a backup.",
    );
  }
  if (broken) await rename(files.current, `${files.current}.broken`);
  await copyFile(files.previous, files.current);
}
