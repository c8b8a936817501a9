import { constructorArguments, type DeploymentTerms } from "../../../adapters/chain/constructorArguments.ts";
import { creationInput } from "../../../adapters/chain/intents/deployContract.ts";
import { linkCode } from "../../../adapters/chain/linkCode.ts";
import {
  codeHash,
  constructorInputs,
  decodedLeaves,
  namedLeaves,
  type AbiParameter,
  type NamedLeaf,
} from "../../../adapters/chain/abiValues.ts";
import { readArtifact, type Artifact } from "../../../adapters/chain/readArtifact.ts";
import type { Creation } from "../../../adapters/chain/reads/readCreations.ts";
import { CONTRACT_NAMES, type ContractAddresses, type ContractName } from "../../../base/types/deployment.ts";
import type { Hex } from "../../../base/types/ids.ts";
import type { NetworkTerms } from "../parseTerms.ts";
import { compared, type Finding } from "./finding.ts";

/**
 * Holds the transaction that created each contract against the compiled sources: its creation code, linked
 * with the deployment's libraries, and every argument of its constructor.
 * @param terms null: arguments that are no contracts of the deployment are not compared
 */
export async function checkCreations(
  contracts: ContractAddresses,
  creations: ReadonlyMap<ContractName, Creation>,
  terms: NetworkTerms | null,
): Promise<Finding[]> {
  const deployer = creations.get("AccessManager")?.deployer ?? "";
  const findings: Finding[] = [];
  for (const name of CONTRACT_NAMES) {
    const creation = creations.get(name);
    const how = creation === undefined ? "none" : creation.succeeded ? "succeeded" : "failed";
    findings.push(compared("creation", `${name}: transaction that creates it`, "succeeded", how));
    if (creation === undefined) continue;
    findings.push(compared("creation", `${name}: its deployer`, deployer, creation.deployer));
    const artifact = await readArtifact(name);
    findings.push(...compareInput(name, creation.input, { artifact, contracts, deployer, terms }));
  }
  return findings;
}

function compareInput(
  name: ContractName,
  input: Hex,
  {
    artifact,
    contracts,
    deployer,
    terms,
  }: {
    readonly artifact: Artifact;
    readonly contracts: ContractAddresses;
    readonly deployer: string;
    readonly terms: NetworkTerms | null;
  },
): Finding[] {
  const code = linkCode(artifact.bytecode, artifact.linkReferences, contracts);
  const isOurs = input.startsWith(code);
  // Of what was there as much as the sources' code is long: arguments come behind it.
  const there = isOurs ? code : (input.slice(0, code.length) as Hex);
  const init = compared("creation", `${name}: hash of its init code`, codeHash(code), codeHash(there));
  // Where arguments begin in other code, nobody knows.
  if (!isOurs) return [init];
  const inputs = constructorInputs(artifact.abi);
  const expected = expectedLeaves(name, inputs, contracts, {
    ...(terms ?? NO_TERMS),
    admin: deployer as Hex,
  });
  const found = decodedLeaves(inputs, `0x${input.slice(code.length)}`);
  const leaves = expected.map(({ path, value }) => ({
    what: `${name}: constructor argument ${path}`,
    expected: named(value, contracts),
    found: named(found?.find((leaf) => leaf.path === path)?.value ?? "unreadable", contracts),
    isLink: Object.values<string>(contracts).includes(value) || value === deployer,
  }));
  const findings = leaves
    .filter(({ isLink }) => isLink || terms !== null)
    .map(({ what, ...value }) => compared("creation", what, value.expected, value.found));
  if (terms === null || findings.some(({ state }) => state === "fault")) return [init, ...findings];
  const args = constructorArguments(contracts, { ...terms, admin: deployer as Hex })[name];
  const whole = creationInput(artifact, contracts, args);
  return [
    init,
    ...findings,
    compared("creation", `${name}: hash of its creation input`, ...hashes(whole, input)),
  ];
}

const hashes = (expected: Hex, found: Hex): [Hex, Hex] => [codeHash(expected), codeHash(found)];

/** What each plain argument of a contract's constructor should be. */
export function expectedLeaves(
  name: ContractName,
  inputs: readonly AbiParameter[],
  contracts: ContractAddresses,
  terms: DeploymentTerms,
): NamedLeaf[] {
  return namedLeaves(inputs, constructorArguments(contracts, terms)[name]);
}

/** An address with the contract's name, where it is one of the deployment. */
export function named(value: string, contracts: ContractAddresses): string {
  const name = CONTRACT_NAMES.find((one) => contracts[one] === value);
  return name === undefined ? value : `${value} (${name})`;
}

/** Stands in where nobody said what the terms are; what comes of it is not compared. */
export const NO_TERMS: Omit<DeploymentTerms, "admin"> = {
  verifierThreshold: 0,
  challengeWindowSeconds: 0,
  guardianThreshold: 0,
  objectionSeconds: 0,
  creditUri: "",
  disputes: { responseSeconds: 0, rulingSeconds: 0, doubleClaimBond: 0n, openGramBond: 0n },
  cash: { name: "", symbol: "" },
};
