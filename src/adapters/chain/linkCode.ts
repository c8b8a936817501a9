import type { ContractAddresses, ContractName } from "../../base/types/deployment.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { LinkReferences } from "./readArtifact.ts";

const ADDRESS_BYTES = 20;

/**
 * Compiled code with the addresses of its libraries in their places. A library is one of a deployment's
 * contracts, by its own name.
 * @throws RangeError where a deployment has no such library
 */
export function linkCode(code: Hex, references: LinkReferences, contracts: ContractAddresses): Hex {
  let linked: string = code;
  for (const libraries of Object.values(references)) {
    for (const [library, places] of Object.entries(libraries)) {
      if (!(library in contracts))
        throw new RangeError(`The library ${library} is none of a deployment's contracts.`);
      const address = contracts[library as ContractName].slice(2);
      for (const { start } of places) {
        const from = 2 + 2 * start;
        linked = linked.slice(0, from) + address + linked.slice(from + 2 * ADDRESS_BYTES);
      }
    }
  }
  return linked as Hex;
}
