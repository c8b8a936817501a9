import { existsSync } from "node:fs";
import type { Config } from "../../../../app/process/config.ts";
import { UsageError } from "../../../../base/errors/errors.ts";

/**
 * For commands about the network that a data folder works on: one that names none, and has no chain of its
 * own either, is not the one that was meant.
 * @throws UsageError `network.none`
 */
export function requireNetwork({ folder, chain }: Pick<Config, "folder" | "chain">): void {
  if (chain.rpcUrl !== null || existsSync(chain.deploymentFile)) return;
  throw new UsageError(
    "network.none",
    `The data folder ${folder} names no network. Name the folder that does, with --data, or tie this one ` +
      "to a network with `microtonne network init`.",
  );
}
