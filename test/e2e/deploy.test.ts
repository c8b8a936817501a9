import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Contract, Wallet, type InterfaceAbi, type JsonRpcProvider } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil, type EmbeddedChain } from "../../src/adapters/chain/startAnvil.ts";
import { readArtifact } from "../../src/adapters/chain/readArtifact.ts";
import { CONTRACT_NAMES, type Deployment } from "../../src/base/types/deployment.ts";
import { decodeDeployment } from "../../src/format/onchain/deployment.ts";
import type { Finding } from "../../scripts/deploy/deployment/checkDeployment.ts";
import { connectNode } from "../../scripts/deploy/deployment/connectNode.ts";
import { parseTerms } from "../../src/app/network/parseTerms.ts";

/**
 * A network as an operator sets it up: terms, deploy, verify, each by its own command against a real node.
 */
const folder = mkdtempSync(join(tmpdir(), "microtonne-deploy-"));
const DEPLOYER = Wallet.createRandom();
const MEMBER = Wallet.createRandom();
let node: EmbeddedChain;
let provider: JsonRpcProvider;
const termsFile = join(folder, "terms.json");
const deploymentFile = join(folder, "example.json");

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const run = async (script: string, args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, MICROTONNE_DEPLOYER_PRIVATE_KEY: DEPLOYER.privateKey };
    execFile(process.execPath, [`scripts/${script}.ts`, ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
const deploy = async () =>
  run("deploy/deploy", ["--terms", termsFile, "--rpc", node.rpcUrl, "--out", folder]);
const verify = async (...more: string[]) =>
  run("deploy/verify-deployment", ["--deployment", deploymentFile, "--rpc", node.rpcUrl, ...more]);
const faultsOf = ({ out }: Ran): string[] =>
  (JSON.parse(out) as Finding[]).filter(({ ok }) => !ok).map(({ what }) => what);

beforeAll(async () => {
  node = await startAnvil({ folder: join(folder, "chain") });
  provider = connectNode(node.rpcUrl, 31337);
  await provider.send("anvil_setBalance", [DEPLOYER.address, "0xde0b6b3a7640000"]);
  const example = JSON.parse(readFileSync("deployments/example.terms.json", "utf8")) as Record<
    string,
    unknown
  >;
  const roles = structuredClone(example["roles"]) as Record<
    string,
    { members: string[]; delaySeconds: number }
  >;
  (roles["governor"] as { members: string[] }).members = [MEMBER.address];
  writeFileSync(termsFile, JSON.stringify({ ...example, roles }));
});

afterAll(async () => {
  provider.destroy();
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a deployment", () => {
  it("that is killed on the way is finished by the next run", async () => {
    const args = ["scripts/deploy/deploy.ts", "--terms", termsFile, "--rpc", node.rpcUrl, "--out", folder];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, MICROTONNE_DEPLOYER_PRIVATE_KEY: DEPLOYER.privateKey },
    });
    await new Promise<void>((resolve) => {
      child.stderr.on("data", (text: Buffer) => {
        if (text.toString().includes("MethodologyRegistry created")) child.kill("SIGKILL");
      });
      child.on("exit", () => {
        resolve();
      });
    });
    const nonce = await provider.getTransactionCount(DEPLOYER.address);
    expect(nonce).toBeGreaterThanOrEqual(3);
    expect(nonce).toBeLessThan(CONTRACT_NAMES.length + 1);

    const ran = await deploy();
    expect(ran.err).not.toContain("NOT AS IT SHOULD BE");
    expect(ran).toMatchObject({ code: 0, out: `${deploymentFile}\n` });
    const deployment = decodeDeployment(readFileSync(deploymentFile));
    expect(Object.keys(deployment.contracts)).toEqual([...CONTRACT_NAMES]);
  });

  it("run again changes nothing", async () => {
    const nonce = await provider.getTransactionCount(DEPLOYER.address);
    const before = readFileSync(deploymentFile, "utf8");
    expect((await deploy()).code).toBe(0);
    expect(await provider.getTransactionCount(DEPLOYER.address)).toBe(nonce);
    expect(readFileSync(deploymentFile, "utf8")).toBe(before);
  });

  it("leaves the deployer without power, and the others with theirs after their delays", async () => {
    const { contracts } = decodeDeployment(readFileSync(deploymentFile));
    const { abi } = await readArtifact("BatchRegistry");
    const batches = new Contract(contracts.BatchRegistry, abi as InterfaceAbi, provider);
    const setQuorum = (from: string) =>
      batches.getFunction("setQuorum").staticCall("0x5748000000000000", 1, 0, { from });
    await expect(setQuorum(DEPLOYER.address)).rejects.toThrow("AccessManagedUnauthorized");
    // With a delay the call must be scheduled first.
    await expect(setQuorum(MEMBER.address)).rejects.toThrow("0x");
  });

  it("that is as it should be is found so", async () => {
    expect(faultsOf(await verify("--terms", termsFile, "--json"))).toEqual([]);
    expect(await verify("--terms", termsFile)).toMatchObject({ code: 0 });
    expect((await verify()).out).toContain("were not compared");
  });
});

