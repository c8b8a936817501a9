import { ABI_OF, constructorInputs, type Abi } from "../../../adapters/chain/abiValues.ts";
import { createdBy } from "../../../adapters/chain/createdBy.ts";
import { CONTRACT_NAMES, type ContractAddresses, type ContractName } from "../../../base/types/deployment.ts";
import type { Address } from "../../../base/types/ids.ts";
import type { ReadClient } from "../../../adapters/chain/readOnly.ts";
import { NOBODY } from "../../chain/callsForOthers.ts";
import { expectedLeaves, named, NO_TERMS } from "./checkCreations.ts";
import { compared, type Finding } from "./finding.ts";

/** Getters of what a contract's own constructor creates, in the order of creation. */
const CREATED: Partial<Record<ContractName, readonly string[]>> = { CarbonCredit: ["holdActs"] };

/** A getter that must answer the address of another contract of the deployment. */
export interface Link {
  readonly contract: ContractName;
  readonly getter: string;
  readonly expected: Address;
}

/**
 * The links between a deployment's contracts: whatever a constructor is given of the other contracts and a
 * getter of that name shows. An access manager is shown as `authority`. What no getter shows is held
 * against the creation alone (`checkCreations`). What a constructor creates follows from its own address, and
 * its code is part of the creation.
 */
export function expectedLinks(contracts: ContractAddresses): Link[] {
  const addresses = new Set<string>(Object.values(contracts));
  return CONTRACT_NAMES.flatMap((contract) => {
    const abi: Abi = ABI_OF[contract];
    const leaves = expectedLeaves(contract, constructorInputs(abi), contracts, {
      ...NO_TERMS,
      admin: NOBODY,
    });
    const created = (CREATED[contract] ?? []).map((getter, at): Link => ({
      contract,
      getter,
      expected: createdBy(contracts[contract], at),
    }));
    const taken = leaves
      .filter(({ value }) => addresses.has(value))
      .flatMap(({ name, value }) => {
        const getter = [name, ...(name === "manager" ? ["authority"] : [])].find((one) => isGetter(abi, one));
        return getter === undefined ? [] : [{ contract, getter, expected: value as Address }];
      });
    return [...taken, ...created];
  });
}

/** Whether a contract tells one address under this name. */
function isGetter(abi: Abi, name: string): boolean {
  return addressGetters(abi).includes(name);
}

/** Names of the functions that take nothing and answer an address. */
export function addressGetters(abi: Abi): string[] {
  return abi.flatMap((entry) =>
    entry.type === "function" &&
    entry.inputs.length === 0 &&
    entry.outputs.length === 1 &&
    entry.outputs[0]?.type === "address" &&
    (entry.stateMutability === "view" || entry.stateMutability === "pure")
      ? [entry.name]
      : [],
  );
}

/** Asks every contract for the contracts that it works with. */
export async function checkLinks(client: ReadClient, contracts: ContractAddresses): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { contract, getter, expected } of expectedLinks(contracts)) {
    const found = await client
      .ask(async (rpc) =>
        rpc.readContract({
          address: contracts[contract],
          abi: ABI_OF[contract],
          functionName: getter,
        }),
      )
      .then(String, () => "no answer");
    const [wanted, answer] = [expected, found.toLowerCase()].map((one) => named(one, contracts));
    findings.push(compared("link", `${contract}.${getter}`, wanted ?? "", answer ?? ""));
  }
  return findings;
}
