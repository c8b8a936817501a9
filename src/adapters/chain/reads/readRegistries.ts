import type { Deployment } from "../../../base/types/deployment.ts";
import type { Hex, MethodologyId } from "../../../base/types/ids.ts";
import { batchRegistryAbi, methodologyRegistryAbi } from "../abis.generated.ts";
import { METHODOLOGY_PUBLISHED } from "../intents/withdrawMethodology.ts";
import type { ReadClient } from "../readOnly.ts";

type Where = Pick<Deployment, "contracts" | "block">;

/** Methodology versions that batches may use now. */
export async function readPublishedMethodologies(
  client: ReadClient,
  { contracts, block }: Where,
): Promise<MethodologyId[]> {
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      address: contracts.MethodologyRegistry,
      abi: methodologyRegistryAbi,
      eventName: "MethodologySet",
      fromBlock: BigInt(block),
      toBlock: "latest",
      strict: true,
    }),
  );
  const latest = new Map(logs.map(({ args }) => [args.methodologyId as MethodologyId, args.status]));
  return [...latest].filter(([, status]) => status === METHODOLOGY_PUBLISHED).map(([id]) => id);
}

/** Hashes of the key schemes with which batches may be committed now. */
export async function readAllowedKeySchemes(client: ReadClient, { contracts, block }: Where): Promise<Hex[]> {
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      address: contracts.BatchRegistry,
      abi: batchRegistryAbi,
      eventName: "KeySchemeSet",
      fromBlock: BigInt(block),
      toBlock: "latest",
      strict: true,
    }),
  );
  const latest = new Map(logs.map(({ args }) => [args.keySchemeHash, args.allowed]));
  return [...latest].filter(([, allowed]) => allowed).map(([hash]) => hash);
}
