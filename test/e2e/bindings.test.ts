import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { HDNodeWallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRetirement } from "../../src/adapters/chain/readOnly.ts";
import { deploymentFrom } from "../../src/adapters/chain/deploy.ts";
import { fromHex } from "../../src/base/lib/bytes.ts";
import type { RetirementId } from "../../src/base/types/ids.ts";
import { encodeDeployment } from "../../src/format/onchain/deployment.ts";
import { parseDisclosure } from "../../src/format/onchain/retirementDisclosure.ts";
import { beneficiaryHash, documentHash } from "../../src/format/onchain/retirementRecord.ts";
import {
  deployAll,
  lifeOf,
  openTestChain,
  type Life,
  type TestChain,
} from "../integration/chain/support/testChain.ts";

/**
 * The published bindings, built as they are published, used by the example in the docs against a real node.
 */
const folder = mkdtempSync(join(tmpdir(), "microtonne-bindings-"));
const deploymentFile = join(folder, "deployment.json");
/** The operator's key on a development chain: public, as the mnemonic is. */
const OPERATOR_KEY = HDNodeWallet.fromPhrase(
  "test test test test test test test test test test test junk",
  undefined,
  "m/44'/60'/0'/0/1",
).privateKey;
let chain: TestChain;
let life: Life;
let contracts: Parameters<typeof readRetirement>[1];

beforeAll(async () => {
  execFileSync(process.execPath, ["scripts/package/build.ts", "--write"]);
  chain = await openTestChain();
  const planned = await deployAll(chain);
  ({ contracts } = planned);
  const deployment = await deploymentFrom(chain.client, chain.store, planned, {
    network: "embedded",
    commit: "local",
  });
  writeFileSync(deploymentFile, encodeDeployment(deployment));
  life = await lifeOf(planned, "bindings", null);
  for (const intent of life.intents.slice(0, 2)) await chain.store.enqueue(intent);
  await chain.settle();
});

afterAll(async () => {
  await chain.close();
  rmSync(folder, { recursive: true, force: true });
});

const keptFiles = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".retirement.json"));
const retire = (
  milligrams: string,
): { retirementId: RetirementId; certificate: string; start: string; end: string } => {
  const env = {
    ...process.env,
    RPC_URL: chain.node.rpcUrl,
    DEPLOYMENT: deploymentFile,
    PRIVATE_KEY: OPERATOR_KEY,
  };
  const args = [resolve("docs/examples/retire-with-ethers.mjs"), life.batchId, milligrams, "2025"];
  const out = execFileSync(process.execPath, args, { env, encoding: "utf8", stdio: "pipe", cwd: folder });
  return JSON.parse(out) as ReturnType<typeof retire>;
};

describe("the example for integrators", () => {
  it("retires and reads the certificate's serial range", async () => {
    const first = retire("2620000");
    expect(first).toMatchObject({
      start: "0",
      end: "2620000",
      certificate: BigInt(first.retirementId).toString(),
    });
    expect(retire("1")).toMatchObject({ start: "2620000", end: "2620001" });
    const record = await readRetirement(chain.client, contracts, first.retirementId, 0n);
    expect(record).toMatchObject({ reportingYear: 2025 });
  });

  it("keeps what opens the hashes that it sent", async () => {
    const before = new Set(keptFiles());
    const { retirementId } = retire("3");
    const kept = keptFiles().find((name) => !before.has(name)) ?? "";
    const text = readFileSync(join(folder, kept), "utf8");
    const { salt, beneficiary, use } = parseDisclosure(text);
    expect(await readRetirement(chain.client, contracts, retirementId, 0n)).toMatchObject({
      beneficiaryHash: beneficiaryHash(fromHex(salt), beneficiary),
      documentHash: documentHash(fromHex(salt), use),
    });
  });

  it("says what is missing before it sends anything", () => {
    expect(() => retire("4000000000")).toThrow("base units are needed");
  });
});
