import { publishMethodology } from "../../adapters/chain/intents/publishMethodology.ts";
import { withdrawMethodology } from "../../adapters/chain/intents/withdrawMethodology.ts";
import { readMethodology } from "../../adapters/chain/readMethodology.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Address, MethodologyId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { parseCanonicalJson } from "../../format/canonicalJson.ts";
import { parseMethodology, validityDays } from "../../format/batch/methodology.ts";
import type { Intent } from "../../stages/outbox/ports.ts";
import type { RuleContent } from "../../stages/rules/ports.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import type { ChainView } from "../chain/readChain.ts";

/** How the chain's registry has a rule. */
export interface ChainRule {
  readonly state: "published" | "withdrawn";
  readonly publishedBy: Address;
  readonly publishedAt: UnixSeconds;
  /** Of a withdrawn one who withdrew it. */
  readonly changedBy: Address;
}

/**
 * What the chain shows of a rule; null where it does not know it.
 * @throws CheckFailedError `rules.chain-differs` where it is there for another region or other days
 */
export async function chainRuleOf(
  { client, deployment }: ChainView,
  content: RuleContent,
): Promise<ChainRule | null> {
  const shown = await readMethodology(
    client,
    deployment.contracts,
    content.id as MethodologyId,
    BigInt(deployment.block),
  );
  if (shown === null) return null;
  const { first, last } = validityDays(methodologyOf(content));
  if (
    shown.region.replaceAll("\0", "") !== content.region ||
    shown.firstDay !== first ||
    shown.lastDay !== last
  )
    throw new CheckFailedError(
      "rules.chain-differs",
      `${ruleName(content)} is on chain for region ${shown.region} and the days ${String(shown.firstDay)} to ` +
        `${String(shown.lastDay)}, not for those of its file. Ask the registrar.`,
    );
  return shown;
}

/** The registrar's transaction that publishes a rule. */
export function publishIntent({ contracts }: Deployment, registrar: Address, content: RuleContent): Intent {
  return publishMethodology(contracts.MethodologyRegistry, registrar, methodologyOf(content));
}

/** The registrar's transaction that withdraws one. */
export function withdrawIntent({ contracts }: Deployment, registrar: Address, { id }: RuleContent): Intent {
  return withdrawMethodology(contracts.MethodologyRegistry, registrar, id as MethodologyId);
}

function methodologyOf({ json }: RuleContent) {
  return parseMethodology(parseCanonicalJson(utf8(json)));
}
