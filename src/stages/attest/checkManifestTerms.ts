import type { BatchId, MethodologyId } from "../../base/types/ids.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import { isTestMethodology, methodologyIdOf } from "../../format/batch/methodology.ts";
import { scenarioClassListHash } from "../../format/batch/scenarioClasses.ts";
import { attestRefusal } from "./attestRefusal.ts";

/** What a verifier knows of a batch's surroundings, from its own sources. */
export interface KnownTerms {
  readonly deployment: Deployment;
  /** Whether test methodologies count. */
  readonly local: boolean;
  readonly knowsMethodology: (id: MethodologyId) => boolean;
  /** The operator's last committed batch on chain. */
  readonly head: BatchId | null;
}

/**
 * Everything in the manifest that is not recomputed from the leaves is compared with what the verifier knows
 * itself; but for the key scheme, which its key service is asked for (`checkKeyScheme`).
 * @throws CheckFailedError `attest.chain`, `attest.contracts`, `attest.methodology`,
 * `attest.test-methodology`, `attest.scenario-classes`, `attest.previous`
 */
export function checkManifestTerms(manifest: Manifest, known: KnownTerms): void {
  const { deployment, local, head } = known;
  if (manifest.chainId !== deployment.chainId.toString())
    throw attestRefusal("chain", `it is for chain ${manifest.chainId}, not ${String(deployment.chainId)}`);
  for (const [name, address] of Object.entries(deployment.contracts)) {
    if (manifest.contracts[name as keyof typeof manifest.contracts] !== address.toLowerCase())
      throw attestRefusal("contracts", `it names another ${name} than the deployment that we trust`);
  }
  for (const methodology of manifest.methodologies) {
    const name = `${methodology.code}@${methodology.version}`;
    if (!known.knowsMethodology(methodologyIdOf(methodology)))
      throw attestRefusal("methodology", `we do not know the methodology ${name} with this content`);
    if (!local && isTestMethodology(methodology))
      throw attestRefusal("test-methodology", `${name} exists for tests and counts on a local network only`);
  }
  if (manifest.schemas.scenarioClasses !== scenarioClassListHash())
    throw attestRefusal("scenario-classes", "it counts by another list of scenario classes");
  if (manifest.previousBatchId !== head)
    throw attestRefusal(
      "previous",
      `it follows batch ${manifest.previousBatchId ?? "none"}, while the operator's last batch on ` +
        `chain is ${head ?? "none"}`,
    );
}
