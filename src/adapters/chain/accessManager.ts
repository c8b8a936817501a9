import { zeroAddress } from "viem";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { accessManagerAbi } from "./abis.generated.ts";
import { ADMIN_ROLE, ROLES } from "./accessRoles.ts";
import type { ReadClient } from "./readOnly.ts";

/** A call that the access manager decides on. */
export interface ManagedCall {
  readonly to: Address;
  readonly data: Hex;
}

/** Whether an account may make a call: at once, `delaySeconds` after it was scheduled, or never. */
export interface CallRights {
  readonly immediate: boolean;
  /** 0 where it may not call at all, or at once. */
  readonly delaySeconds: number;
}

/** A role's member, and how long each of its calls is public before it takes effect. */
export interface RoleMember {
  readonly account: Address;
  readonly delaySeconds: number;
}

type Where = Pick<Deployment, "contracts" | "block">;

/** What `account` may do of a call. */
export async function readCallRights(
  client: ReadClient,
  { contracts }: Where,
  account: Address,
  { to, data }: ManagedCall,
): Promise<CallRights> {
  const [immediate, delaySeconds] = await client.ask(async (rpc) =>
    rpc.readContract({
      address: contracts.AccessManager,
      abi: accessManagerAbi,
      functionName: "canCall",
      args: [account, to, data.slice(0, 10) as Hex],
    }),
  );
  return { immediate, delaySeconds };
}

/** From when on a scheduled call may be made; null where it is not scheduled, or no longer. */
export async function readSchedule(
  client: ReadClient,
  { contracts }: Where,
  account: Address,
  { to, data }: ManagedCall,
): Promise<{ readonly readyAt: UnixSeconds | null; readonly nonce: number }> {
  const manager = { address: contracts.AccessManager, abi: accessManagerAbi } as const;
  return client.ask(async (rpc) => {
    const operation = await rpc.readContract({
      ...manager,
      functionName: "hashOperation",
      args: [account, to, data],
    });
    const readyAt = await rpc.readContract({ ...manager, functionName: "getSchedule", args: [operation] });
    const nonce = await rpc.readContract({ ...manager, functionName: "getNonce", args: [operation] });
    return { readyAt: readyAt === 0 ? null : (readyAt as UnixSeconds), nonce };
  });
}

/** The role that a restricted function belongs to, by the name that deployments give it. */
export async function readFunctionRole(
  client: ReadClient,
  { contracts }: Where,
  { to, data }: ManagedCall,
): Promise<{ readonly id: bigint; readonly name: string }> {
  const id = await client.ask(async (rpc) =>
    rpc.readContract({
      address: contracts.AccessManager,
      abi: accessManagerAbi,
      functionName: "getTargetFunctionRole",
      args: [to, data.slice(0, 10) as Hex],
    }),
  );
  return { id, name: roleName(id) };
}

/** `governor` and the like; a number where no deployment of this version gives it out. */
function roleName(id: bigint): string {
  if (id === ADMIN_ROLE) return "admin";
  return ROLES.find((role) => role.id === id)?.name ?? `role ${id.toString()}`;
}

/** Who holds a role now; whoever was granted it is asked for at the manager itself. */
export async function readRoleMembers(
  client: ReadClient,
  { contracts, block }: Where,
  roleId: bigint,
): Promise<RoleMember[]> {
  const manager = { address: contracts.AccessManager, abi: accessManagerAbi } as const;
  return client.ask(async (rpc) => {
    const logs = await rpc.getContractEvents({
      ...manager,
      eventName: "RoleGranted",
      args: { roleId },
      // The manager's own creation grants its admin, before the last contract's block.
      fromBlock: BigInt(Math.max(0, block - EARLIER_BLOCKS)),
      toBlock: "latest",
    });
    const granted = new Set(logs.map(({ args }) => (args.account ?? zeroAddress).toLowerCase() as Address));
    const members: RoleMember[] = [];
    for (const account of granted) {
      const [isMember, delaySeconds] = await rpc.readContract({
        ...manager,
        functionName: "hasRole",
        args: [roleId, account],
      });
      if (isMember) members.push({ account, delaySeconds });
    }
    return members;
  });
}

/** A deployment file names the block of its last contract; others came before it. */
const EARLIER_BLOCKS = 1_000;
