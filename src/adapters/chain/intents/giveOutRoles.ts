import {
  decodeFunctionData,
  encodeFunctionData,
  keccak256,
  toFunctionSelector,
  type Abi,
  type AbiFunction,
} from "viem";
import type { ContractAddresses, ContractName } from "../../../base/types/deployment.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { ChainEffect, Intent } from "../../../stages/outbox/ports.ts";
import { accessManagerAbi, CONTRACT_ABIS } from "../abis.generated.ts";
import { ADMIN_ROLE, functionsOf, ROLES, type RoleName } from "../accessRoles.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/** Who holds a role, and how long each call of a member is public before it takes effect. */
export interface RoleTerms {
  readonly members: readonly Address[];
  readonly delaySeconds: number;
  /** Seconds until a grant of the role counts; the manager takes a change up five days later. */
  readonly grantDelaySeconds: number;
}

/** Who gets which role of a deployment. */
export interface RolesTerms {
  readonly admin: Address;
  readonly adminDelaySeconds: number;
  readonly roles: Readonly<Record<RoleName, RoleTerms>>;
}

/**
 * Gives each role its functions and members, hands the admin role over, and gives up the deployer's own,
 * last. The deployer must be admin.
 */
export function giveOutRoles(contracts: ContractAddresses, deployer: Address, terms: RolesTerms): Intent[] {
  const manager = contracts.AccessManager;
  const calls: Hex[] = [];
  for (const role of ROLES) {
    for (const { contract, name } of functionsOf(role))
      calls.push(
        encodeFunctionData({
          abi: accessManagerAbi,
          functionName: "setTargetFunctionRole",
          args: [contracts[contract], [selectorOf(contract, name)], role.id],
        }),
      );
    const { members, delaySeconds, grantDelaySeconds } = terms.roles[role.name];
    for (const member of members) calls.push(grant(role.id, member, delaySeconds));
    if (grantDelaySeconds > 0)
      calls.push(
        encodeFunctionData({
          abi: accessManagerAbi,
          functionName: "setGrantDelay",
          args: [role.id, grantDelaySeconds],
        }),
      );
  }
  calls.push(grant(ADMIN_ROLE, terms.admin, terms.adminDelaySeconds));
  if (terms.admin.toLowerCase() !== deployer.toLowerCase())
    calls.push(
      encodeFunctionData({
        abi: accessManagerAbi,
        functionName: "renounceRole",
        args: [ADMIN_ROLE, deployer],
      }),
    );
  return calls.map((data) => ({
    key: `role:${manager}:${keccak256(data).slice(2, 18)}`,
    kind: "role",
    from: deployer,
    to: manager,
    data,
  }));
}

function grant(role: bigint, member: Address, delaySeconds: number): Hex {
  return encodeFunctionData({
    abi: accessManagerAbi,
    functionName: "grantRole",
    args: [role, member, delaySeconds],
  });
}

/**
 * The selector of a contract's function of this name. @throws RangeError where it has none
 */
export function selectorOf(contract: ContractName, name: string): Hex {
  const found = (CONTRACT_ABIS[contract] as Abi).find(
    (entry): entry is AbiFunction => entry.type === "function" && entry.name === name,
  );
  if (found === undefined) throw new RangeError(`${contract} has no function ${name}.`);
  return toFunctionSelector(found);
}

/** What the call asks for of a role, and what the access manager has. */
export async function readRoleEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const manager = { address: intent.to, abi: accessManagerAbi } as const;
  const call = decodeFunctionData({ abi: accessManagerAbi, data: intent.data });
  if (call.functionName === "setTargetFunctionRole") {
    const [target, [selector], role] = call.args;
    if (selector === undefined) return NO_EFFECT;
    const shown = await client.ask(async (rpc) =>
      rpc.readContract({ ...manager, functionName: "getTargetFunctionRole", args: [target, selector] }),
    );
    return { planned: { role }, shown: { role: shown } };
  }
  if (call.functionName === "setGrantDelay") {
    const [roleId, planned] = call.args;
    // The getter shows it five days later; the event at once.
    const logs = await client.ask(async (rpc) =>
      rpc.getContractEvents({
        ...manager,
        eventName: "RoleGrantDelayChanged",
        args: { roleId },
        fromBlock: "earliest",
        strict: true,
      }),
    );
    const shown = logs.at(-1)?.args.delay;
    return shown === undefined ? NO_EFFECT : { planned: { delay: planned }, shown: { delay: shown } };
  }
  if (call.functionName !== "grantRole" && call.functionName !== "renounceRole") return NO_EFFECT;
  const [role, account] = call.args;
  const [isMember, delay] = await client.ask(async (rpc) =>
    rpc.readContract({ ...manager, functionName: "hasRole", args: [role, account] }),
  );
  if (call.functionName === "renounceRole") return { planned: { isMember: false }, shown: { isMember } };
  return { planned: { isMember: true, delay: call.args[2] }, shown: { isMember, delay } };
}
