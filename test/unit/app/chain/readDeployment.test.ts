import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readChain } from "../../../../src/app/chain/readChain.ts";
import { readDeployment } from "../../../../src/app/chain/readDeployment.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import type { Deployment } from "../../../../src/base/types/deployment.ts";
import { encodeDeployment } from "../../../../src/format/onchain/deployment.ts";
import { CONTRACTS } from "../../verify/support/sampleBatch.ts";

const folder = mkdtempSync(join(tmpdir(), "microtonne-deployment-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DEPLOYMENT: Deployment = {
  schema: "microtonne-deployment/1",
  network: "local",
  chainId: 31_337,
  contracts: CONTRACTS,
  block: 1,
  blockHash: `0x${"1".repeat(64)}`,
  commit: "local",
};

describe("a deployment file", () => {
  it("is read, and null where there is none", async () => {
    expect(await readDeployment(join(folder, "none.json"))).toBeNull();
    writeFileSync(join(folder, "here.json"), encodeDeployment(DEPLOYMENT));
    expect(await readDeployment(join(folder, "here.json"))).toEqual(DEPLOYMENT);
  });

  it("that is there and can't be read is refused by its path", async () => {
    await expect(readDeployment(folder)).rejects.toMatchObject({
      code: "file.unreadable",
      message: `The deployment file ${folder} can't be read: it is a folder.`,
    });
  });
});

describe("a chain to look at", () => {
  const config = parseConfig({}, { folder });
  const client = { request: () => Promise.reject(new Error("asked")) };
  const node = (embedded: boolean) => () =>
    Promise.resolve({ client, embedded, close: async () => {} } as never);

  it("needs a deployment, and is not asked for without one", async () => {
    const never = () => Promise.reject(new Error("A node was asked for."));
    await expect(readChain({ config, node: never })).rejects.toMatchObject({
      code: "chain.deployment",
      message: `The deployment file ${config.chain.deploymentFile} is not there.`,
    });
  });

  it("is our own as it is; any other is looked at for the deployment's contracts", async () => {
    writeFileSync(config.chain.deploymentFile, encodeDeployment(DEPLOYMENT));
    expect(await readChain({ config, node: node(true) })).toEqual({ client, deployment: DEPLOYMENT });
    await expect(readChain({ config, node: node(false) })).rejects.toThrow("asked");
  });
});
