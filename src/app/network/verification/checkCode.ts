import { codeHash } from "../../../adapters/chain/abiValues.ts";
import { linkCode } from "../../../adapters/chain/linkCode.ts";
import { readArtifact, type Artifact } from "../../../adapters/chain/readArtifact.ts";
import { CONTRACT_NAMES, type ContractAddresses, type Deployment } from "../../../base/types/deployment.ts";
import type { Hex } from "../../../base/types/ids.ts";
import type { ReadClient } from "../../../adapters/chain/readOnly.ts";
import { compared, noted, type Finding } from "./finding.ts";

/** Holds the code at each address against the compiled sources, immutables apart, and against the file. */
export async function checkCode(client: ReadClient, deployment: Deployment): Promise<Finding[]> {
  const { contracts, codeHashes } = deployment;
  const findings: Finding[] = [];
  for (const name of CONTRACT_NAMES) {
    const code = (await client.request("eth_getCode", [contracts[name], "latest"])) as Hex;
    const like = codeLike(code, await readArtifact(name), contracts);
    findings.push(compared("code", `${name}: its code`, "as compiled", like));
    const hash = codeHashes?.[name];
    if (hash !== undefined)
      findings.push(compared("code", `${name}: hash of its code`, hash, codeHash(code)));
  }
  if (codeHashes === undefined)
    findings.push(noted("code", "hashes of the contracts' code", "the deployment file has none"));
  return findings;
}

/** A library's code begins with its own address, which the creation writes (PUSH20). */
const LIBRARY_START = `73${"00".repeat(20)}`;

function codeLike(code: Hex, artifact: Artifact, contracts: ContractAddresses): string {
  if (code === "0x") return "no code";
  const { deployedBytecode, deployedLinkReferences, immutableReferences } = artifact;
  const linked = linkCode(deployedBytecode, deployedLinkReferences, contracts).slice(2);
  const [found, expected] = [Buffer.from(code.slice(2), "hex"), Buffer.from(linked, "hex")];
  if (found.length !== expected.length) return "other code";
  const written = Object.values(immutableReferences).flat();
  const masked = linked.startsWith(LIBRARY_START) ? [...written, { start: 1, length: 20 }] : written;
  for (const { start, length } of masked) {
    found.fill(0, start, start + length);
    expected.fill(0, start, start + length);
  }
  return found.equals(expected) ? "as compiled" : "other code";
}
