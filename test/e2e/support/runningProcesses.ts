import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Command lines of running processes that name a path. */
export async function runningProcesses(path: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-axo", "args="]);
  return stdout.split("\n").filter((line) => line.includes(path));
}
