import { bigEndian, toHex } from "../../../base/lib/bytes.ts";
import { batchId } from "../../../base/lib/ids.ts";
import type { Deployment } from "../../../base/types/deployment.ts";
import type { Address, BatchId } from "../../../base/types/ids.ts";
import { carbonCreditAbi } from "../abis.generated.ts";
import type { ReadClient } from "../readOnly.ts";

/**
 * The batches of which an account ever got credits, by minting or from somebody else, in the order in which
 * it first did; it may hold nothing of them any more.
 */
export async function readReceivedBatches(
  client: ReadClient,
  { contracts, block }: Pick<Deployment, "contracts" | "block">,
  holder: Address,
): Promise<BatchId[]> {
  const filter = {
    address: contracts.CarbonCredit,
    abi: carbonCreditAbi,
    args: { to: holder },
    fromBlock: BigInt(block),
    toBlock: "latest",
    strict: true,
  } as const;
  const [single, several] = await client.ask(async (rpc) =>
    Promise.all([
      rpc.getContractEvents({ ...filter, eventName: "TransferSingle" }),
      rpc.getContractEvents({ ...filter, eventName: "TransferBatch" }),
    ]),
  );
  const ids = [...single.map(({ args }) => args.id), ...several.flatMap(({ args }) => args.ids)];
  return [...new Set(ids)].map((id) => batchId(toHex(bigEndian(id, 32))));
}
