import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Contract, JsonRpcProvider, Wallet, type InterfaceAbi } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil, type EmbeddedChain } from "../../src/adapters/chain/startAnvil.ts";
import { readArtifact } from "../../src/adapters/chain/readArtifact.ts";
import { CONTRACT_NAMES, type Deployment } from "../../src/base/types/deployment.ts";
import type { Hex } from "../../src/base/types/ids.ts";
import { decodeDeployment } from "../../src/format/onchain/deployment.ts";
import type { Finding } from "../../src/app/network/verification/finding.ts";
import { parseTerms } from "../../src/app/network/parseTerms.ts";
import { encryptKeyFile } from "../../src/adapters/chain/signing/keyFile.ts";
import { systemRandomness } from "../../src/app/process/system.ts";
import { startMicrotonne, type Ending, type Run } from "./support/commandLine.ts";

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
const keyFile = join(folder, "deployer.key.json");
const passwordFile = join(folder, "password");
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

const deploy = (...more: string[]): Run => {
  const data = join(folder, "deployer");
  const where = `--terms ${termsFile} --rpc ${node.rpcUrl} --out ${folder} --data ${data}`;
  const key = `--key ${keyFile} --password-file ${passwordFile}`;
  return startMicrotonne([...`network deploy ${where} ${key}`.split(" "), ...more], {});
};
const verifyFile = (file: string, rpcUrl: string, ...more: string[]): Promise<Ending> => {
  const words = ["network", "verify-deployment", "--deployment", file, "--rpc", rpcUrl];
  return startMicrotonne([...words, ...more], {}).ending;
};
const verify = (...more: string[]): Promise<Ending> => verifyFile(deploymentFile, node.rpcUrl, ...more);
const faultsOf = ({ json }: Ending): string[] =>
  (json as Finding[]).filter(({ state }) => state === "fault").map(({ what }) => what);

beforeAll(async () => {
  node = await startAnvil({ folder: join(folder, "chain") });
  // Answers are never taken from a cache: what was just sent must count.
  provider = new JsonRpcProvider(node.rpcUrl, 31337, { staticNetwork: true, cacheTimeout: -1 });
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
  writeFileSync(passwordFile, "correct horse battery\n", { mode: 0o600 });
  const key = DEPLOYER.privateKey as Hex;
  writeFileSync(keyFile, await encryptKeyFile(key, "correct horse battery", systemRandomness), {
    mode: 0o600,
  });
});

afterAll(async () => {
  provider.destroy();
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a deployment", () => {
  it("that is killed on the way is finished by the next run", async () => {
    const killed = deploy();
    while (killed.isRunning() && (await provider.getTransactionCount(DEPLOYER.address)) < 3) await pause(10);
    killed.kill();
    await killed.ending;
    const nonce = await provider.getTransactionCount(DEPLOYER.address);
    expect(nonce).toBeGreaterThanOrEqual(3);
    expect(nonce).toBeLessThan(CONTRACT_NAMES.length + 1);

    const ran = await deploy("--commit", COMMIT).ending;
    expect(ran).toMatchObject({
      code: 0,
      json: { file: deploymentFile, deployer: DEPLOYER.address.toLowerCase() },
    });
    const deployment = decodeDeployment(readFileSync(deploymentFile));
    expect(Object.keys(deployment.contracts)).toEqual([...CONTRACT_NAMES]);
    expect(deployment.commit).toBe(COMMIT);
  });

  it("run again changes nothing", async () => {
    const nonce = await provider.getTransactionCount(DEPLOYER.address);
    const before = readFileSync(deploymentFile, "utf8");
    expect((await deploy("--commit", COMMIT).ending).code).toBe(0);
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
    const ran = await verify("--terms", termsFile);
    expect([ran.code, faultsOf(ran)]).toEqual([0, []]);
    const without = await verify();
    expect(without.code).toBe(0);
    expect((without.json as Finding[]).map(({ says }) => says)).toContain(
      "roles, participants, terms and pauses: not compared without terms.",
    );
  });
});

/** Rigs of every kind: test/integration/network/verifyDeployment.test.ts. */
describe("a deployment that is not as it should be", () => {
  it("is told by other code, another wiring, another chain, a node that gives no answer", async () => {
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
    const ran = await verifyFile(file, node.rpcUrl);
    expect(ran.code).toBe(1);
    expect(faultsOf(ran)).toEqual(
      expect.arrayContaining([
        "MethodologyRegistry: hash of its init code",
        "MethodologyRegistry: its code",
        "CarbonCredit: hash of its code",
        "BatchRegistry: constructor argument links.credit",
        "BatchRegistry.credit",
        "RetirementRegistry.credit",
      ]),
    );
    writeFileSync(file, JSON.stringify({ ...deployment, chainId: 1 }));
    const elsewhere = await verifyFile(file, node.rpcUrl);
    expect([elsewhere.code, elsewhere.json]).toMatchObject([2, { error: { code: "chain.other-chain" } }]);
    const away = await verifyFile(deploymentFile, "http://127.0.0.1:1");
    expect([away.code, away.json]).toMatchObject([3, { error: { code: "chain.unavailable" } }]);
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
