import { join } from "node:path";
import { startAnvil } from "../../adapters/chain/anvil.ts";
import { connectChain, type ChainClient } from "../../adapters/chain/client.ts";
import type { Config } from "../process/config.ts";

/** A chain node, connected or started by us. One serves all tenants of a process. */
export interface ChainNode {
  readonly client: ChainClient;
  /** True where the node is our own, with accounts and blocks at our command. */
  readonly embedded: boolean;
  close(): Promise<void>;
}

/** Connects to the configured network, or starts the embedded chain. @throws UnavailableError of the node */
export async function openNode({ folder, chain }: Pick<Config, "folder" | "chain">): Promise<ChainNode> {
  const { rpcUrl, chainId, finalityDepth, pollMilliseconds } = chain;
  const anvil = rpcUrl === null ? await startAnvil({ folder: join(folder, "chain"), chainId }) : null;
  try {
    const client = await connectChain({
      rpcUrl: anvil?.rpcUrl ?? (rpcUrl as string),
      chainId,
      finalityDepth,
      pollMilliseconds,
      mineWhileWaiting: anvil !== null,
    });
    return { client, embedded: anvil !== null, close: async () => anvil?.stop() };
  } catch (error) {
    await anvil?.stop();
    throw error;
  }
}
