import { ABI_OF, type Abi } from "../../../adapters/chain/abiValues.ts";
import { ADMIN_ROLE, functionsOf, ROLES } from "../../../adapters/chain/accessRoles.ts";
import { selectorOf } from "../../../adapters/chain/intents/giveOutRoles.ts";
import { CONTRACT_NAMES, type ContractAddresses } from "../../../base/types/deployment.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import { named } from "./checkCreations.ts";
import { compared, noted, unexpected, type Finding } from "./finding.ts";
import type { Shown } from "./settings.ts";

type Ask = (functionName: string, ...args: unknown[]) => Promise<unknown>;

/** What a role should be. */
interface WantedRole {
  readonly id: bigint;
  readonly name: string;
  readonly members: readonly Address[];
  readonly formerMembers: readonly string[];
  readonly delaySeconds: number;
  readonly grantDelaySeconds: number;
}

const lower = (value: unknown): string => String(value).toLowerCase();

/**
 * Holds the access manager against the terms: every role that was ever granted with its members, whoever was
 * one and is no more, execution and grant delays, admins and guardians, which role each function belongs to,
 * what is closed, and which calls wait.
 * @param deployer held the admin role while it deployed
 */
export async function checkRoles(shown: Shown, deployer: string): Promise<Finding[]> {
  const { client, contracts } = shown;
  const ask: Ask = async (functionName, ...args) =>
    client.ask(async (rpc) =>
      rpc.readContract({
        address: contracts.AccessManager,
        abi: ABI_OF.AccessManager,
        functionName,
        args,
      }),
    );
  const wanted = wantedRoles(shown, deployer);
  const findings: Finding[] = [];
  for (const role of wanted) findings.push(...(await checkRole(ask, shown, role)));
  const known = new Set(wanted.map(({ id }) => id));
  const others = eventsOf(shown, "RoleGranted").filter(({ roleId }) => !known.has(roleId as bigint));
  for (const { roleId, account } of others)
    findings.push(unexpected("role", `members of the role ${String(roleId)}`, lower(account)));
  findings.push(...(await checkFunctions(ask, shown)), ...(await checkTargets(ask, shown)));
  findings.push(...(await waitingCalls(ask, shown)));
  return findings;
}

function eventsOf({ events, contracts }: Shown, name: string) {
  return events
    .filter((one) => one.name === name && one.contract === contracts.AccessManager)
    .map(({ args }) => args);
}

function wantedRoles({ terms }: Shown, deployer: string): WantedRole[] {
  const admin: WantedRole = {
    id: ADMIN_ROLE,
    name: "admin",
    members: [terms.admin],
    formerMembers: [deployer, ...terms.formerAdmins],
    delaySeconds: terms.adminDelaySeconds,
    grantDelaySeconds: 0,
  };
  return [admin, ...ROLES.map(({ id, name }) => ({ id, name, ...terms.roles[name] }))];
}

async function checkRole(ask: Ask, shown: Shown, role: WantedRole): Promise<Finding[]> {
  const { id, name, delaySeconds } = role;
  const granted = eventsOf(shown, "RoleGranted").filter(({ roleId }) => roleId === id);
  const ever = [...new Set(granted.map(({ account }) => lower(account)))];
  const members = new Map<string, string>();
  for (const account of ever) {
    // Not `hasRole`: a membership that is only to begin must be seen too.
    const [since, delay, pending, effect] = (await ask("getAccess", id, account)) as number[];
    if (since === 0) continue;
    const [isMember] = (await ask("hasRole", id, account)) as [boolean];
    const coming = effect === 0 ? "" : `, ${String(pending)} s from ${String(effect)} on`;
    const begins = isMember ? "" : `, from ${String(since)} on`;
    members.set(account, `${account} after ${String(delay)} s${coming}${begins}`);
  }
  const expected = role.members.map((member) => `${member} after ${String(delaySeconds)} s`);
  const list = (texts: Iterable<string>): string => [...texts].toSorted().join(", ");
  const former = ever.filter(
    (account) => !members.has(account) && ![...role.members, ...role.formerMembers].includes(account),
  );
  const coming = eventsOf(shown, "RoleGrantDelayChanged").findLast(({ roleId }) => roleId === id);
  const grantDelay = String(coming?.["delay"] ?? (await ask("getRoleGrantDelay", id)));
  return [
    compared("role", `members of the role ${name}`, list(expected), list(members.values())),
    unexpected("role", `members of the role ${name} once, and no more`, list(former)),
    compared("role", `admin of the role ${name}`, "0", String(await ask("getRoleAdmin", id))),
    compared("role", `guardian of the role ${name}`, "0", String(await ask("getRoleGuardian", id))),
    // A change counts five days later only: what is coming is what counts here.
    compared(
      "role",
      `seconds until a grant of the role ${name} counts`,
      String(role.grantDelaySeconds),
      grantDelay,
    ),
  ];
}