describe("a deployment that is not as it should be", () => {
  it("is told by other code, another wiring, another chain", async () => {
    const deployment = decodeDeployment(readFileSync(deploymentFile));
    const { contracts } = deployment;
    const swapped: Deployment = {
      ...deployment,
      contracts: {
        ...contracts,
        MethodologyRegistry: contracts.CarbonCredit,
        CarbonCredit: contracts.MethodologyRegistry,
      },
    };
    const file = join(folder, "swapped.json");
    writeFileSync(file, JSON.stringify(swapped));
    const ran = await run("deploy/verify-deployment", ["--deployment", file, "--rpc", node.rpcUrl, "--json"]);
    expect(ran).toMatchObject({ code: 1, err: "" });
    expect(faultsOf(ran)).toEqual(
      expect.arrayContaining([
        "bytecode of MethodologyRegistry",
        "bytecode of CarbonCredit",
        "BatchRegistry.methodologies",
        "BatchRegistry.credit",
        "RetirementRegistry.credit",
      ]),
    );
    writeFileSync(file, JSON.stringify({ ...deployment, chainId: 1 }));
    expect(
      faultsOf(await run("deploy/verify-deployment", ["--deployment", file, "--rpc", node.rpcUrl, "--json"])),
    ).toEqual(["chain id"]);
  });

  it("is told by other members, delays and functions of a role", async () => {
    const terms = JSON.parse(readFileSync(termsFile, "utf8")) as { admin: string; roles: { pauser: object } };
    const file = join(folder, "other-terms.json");
    const pauser = { ...terms.roles.pauser, members: [terms.admin] };
    writeFileSync(
      file,
      JSON.stringify({ ...terms, adminDelaySeconds: 1, roles: { ...terms.roles, pauser } }),
    );
    const ran = await verify("--terms", file, "--json");
    expect(ran.code).toBe(1);
    expect(faultsOf(ran)).toEqual(["members of the role admin", "members of the role pauser"]);
  });

  it("is told where the node gives no answer", async () => {
    const ran = await run("deploy/verify-deployment", [
      "--deployment",
      deploymentFile,
      "--rpc",
      "http://127.0.0.1:1",
    ]);
    expect(ran.code).toBe(2);
  });
});

describe("terms", () => {
  it("of the example are whole", () => {
    expect(parseTerms(readFileSync("deployments/example.terms.json", "utf8")).network).toBe("example");
  });

  it("that say too little or too much are refused by field", () => {
    const example = JSON.parse(readFileSync("deployments/example.terms.json", "utf8")) as Record<
      string,
      unknown
    >;
    expect(() => parseTerms(JSON.stringify({ ...example, verifierThreshold: 0 }))).toThrow(
      "verifierThreshold",
    );
    // The registry keeps it in 24 bits.
    expect(() => parseTerms(JSON.stringify({ ...example, challengeWindowSeconds: 2 ** 24 }))).toThrow(
      "challengeWindowSeconds",
    );
    expect(() => parseTerms(JSON.stringify({ ...example, owner: "0x" }))).toThrow("owner");
    expect(() => parseTerms("{")).toThrow("no JSON");
  });
});
