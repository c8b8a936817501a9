import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = new Set<string>();
let watching = false;

/**
 * A temporary folder for what is measured. It goes with `remove`, at the latest with the process, and so it
 * does where Ctrl-C ends that.
 */
export function benchFolder(): { readonly folder: string; readonly remove: () => void } {
  if (!watching) {
    watching = true;
    process.once("exit", removeAll);
    process.once("SIGINT", () => process.exit(130)).once("SIGTERM", () => process.exit(143));
  }
  const folder = mkdtempSync(join(tmpdir(), "microtonne-bench-"));
  folders.add(folder);
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true });
      folders.delete(folder);
    },
  };
}

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
