import { openNode } from "../../../../app/chain/openNode.ts";
import type { ChainNode, Context } from "../../../../app/context.ts";
import type { Config } from "../../../../app/process/config.ts";
import { requireNetwork } from "./requireNetwork.ts";

/** Looks at a network without a database: no data folder is made for it. @throws as `requireNetwork` */
export async function withNode<T>(
  config: Config,
  work: (place: Pick<Context, "config" | "node">) => Promise<T>,
): Promise<T> {
  requireNetwork(config);
  let node: Promise<ChainNode> | null = null;
  try {
    return await work({ config, node: () => (node ??= openNode(config)) });
  } finally {
    // Where it did not open, its error is told already.
    await (await (node as Promise<ChainNode> | null)?.catch(() => null))?.close();
  }
}
