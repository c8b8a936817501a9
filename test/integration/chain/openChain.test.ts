import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openContext } from "../../../src/app/openContext.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { encodeDeployment } from "../../../src/format/onchain/deployment.ts";
import { CONTRACTS } from "../../unit/verify/support/sampleBatch.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-chain-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("refuses another chain's deployment file on an embedded node before it plans anything by it", async () => {
  const config = parseConfig({}, { folder });
  const foreign = {
    schema: "microtonne-deployment/1",
    network: "elsewhere",
    chainId: 1,
    contracts: CONTRACTS,
    block: 1,
    blockHash: `0x${"1".repeat(64)}`,
    commit: "local",
  } as const;
  writeFileSync(config.chain.deploymentFile, encodeDeployment(foreign));
  const context = await openContext({
    config,
    log: createLog("silent"),
    clock: systemClock,
    randomness: systemRandomness,
  });
  try {
    await expect(context.chain()).rejects.toMatchObject({ code: "chain.deployment" });
    expect(await context.db.query("SELECT key FROM outbox")).toEqual([]);
  } finally {
    await context.close();
  }
});
