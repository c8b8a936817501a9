import { join } from "node:path";
import { startAnvil } from "../../adapters/chain/startAnvil.ts";
import { connectChain } from "../../adapters/chain/client.ts";
import type { ChainNode } from "../context.ts";
import type { Config } from "../process/config.ts";

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
