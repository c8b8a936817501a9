import { publishMethodology } from "../../adapters/chain/intents/publishMethodology.ts";
import { publishRules, type RuleListVersion } from "../../adapters/chain/intents/publishRules.ts";
import { withdrawMethodology } from "../../adapters/chain/intents/withdrawMethodology.ts";
import { readMethodology } from "../../adapters/chain/reads/readMethodology.ts";
import { readRuleList, readRuleListVersion } from "../../adapters/chain/reads/readRuleList.ts";
import { CheckFailedError, StateError } from "../../base/errors/errors.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import type { Address, MethodologyId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { parseCanonicalJson } from "../../format/canonicalJson.ts";
import { SHIPPED_CLASS_VERSIONS } from "../../format/batch/classes/classLists.ts";
import { parseMethodology, validityDays } from "../../format/batch/methodology.ts";
import type { Intent } from "../../stages/outbox/ports.ts";
import { publishedClasses } from "../../stages/rules/classesContent.ts";
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
 * @throws CheckFailedError `rules.chain-differs` where it is there for another region, other days or with
 * other content
 */
export async function chainRuleOf(chain: ChainView, content: RuleContent): Promise<ChainRule | null> {
  return content.kind === "methodology" ? chainMethodologyOf(chain, content) : chainListOf(chain, content);
}

/**
 * The registrar's transactions that publish a rule, in their order: of scenario classes first the versions
 * that ship, where the chain does not have them yet.
 * @throws StateError `rules.version-gap` where the version before is not on chain
 */
export async function publishIntents(
  { client, deployment }: ChainView,
  registrar: Address,
  content: RuleContent,
): Promise<Intent[]> {
  const registry = deployment.contracts.MethodologyRegistry;
  if (content.kind === "methodology")
    return [publishMethodology(registry, registrar, methodologyOf(content))];
  const list = listOf(content);
  const newest = await readRuleListVersion(client, deployment.contracts, list);
  const shipped = content.kind === "scenario-classes" ? SHIPPED_CLASS_VERSIONS : [];
  const missing = shipped
    .filter(({ version }) => version > newest && version < list.version)
    .map(({ version, hash }) => ({ ...list, version, hash }));
  const expected = Math.max(newest, ...missing.map(({ version }) => version)) + 1;
  if (list.version !== expected)
    throw new StateError(
      "rules.version-gap",
      `${ruleName(content)} can't be published: the next version on chain is ${String(expected)}. Give the ` +
        "file that version.",
    );
  return [...missing, list].map((version) => publishRules(registry, registrar, version));
}

/** The registrar's transaction that withdraws a methodology. */
export function withdrawIntent(
  { deployment }: Pick<ChainView, "deployment">,
  registrar: Address,
  { id }: RuleContent,
): Intent {
  return withdrawMethodology(deployment.contracts.MethodologyRegistry, registrar, id as MethodologyId);
}

async function chainMethodologyOf(
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
  const region = shown.region.replaceAll("\0", "");
  if (region !== content.region || shown.firstDay !== first || shown.lastDay !== last)
    throw differs(
      content,
      `for region ${region} and the days ${String(shown.firstDay)} to ${String(shown.lastDay)}, not ` +
        "for those of its file",
    );
  return shown;
}

async function chainListOf(
  { client, deployment }: ChainView,
  content: RuleContent,
): Promise<ChainRule | null> {
  const list = listOf(content);
  const shown = await readRuleList(client, deployment.contracts, list, BigInt(deployment.block));
  if (shown === null) return null;
  if (shown.hash !== list.hash) throw differs(content, `as ${shown.hash}; this file's list is ${list.hash}`);
  return { ...shown, state: "published", changedBy: shown.publishedBy };
}

/** Scenario classes hold in all regions of a chain: one code has one meaning in all its activity keys. */
function listOf(content: RuleContent): RuleListVersion {
  if (content.kind === "scenario-classes") {
    const [{ version, hash }] = publishedClasses(content).versions;
    return { kind: content.kind, region: null, version, hash };
  }
  return { kind: content.kind, region: content.region, version: Number(content.version), hash: content.id };
}

function methodologyOf({ json }: RuleContent) {
  return parseMethodology(parseCanonicalJson(utf8(json)));
}

function differs(content: RuleContent, how: string): CheckFailedError {
  return new CheckFailedError(
    "rules.chain-differs",
    `${ruleName(content)} is on chain ${how}. Ask the registrar.`,
  );
}
