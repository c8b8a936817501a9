import { allowKeyScheme } from "../../adapters/chain/intents/allowKeyScheme.ts";
import { publishMethodology } from "../../adapters/chain/intents/publishMethodology.ts";
import { publishRules } from "../../adapters/chain/intents/publishRules.ts";
import { UsageError } from "../../base/errors/errors.ts";
import type { Hex, RegionCode } from "../../base/types/ids.ts";
import { SHIPPED_CLASS_VERSIONS } from "../../format/batch/classes/classLists.ts";
import { isTestMethodology } from "../../format/batch/methodology.ts";
import { keySchemeHash } from "../../format/onchain/batchStatement.ts";
import { shippedMethodologies } from "../../stages/quantify/shippedMethodologies.ts";
import type { ActivityKeyService } from "../../stages/dedupe/ports.ts";
import type { ChainView } from "../chain/readChain.ts";
import { NOBODY } from "../chain/callsForOthers.ts";
import type { WantedCall } from "./takeNetworkSteps.ts";

type At = Pick<ChainView, "deployment">;

/**
 * The calls that publish methodologies that ship: of these regions, and of these names where some are named.
 * Those of one's own are proposed and published by `methodology`.
 * @param regions null: all
 * @throws UsageError `network.methodology` where none fits, or a name is none of them
 */
export function methodologyCalls(
  { deployment }: At,
  { regions, codes }: { readonly regions: readonly RegionCode[] | null; readonly codes: readonly string[] },
  local: boolean,
): WantedCall[] {
  const usable = shippedMethodologies().filter(
    (one) => (local || !isTestMethodology(one)) && (regions === null || regions.includes(one.region)),
  );
  const named = usable.filter(
    ({ code, version }) => codes.length === 0 || codes.includes(code) || codes.includes(`${code}@${version}`),
  );
  const unknown = codes.find(
    (name) => !named.some(({ code, version }) => name === code || name === `${code}@${version}`),
  );
  if (unknown !== undefined || named.length === 0) {
    const regionsThere = [...new Set(usable.map(({ region }) => region))].join(", ");
    throw new UsageError(
      "network.methodology",
      (unknown === undefined
        ? `No methodology that ships is of ${regions?.join(", ") ?? "any region"}.`
        : `${JSON.stringify(unknown.slice(0, 80))} is no methodology that ships and counts here.`) +
        (regionsThere === "" ? "" : ` There are some of ${regionsThere}.`),
      { remedy: { act: "publish-methodology" } },
    );
  }
  return named.map((methodology) => ({
    what: `${methodology.code}@${methodology.version} of ${methodology.region} is published`,
    intent: publishMethodology(deployment.contracts.MethodologyRegistry, NOBODY, methodology),
  }));
}

/** The calls that publish the versions of the list of scenario classes that ship, in their order. */
export function classListCalls({ deployment }: At): WantedCall[] {
  return SHIPPED_CLASS_VERSIONS.toSorted((a, b) => a.version - b.version).map(({ version, hash }) => ({
    what: `version ${String(version)} of the list of scenario classes is published`,
    intent: publishRules(deployment.contracts.MethodologyRegistry, NOBODY, {
      kind: "scenario-classes",
      region: null,
      version,
      hash,
    }),
  }));
}

/**
 * The calls that let batches of a vintage in that were made with a key service's keys. A year of a zone
 * reaches into the UTC year before it or after it, and a batch names the years that its acts began in.
 */
export async function keySchemeCalls(
  at: At,
  keys: Pick<ActivityKeyService, "keyScheme">,
  vintage: number,
): Promise<WantedCall[]> {
  const spans = [[vintage], [vintage - 1, vintage], [vintage, vintage + 1]];
  return Promise.all(
    spans.map(async (years) =>
      keySchemeCall(
        at,
        keySchemeHash(await keys.keyScheme(years)),
        `the key scheme of ${years.join(" and ")}`,
      ),
    ),
  );
}

/** The call that lets batches of a key scheme in. */
export function keySchemeCall({ deployment }: At, hash: Hex, name = `the key scheme ${hash}`): WantedCall {
  return {
    what: `${name} is allowed`,
    intent: allowKeyScheme(deployment.contracts.BatchRegistry, NOBODY, hash),
  };
}
