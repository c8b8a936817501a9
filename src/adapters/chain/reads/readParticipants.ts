import { hexToString, sliceHex } from "viem";
import { FIRM_ID_BYTES } from "../../../base/lib/sizes.ts";
import type { Deployment } from "../../../base/types/deployment.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import { PARTICIPANT_KINDS, type ParticipantKind } from "../../../base/types/participantKinds.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { ChainParticipant } from "../../../stages/network/ports.ts";
import { participantRegistryAbi } from "../abis.generated.ts";
import type { ReadClient } from "../readOnly.ts";

const STATUSES = ["none", "active", "suspended", "recovered", "barred", "recovering"] as const;

/** All participants that the registry knows, in the order in which they first came in. */
export async function readParticipants(
  client: ReadClient,
  { contracts, block }: Pick<Deployment, "contracts" | "block">,
): Promise<ChainParticipant[]> {
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      address: contracts.ParticipantRegistry,
      abi: participantRegistryAbi,
      eventName: "ParticipantSet",
      fromBlock: BigInt(block),
      toBlock: "latest",
      strict: true,
    }),
  );
  const latest = new Map<Address, ChainParticipant>();
  for (const { args } of logs) {
    const account = args.account.toLowerCase() as Address;
    latest.set(account, participantOf(account, args));
  }
  return [...latest.values()];
}

function participantOf(
  account: Address,
  shown: { status: number; kinds: number; country: Hex; expiry: number; firmId: Hex },
): ChainParticipant {
  const kinds = Object.entries(PARTICIPANT_KINDS).filter(([, bit]) => (shown.kinds & bit) !== 0);
  return {
    account,
    status: STATUSES[shown.status] ?? "unknown",
    kinds: kinds.map(([kind]) => kind as ParticipantKind),
    country: hexToString(shown.country, { size: 2 }).replaceAll("\0", ""),
    expiry: shown.expiry === 0 ? null : (shown.expiry as UnixSeconds),
    // In events a whole word.
    firmId: sliceHex(shown.firmId, 0, FIRM_ID_BYTES),
  };
}
