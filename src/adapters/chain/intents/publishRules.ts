import { decodeFunctionData, encodeFunctionData, keccak256, stringToHex, toHex } from "viem";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { Intent, ChainEffect } from "../../../stages/outbox/ports.ts";
import { methodologyRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/** One version of a list of rules as the registry has it. */
export interface RuleListVersion {
  /** `scenario-classes`, `plausibility` or `recognition`. */
  readonly kind: string;
  /** Null: a list that holds in all regions. */
  readonly region: string | null;
  readonly version: number;
  /** Of the list's canonical JSON. */
  readonly hash: Hex;
}

/** Publishes the next version of a list of rules. `registrar` must be who the access manager lets publish. */
export function publishRules(registry: Address, registrar: Address, list: RuleListVersion): Intent {
  const data = encodeFunctionData({
    abi: methodologyRegistryAbi,
    functionName: "publishRules",
    args: [ruleKindWord(list.kind), ruleRegionWord(list.region), list.version, list.hash],
  });
  return {
    key: `rules:${list.kind}:${list.region ?? "all"}:${String(list.version)}:${list.hash.slice(2, 18)}`,
    kind: "rules",
    from: registrar,
    to: registry,
    data,
  };
}

/** The hash asked for, and the one that the registry has for the version. */
export async function readRulesEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: methodologyRegistryAbi, data: intent.data });
  if (call.functionName !== "publishRules") return NO_EFFECT;
  const [kind, region, version, hash] = call.args;
  const shown = await client.ask(async (rpc) =>
    rpc.readContract({
      address: intent.to,
      abi: methodologyRegistryAbi,
      functionName: "rulesHashOf",
      args: [kind, region, version],
    }),
  );
  return { planned: { hash }, shown: { hash: shown } };
}

/** A kind as the registry's events and calls have it. */
export function ruleKindWord(kind: string): Hex {
  return keccak256(toHex(kind));
}

/** A region in eight bytes; zero for all. */
export function ruleRegionWord(region: string | null): Hex {
  return stringToHex(region ?? "", { size: 8 });
}
