import type { Address } from "../../base/types/ids.ts";
import { CORE_CONTRACT_NAMES } from "../v1/contractNames.ts";

type Named = Readonly<Record<string, Address | undefined>>;

/**
 * The first contract in which two lists of names differ, whatever the addresses' case; null where they are of
 * one deployment. A name that only one side has is no difference, unless it is a core name: deployments grow.
 */
export function differingContract(
  ours: Named,
  theirs: Named,
): { name: string; ours: Address | null; theirs: Address | null } | null {
  for (const name of new Set<string>([...CORE_CONTRACT_NAMES, ...Object.keys(ours)])) {
    const [a, b] = [own(ours, name), own(theirs, name)];
    const oneSided = (a === null || b === null) && !(CORE_CONTRACT_NAMES as readonly string[]).includes(name);
    if (!oneSided && (a === null || a.toLowerCase() !== b?.toLowerCase()))
      return { name, ours: a, theirs: b };
  }
  return null;
}

function own(list: Named, name: string): Address | null {
  return Object.hasOwn(list, name) ? (list[name] ?? null) : null;
}
