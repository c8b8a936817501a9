import { Interface, type InterfaceAbi } from "ethers";
import { readArtifact } from "../../../src/adapters/chain/readArtifact.ts";
import type { ContractName } from "../../../src/base/types/deployment.ts";

/** Selector of a contract's function of this name. */
export async function selectorOf(contract: ContractName, name: string): Promise<string> {
  const { abi } = await readArtifact(contract);
  const found = new Interface(abi as InterfaceAbi).getFunction(name);
  if (found === null) throw new Error(`${contract} has no function ${name}.`);
  return found.selector;
}
