import { execFileSync } from "node:child_process";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { keccak256, Wallet, type JsonRpcProvider } from "ethers";
import {
  CONTRACT_NAMES,
  type ContractAddresses,
  type ContractName,
  type Deployment,
} from "../../src/base/types/deployment.ts";
import type { Hex } from "../../src/base/types/ids.ts";
import { encodeDeployment } from "../../src/format/onchain/deployment.ts";
import { checkDeployment } from "./deployment/checkDeployment.ts";
import { connectNode } from "./deployment/connectNode.ts";
import { createContracts, plannedAddresses } from "./deployment/createContracts.ts";
import { grantRoles } from "./deployment/grantRoles.ts";
import { parseTerms } from "../../src/app/network/parseTerms.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Deploys all contracts to a network, gives out the roles, and writes deployments/<network>.json.

  node scripts/deploy/deploy.ts --terms FILE --rpc URL [--out FOLDER]

  --terms FILE   what the network decides: roles, delays, thresholds (deployments/example.terms.json)
  --rpc URL      a node of the network
  --out FOLDER   where <network>.json is written; deployments by default

The deployer's private key is read from MICROTONNE_DEPLOYER_PRIVATE_KEY: an account that does nothing else,
and that has no power left when the command is done. A run that was cut off is finished by the next with the
same options (<network>.plan.json remembers where it began). Afterwards: node
scripts/deploy/verify-deployment.ts
`;

/** Where a deployment began, so that it can go on. */
interface Plan {
  readonly deployer: string;
  readonly firstNonce: number;
  readonly block?: number;
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function readPlan(file: string): Promise<Plan | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as Plan);
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

function sourcesCommit(): string {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "local";
  }
}

async function codeHashesOf(
  provider: JsonRpcProvider,
  contracts: ContractAddresses,
): Promise<Record<ContractName, Hex>> {
  const hashes = CONTRACT_NAMES.map(
    async (name) => [name, keccak256(await provider.getCode(contracts[name])) as Hex] as const,
  );
  return Object.fromEntries(await Promise.all(hashes)) as Record<ContractName, Hex>;
}

async function deploy(termsFile: string, rpc: string, out: string): Promise<void> {
  const terms = parseTerms(await readFile(termsFile, "utf8"));
  const key = process.env["MICROTONNE_DEPLOYER_PRIVATE_KEY"] ?? "";
  if (!/^0x[0-9a-fA-F]{64}$/.test(key))
    throw new Error("Set MICROTONNE_DEPLOYER_PRIVATE_KEY: 0x and 64 hex digits.");
  const provider = connectNode(rpc, terms.chainId);
  try {
    const actual = BigInt((await provider.send("eth_chainId", [])) as string);
    if (actual !== BigInt(terms.chainId)) {
      throw new Error(
        `The node is on chain ${actual.toString()}; the terms are for chain ${String(terms.chainId)}.`,
      );
    }
    const deployer = new Wallet(key, provider);
    const planFile = `${out}/${terms.network}.plan.json`;
    const plan: Plan = (await readPlan(planFile)) ?? {
      deployer: deployer.address,
      firstNonce: await provider.getTransactionCount(deployer.address),
    };
    if (plan.deployer !== deployer.address)
      throw new Error(`${planFile} belongs to ${plan.deployer}. Use its key, or remove the file.`);
    await writeWhole(planFile, `${JSON.stringify(plan)}\n`);

    const contracts = plannedAddresses(deployer.address, plan.firstNonce);
    // The deployer is admin until the roles are given out.
    const created = await createContracts(
      deployer,
      contracts,
      plan.firstNonce,
      { ...terms, admin: deployer.address as Hex },
      say,
    );
    const block = created ?? plan.block ?? (await provider.getBlockNumber());
    await writeWhole(planFile, `${JSON.stringify({ ...plan, block })}\n`);
    await grantRoles(deployer, contracts, terms, say);

    const blockHash = (await provider.getBlock(block))?.hash as Hex;
    const { network, chainId } = terms;
    const deployment: Deployment = {
      schema: "microtonne-deployment/1",
      network,
      chainId,
      contracts,
      block,
      blockHash,
      commit: sourcesCommit(),
      codeHashes: await codeHashesOf(provider, contracts),
    };
    await writeWhole(`${out}/${network}.json`, encodeDeployment(deployment));
    const faults = (await checkDeployment(provider, deployment, terms)).filter(({ ok }) => !ok);
    for (const { what, expected, found } of faults)
      say(`NOT AS IT SHOULD BE: ${what}: expected ${expected}, found ${found}.`);
    if (faults.length > 0) throw new Error("The deployment is not as it should be.");
    process.stdout.write(`${out}/${network}.json\n`);
  } finally {
    provider.destroy();
  }
}

const { values } = readOptions(HELP, {
  options: {
    terms: { type: "string" },
    rpc: { type: "string" },
    out: { type: "string", default: "deployments" },
  },
});
if (values.terms === undefined || values.rpc === undefined) {
  process.stdout.write(HELP);
} else {
  try {
    await deploy(values.terms, values.rpc, values.out);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
