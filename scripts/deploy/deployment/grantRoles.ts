import { Contract, type InterfaceAbi, type Wallet } from "ethers";
import { readArtifact } from "../../../src/adapters/chain/readArtifact.ts";
import type { ContractAddresses } from "../../../src/base/types/deployment.ts";
import { ADMIN_ROLE, functionsOf, ROLES } from "../../../src/adapters/chain/accessRoles.ts";
import { selectorOf } from "./selectorOf.ts";
import type { NetworkTerms } from "../../../src/app/network/parseTerms.ts";

/** One call on the access manager, with the question whether it is done already. */
interface Step {
  readonly what: string;
  done(): Promise<boolean>;
  run(): Promise<{ wait(): Promise<unknown> }>;
}

/**
 * Gives each role its functions and members, hands the admin role over and gives up the deployer's own, last.
 * What is done is left alone, so that a run that was cut off is finished by the next.
 */
export async function grantRoles(
  deployer: Wallet,
  contracts: ContractAddresses,
  terms: NetworkTerms,
  say: (line: string) => void,
): Promise<void> {
  const { abi } = await readArtifact("AccessManager");
  const manager = new Contract(contracts.AccessManager, abi as InterfaceAbi, deployer);
  const ask = async (name: string, ...args: unknown[]): Promise<unknown> =>
    (await manager.getFunction(name)(...args)) as unknown;
  const call = async (name: string, ...args: unknown[]) => manager.getFunction(name).send(...args);
  const holds = async (role: bigint, account: string, delay: number): Promise<boolean> => {
    const [member, current] = (await ask("hasRole", role, account)) as [boolean, bigint];
    return member && current === BigInt(delay);
  };

  const steps: Step[] = [];
  for (const role of ROLES) {
    const { members, delaySeconds } = terms.roles[role.name];
    for (const { contract, name } of functionsOf(role)) {
      const selector = await selectorOf(contract, name);
      steps.push({
        what: `${contract}.${name} belongs to the role ${role.name}`,
        done: async () => (await ask("getTargetFunctionRole", contracts[contract], selector)) === role.id,
        run: async () => call("setTargetFunctionRole", contracts[contract], [selector], role.id),
      });
    }
    for (const member of members) {
      steps.push({
        what: `${member} has the role ${role.name}, delay ${String(delaySeconds)} s`,
        done: async () => holds(role.id, member, delaySeconds),
        run: async () => call("grantRole", role.id, member, delaySeconds),
      });
    }
  }
  const { admin, adminDelaySeconds } = terms;
  steps.push({
    what: `${admin} is admin, delay ${String(adminDelaySeconds)} s`,
    done: async () => holds(ADMIN_ROLE, admin, adminDelaySeconds),
    run: async () => call("grantRole", ADMIN_ROLE, admin, adminDelaySeconds),
  });
  if (admin !== deployer.address.toLowerCase()) {
    steps.push({
      what: "the deployer has no role any more",
      done: async () => !((await ask("hasRole", ADMIN_ROLE, deployer.address)) as [boolean, bigint])[0],
      run: async () => call("renounceRole", ADMIN_ROLE, deployer.address),
    });
  }
  for (const step of steps) {
    if (!(await step.done())) await (await step.run()).wait();
    say(`${step.what}.`);
  }
}
