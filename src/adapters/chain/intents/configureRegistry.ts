import { decodeFunctionData, encodeFunctionData } from "viem";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { Intent, Sighting } from "../../../stages/outbox/ports.ts";
import { batchRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NOTHING } from "../sightings.ts";

/**
 * Lets batches with this key scheme in, or no longer. `admin` must hold the access manager's admin role, here
 * and below.
 */
export function allowKeyScheme(
  registry: Address,
  admin: Address,
  keySchemeHash: Hex,
  allowed = true,
): Intent {
  const data = encodeFunctionData({
    abi: batchRegistryAbi,
    functionName: "setKeyScheme",
    args: [keySchemeHash, allowed],
  });
  return {
    key: `key-scheme:${keySchemeHash}:${allowed ? "allow" : "forbid"}`,
    kind: "key-scheme",
    from: admin,
    to: registry,
    data,
  };
}

/** Terms of the regions that have none of their own. */
const ALL_REGIONS = "0x0000000000000000";
const ANY_VERIFIER = 0;

/**
 * How many verifiers, of any set, a commit needs in regions without terms of their own.
 * @param occasion tells this change from an earlier one to the same number: intents with one key happen once
 */
export function setVerifierThreshold(
  registry: Address,
  admin: Address,
  threshold: number,
  occasion: string,
): Intent {
  const data = encodeFunctionData({
    abi: batchRegistryAbi,
    functionName: "setQuorum",
    args: [ALL_REGIONS, threshold, ANY_VERIFIER],
  });
  return {
    key: `threshold:${String(threshold)}:${occasion}`,
    kind: "threshold",
    from: admin,
    to: registry,
    data,
  };
}

/** Seconds between commit and mint. `occasion` as for `setVerifierThreshold`. */
export function setChallengeWindow(
  registry: Address,
  admin: Address,
  seconds: number,
  occasion: string,
): Intent {
  const data = encodeFunctionData({
    abi: batchRegistryAbi,
    functionName: "setChallengeWindow",
    args: [seconds],
  });
  return {
    key: `challenge-window:${String(seconds)}:${occasion}`,
    kind: "challenge-window",
    from: admin,
    to: registry,
    data,
  };
}

/** The setting as the intent makes it, and as the registry has it. */
export async function sightSetting(client: ChainClient, intent: Intent & { to: Address }): Promise<Sighting> {
  const contract = { address: intent.to, abi: batchRegistryAbi } as const;
  const call = decodeFunctionData({ abi: batchRegistryAbi, data: intent.data });
  return client.ask(async (rpc) => {
    if (call.functionName === "setKeyScheme") {
      const [hash, allowed] = call.args;
      const isAllowed = await rpc.readContract({
        ...contract,
        functionName: "keySchemeAllowed",
        args: [hash],
      });
      return { planned: { allowed }, shown: { allowed: isAllowed } };
    }
    if (call.functionName === "setQuorum") {
      const [region, threshold, verifierSet] = call.args;
      const terms = await rpc.readContract({ ...contract, functionName: "quorumOf", args: [region] });
      return {
        planned: { threshold, verifierSet },
        shown: { threshold: terms[0], verifierSet: terms[1] },
      };
    }
    if (call.functionName === "setChallengeWindow") {
      const seconds = await rpc.readContract({ ...contract, functionName: "challengeWindow" });
      return { planned: { seconds: call.args[0] }, shown: { seconds } };
    }
    return NOTHING;
  });
}