const roleName = (id: bigint): string =>
  id === ADMIN_ROLE ? "admin" : (ROLES.find((one) => one.id === id)?.name ?? String(id));

async function checkFunctions(ask: Ask, shown: Shown): Promise<Finding[]> {
  const { contracts } = shown;
  const findings: Finding[] = [];
  const given = new Set<string>();
  for (const role of ROLES) {
    for (const { contract, name } of functionsOf(role)) {
      const selector = selectorOf(contract, name);
      given.add(`${contracts[contract]}${selector}`);
      const found = (await ask("getTargetFunctionRole", contracts[contract], selector)) as bigint;
      findings.push(compared("role", `role of ${contract}.${name}`, role.name, roleName(found)));
    }
  }
  const last = new Map<string, { target: string; selector: Hex; roleId: bigint }>();
  for (const { target, selector, roleId } of eventsOf(shown, "TargetFunctionRoleUpdated")) {
    const key = `${lower(target)}${String(selector)}`;
    last.set(key, { target: lower(target), selector: selector as Hex, roleId: roleId as bigint });
  }
  for (const [key, { target, selector, roleId }] of last) {
    if (given.has(key)) continue;
    const what = `role of the function ${selector} of ${named(target, contracts)}`;
    findings.push(compared("role", what, "admin", roleName(roleId)));
  }
  return findings;
}

async function checkTargets(ask: Ask, shown: Shown): Promise<Finding[]> {
  const { contracts } = shown;
  const findings: Finding[] = [];
  for (const name of CONTRACT_NAMES) {
    const closed = String(await ask("isTargetClosed", contracts[name]));
    findings.push(compared("pause", `${name}: closed to every role`, "false", closed));
  }
  for (const { target, delay, since } of eventsOf(shown, "TargetAdminDelayUpdated")) {
    const what = `seconds until the admin's calls about ${named(lower(target), contracts)} count`;
    findings.push(compared("role", what, "0", `${String(delay)}, from ${String(since)} on`));
  }
  return findings;
}

/** Calls that were scheduled and can still be made: anybody should know before they take effect. */
async function waitingCalls(ask: Ask, shown: Shown): Promise<Finding[]> {
  const findings: Finding[] = [];
  const calls = new Map(eventsOf(shown, "OperationScheduled").map((args) => [args["operationId"], args]));
  for (const [operation, { caller, target, data, schedule }] of calls) {
    if (Number(await ask("getSchedule", operation)) === 0) continue;
    const call = `${functionNamed(shown.contracts, lower(target), data as Hex)} by ${lower(caller)}`;
    findings.push(noted("role", "a call that waits", `${call}, from ${String(schedule)} on`));
  }
  return findings;
}

function functionNamed(contracts: ContractAddresses, target: string, data: Hex): string {
  const contract = CONTRACT_NAMES.find((one) => contracts[one] === target);
  const abi: Abi = contract === undefined ? [] : ABI_OF[contract];
  const known = abi.find(
    (entry) =>
      contract !== undefined &&
      entry.type === "function" &&
      selectorOf(contract, entry.name) === data.slice(0, 10),
  );
  return `${contract ?? target}.${known?.type === "function" ? known.name : data.slice(0, 10)}`;
}
