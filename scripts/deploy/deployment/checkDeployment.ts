import { Contract, type InterfaceAbi, type JsonRpcProvider } from "ethers";
import { readArtifact, type Artifact } from "../../../src/adapters/chain/readArtifact.ts";
import { CONTRACT_NAMES, type Deployment } from "../../../src/base/types/deployment.ts";
import { ADMIN_ROLE, functionsOf, ROLES } from "../../../src/adapters/chain/accessRoles.ts";
import { selectorOf } from "./selectorOf.ts";
import type { NetworkTerms } from "../../../src/app/network/parseTerms.ts";
import { expectedLinks } from "./expectedLinks.ts";

/** One thing that was compared. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
}

/**
 * Compares a deployment with what it should be: chain, bytecode (immutables apart), wiring, and every role
 * with its functions, members and delays. Reads only.
 * @param terms null: roles are not compared, since nobody said what they should be
 */
export async function checkDeployment(
  provider: JsonRpcProvider,
  deployment: Deployment,
  terms: NetworkTerms | null,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const compare = (what: string, expected: string, found: string): void => {
    findings.push({ what, ok: expected === found, expected, found });
  };
  compare(
    "chain id",
    String(deployment.chainId),
    BigInt((await provider.send("eth_chainId", [])) as string).toString(),
  );
  compare(
    `block ${String(deployment.block)}`,
    deployment.blockHash,
    (await provider.getBlock(deployment.block))?.hash ?? "missing",
  );
  for (const name of CONTRACT_NAMES) {
    const artifact = await readArtifact(name);
    const code = await provider.getCode(deployment.contracts[name]);
    compare(`bytecode of ${name}`, "as compiled", sameCode(code, artifact));
  }
  for (const { contract, getter, expected } of expectedLinks(deployment.contracts)) {
    const { abi } = await readArtifact(contract);
    const answer: unknown = await new Contract(deployment.contracts[contract], abi as InterfaceAbi, provider)
      .getFunction(getter)()
      .catch(() => "no answer");
    compare(`${contract}.${getter}`, expected, String(answer).toLowerCase());
  }
  if (terms !== null) await compareRoles(provider, deployment, terms, compare);
  return findings;
}

function sameCode(code: string, { deployedBytecode, immutableReferences }: Artifact): string {
  if (code === "0x") return "no code";
  const [found, expected] = [code, deployedBytecode].map((text) => Buffer.from(text.slice(2), "hex")) as [
    Buffer,
    Buffer,
  ];
  if (found.length !== expected.length) return "other code";
  for (const { start, length } of Object.values(immutableReferences).flat()) {
    found.fill(0, start, start + length);
    expected.fill(0, start, start + length);
  }
  return found.equals(expected) ? "as compiled" : "other code";
}

async function compareRoles(
  provider: JsonRpcProvider,
  { contracts }: Deployment,
  terms: NetworkTerms,
  compare: (what: string, expected: string, found: string) => void,
): Promise<void> {
  const { abi } = await readArtifact("AccessManager");
  const manager = new Contract(contracts.AccessManager, abi as InterfaceAbi, provider);
  const ask = async (name: string, ...args: unknown[]): Promise<unknown> =>
    (await manager.getFunction(name)(...args)) as unknown;
  // Whoever was ever granted anything; who still is, the manager says itself.
  const granted = new Map<bigint, Set<string>>();
  for (const event of await manager.queryFilter("RoleGranted", 0)) {
    const parsed = manager.interface.parseLog(event);
    if (parsed === null) continue;
    const [role, account] = parsed.args.toArray() as [bigint, string];
    granted.set(role, (granted.get(role) ?? new Set()).add(account.toLowerCase()));
  }
  const membersOf = async (role: bigint): Promise<string> => {
    const found: string[] = [];
    for (const account of granted.get(role) ?? []) {
      const [member, delay] = (await ask("hasRole", role, account)) as [boolean, bigint];
      if (member) found.push(`${account} after ${delay.toString()} s`);
    }
    return found.toSorted().join(", ");
  };
  const expectedMembers = (members: readonly string[], delay: number): string =>
    members
      .map((member) => `${member} after ${String(delay)} s`)
      .toSorted()
      .join(", ");

  compare(
    "members of the role admin",
    expectedMembers([terms.admin], terms.adminDelaySeconds),
    await membersOf(ADMIN_ROLE),
  );
  const known = new Set<bigint>([ADMIN_ROLE]);
  for (const role of ROLES) {
    known.add(role.id);
    const { members, delaySeconds } = terms.roles[role.name];
    compare(
      `members of the role ${role.name}`,
      expectedMembers(members, delaySeconds),
      await membersOf(role.id),
    );
    compare(
      `admin of the role ${role.name}`,
      ADMIN_ROLE.toString(),
      String(await ask("getRoleAdmin", role.id)),
    );
    for (const { contract, name } of functionsOf(role)) {
      const found = (await ask(
        "getTargetFunctionRole",
        contracts[contract],
        await selectorOf(contract, name),
      )) as bigint;
      compare(
        `role of ${contract}.${name}`,
        role.name,
        ROLES.find(({ id }) => id === found)?.name ?? found.toString(),
      );
    }
  }
  const others = [...granted.keys()].filter((role) => !known.has(role));
  compare("other roles", "", others.join(", "));
  for (const name of CONTRACT_NAMES) {
    compare(`${name} is open`, "false", String(await ask("isTargetClosed", contracts[name])));
  }
}
