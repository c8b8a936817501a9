import { getCreateAddress, Interface, type InterfaceAbi, type Wallet } from "ethers";
import { readArtifact } from "../../../src/adapters/chain/readArtifact.ts";
import {
  constructorArguments,
  type DeploymentTerms,
} from "../../../src/adapters/chain/constructorArguments.ts";
import { StateError } from "../../../src/base/errors/errors.ts";
import { CONTRACT_NAMES, type ContractAddresses } from "../../../src/base/types/deployment.ts";

/** Where each contract comes to stand if the deployer's nonces run on from `firstNonce`; lower case. */
export function plannedAddresses(deployer: string, firstNonce: number): ContractAddresses {
  const entries = CONTRACT_NAMES.map((name, i) => [
    name,
    getCreateAddress({ from: deployer, nonce: firstNonce + i }).toLowerCase(),
  ]);
  return Object.fromEntries(entries) as ContractAddresses;
}

/**
 * Creates what is not there yet, each contract with its own nonce, so that a run that was cut off is finished
 * by the next.
 * @returns the last block in which a contract was created, of this run; null where all were there
 * @throws StateError `deploy.nonce` where the deployer's account was used for something else in between
 */
export async function createContracts(
  deployer: Wallet,
  contracts: ContractAddresses,
  firstNonce: number,
  terms: DeploymentTerms,
  say: (line: string) => void,
): Promise<number | null> {
  const provider = deployer.provider;
  if (provider === null) throw new Error("The deployer is connected to no node.");
  const args = constructorArguments(contracts, terms);
  let block: number | null = null;
  for (const [i, name] of CONTRACT_NAMES.entries()) {
    if ((await provider.getCode(contracts[name])) !== "0x") {
      say(`${name} stands at ${contracts[name]}.`);
      continue;
    }
    const nonce = await provider.getTransactionCount(deployer.address);
    if (nonce !== firstNonce + i) {
      throw new StateError(
        "deploy.nonce",
        `${name} is planned for nonce ${String(firstNonce + i)} of ${deployer.address}, which is at ` +
          `${String(nonce)}: the account was used for something else. Remove the plan file and deploy ` +
          "anew, with an account that does nothing else.",
      );
    }
    const { abi, bytecode } = await readArtifact(name);
    const data = bytecode + new Interface(abi as InterfaceAbi).encodeDeploy([...args[name]]).slice(2);
    const receipt = await (await deployer.sendTransaction({ data, nonce })).wait();
    if (receipt?.status !== 1) throw new StateError("deploy.failed", `The creation of ${name} failed.`);
    block = receipt.blockNumber;
    say(`${name} created at ${contracts[name]}, ${receipt.gasUsed.toString()} gas.`);
  }
  return block;
}
