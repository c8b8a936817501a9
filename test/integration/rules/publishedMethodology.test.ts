import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil, type EmbeddedChain } from "../../../src/adapters/chain/startAnvil.ts";
import { attestPackage } from "../../../src/app/attest/attestPackage.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { packageBatch } from "../../../src/app/batches/packageBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { describeMethodology } from "../../../src/app/methodologies/describeMethodology.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { addRule } from "../../../src/app/rules/addRule.ts";
import { describeWholeRule } from "../../../src/app/rules/describeRule.ts";
import { knownRule } from "../../../src/app/rules/knownRule.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../src/app/rules/publishRule.ts";
import { openJsonFile } from "../../../src/app/process/openJsonFile.ts";
import { takeProposal } from "../../../src/app/rules/takeProposal.ts";
import { withdrawRule } from "../../../src/app/rules/withdrawRule.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { parseInstant } from "../../../src/base/lib/parseInstant.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { PLAIN_TERMS } from "../../support/plainTerms.ts";

/** Accounts of the public development mnemonic: 0 the admin, 1 the operator, 2 to 4 verifiers. */
function keyOf(addressIndex: number): string {
  const key = mnemonicToAccount("test test test test test test test test test test test junk", {
    addressIndex,
  }).getHdKey().privateKey;
  if (!key) throw new Error("no key");
  return toHex(key);
}

const KINDS = ["methodology"] as const;
const VERSION = {
  schema: "microtonne-methodology/2",
  code: "NEWCITY-BUS",
  version: "1",
  title: "New City buses",
  region: "NEWCITY",
  timeZone: "Asia/Shanghai",
  scenario: "bus",
  unit: "trip",
  source: "Invented for this test.",
  category: "act",
  validFrom: "2025-06-01T00:00Z",
  validTo: "2025-06-18T02:58Z",
  days: { first: "2025-06-01", last: "2025-06-18" },
  rule: { kind: "linear", gramsPerUnit: "100" },
  ...PLAIN_TERMS,
};
/** From 10:58 local on. */
const SUCCESSOR = {
  ...VERSION,
  version: "2",
  validFrom: "2025-06-18T02:58Z",
  validTo: "2026-01-01T00:00Z",
  days: { first: "2025-06-18", last: "2026-01-01" },
  rule: { kind: "linear", gramsPerUnit: "80.5" },
};

describe("an operator's own methodology", () => {
  let folder: string;
  let node: EmbeddedChain;
  let operator: Context;
  let registrar: Context;
  /** Null: the time that it is. */
  let now: UnixSeconds | null = parseInstant("2025-05-30");
  const clock = { now: () => now ?? systemClock.now() };
  const path = (name: string): string => join(folder, name);
  const file = (name: string) => openJsonFile(path(name));
  const open = (name: string, settings: Record<string, string> = {}, at = clock): Promise<Context> =>
    openContext({
      config: parseConfig({ ...settings, MICROTONNE_RULES_REACH_BACK: "taken" }, { folder: path(name) }),
      log: createLog("warn"),
      clock: at,
      randomness: systemRandomness,
    });
  const network = (): Record<string, string> => ({
    MICROTONNE_RPC_URL: node.rpcUrl,
    MICROTONNE_DEPLOYMENT: path("operator/deployment.json"),
  });
  const ingest = async (name: string, ...rows: readonly string[]) => {
    writeFileSync(
      path(name),
      `recordId,subject,scenario,startedAt,endedAt,quantity,unit\n${rows.join("\n")}\n`,
    );
    const profile = readFileSync("src/stages/ingest/profile/shipped/canonical-csv.yaml", "utf8");
    return ingestFile(operator, {
      file: path(name),
      profile: parseProfile(profile.replace(/^region: .*$/m, "region: NEWCITY")),
      rejectsFile: null,
      duplicatesFile: null,
      lookupFolder: null,
    });
  };
  const verifier = (account: number) =>
    open(
      `verifier-${String(account)}`,
      { ...network(), MICROTONNE_VERIFIER_PRIVATE_KEY: keyOf(account) },
      systemClock,
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-rules-"));
    writeFileSync(path("1.json"), JSON.stringify(VERSION, null, 2));
    writeFileSync(path("2.json"), JSON.stringify(SUCCESSOR, null, 2));
    const embedded = await open("operator", {}, systemClock);
    await embedded.chain();
    await embedded.close();
    node = await startAnvil({ folder: path("operator/chain") });
    operator = await open("operator", network());
    registrar = await open("registrar", {
      ...network(),
      MICROTONNE_REGISTRAR_PRIVATE_KEY: keyOf(0),
      MICROTONNE_REGISTRAR_REGIONS: "NEWCITY,OTHER",
    });
  });
  afterAll(async () => {
    await operator.close();
    await registrar.close();
    await node.stop();
    rmSync(folder, { recursive: true });
  });

  it("counts nothing while it is proposed", async () => {
    const rule = await proposeRule(operator, await file("1.json"), KINDS);
    expect(rule).toMatchObject({ state: "proposed", name: "NEWCITY-BUS", version: "1" });
    expect((await proposeRule(operator, await file("1.json"), KINDS)).id).toBe(rule.id);
    now = null;
    const report = await ingest("early.csv", "e1,person-1,bus,2025-06-02T08:00:00+08:00,,1,trip");
    expect(report.reasons).toEqual({ "methodology.none": 1 });
  });

  it("waits for its registrar where this process has no registrar's key", async () => {
    now = parseInstant("2025-05-30");
    const step = await publishRule(operator, await knownRule(operator, "NEWCITY-BUS", KINDS));
    expect(step).toMatchObject({
      rule: { state: "proposed" },
      task: { format: "microtonne-registrar-calls/1", chainId: 31337 },
    });
  });

  it("is published by the registrar of its region, from the file that was handed over", async () => {
    const { address } = (await operator.chain()).operator;
    const stranger = await open("stranger", {
      ...network(),
      MICROTONNE_REGISTRAR_PRIVATE_KEY: keyOf(0),
      MICROTONNE_REGISTRAR_REGIONS: "WUHAN",
    });
    try {
      const rule = await takeProposal(stranger, await file("1.json"), KINDS, address);
      await expect(publishRule(stranger, rule)).rejects.toMatchObject({ code: "rules.other-registrar" });
    } finally {
      await stranger.close();
    }
    await expect(takeProposal(registrar, await file("1.json"), KINDS, null)).rejects.toMatchObject({
      code: "rules.proposer",
    });
    const first = await takeProposal(registrar, await file("1.json"), KINDS, address);
    now = parseInstant("2025-06-01T00:00:00Z");
    await expect(publishRule(registrar, first)).rejects.toMatchObject({ code: "rules.reaches-back" });
    now = parseInstant("2025-05-31T23:59:59Z");
    expect(await publishRule(registrar, first)).toMatchObject({ rule: { state: "published" }, task: null });
    // Run again it changes nothing.
    expect(await publishRule(registrar, first)).toMatchObject({ rule: { state: "published" }, task: null });
    // It gives less for every act than the version that ends where it begins, so it may begin at once.
    now = parseInstant("2025-06-18T02:58:30Z");
    const second = await takeProposal(registrar, await file("2.json"), KINDS, address);
    expect(await publishRule(registrar, second)).toMatchObject({ rule: { state: "published" } });
  });

  it("binds in the operator's folder once the chain shows it, each version in its minutes", async () => {
    now = null;
    const taken = await publishRule(operator, await knownRule(operator, "NEWCITY-BUS", KINDS));
    expect(taken).toMatchObject({ rule: { state: "published" }, task: null });
    expect(await addRule(operator, await file("2.json"), KINDS)).toMatchObject({
      state: "published",
      proposedBy: null,
    });
    const report = await ingest(
      "rides.csv",
      "r1,person-1,bus,2025-06-18T10:57:59+08:00,,1,trip",
      "r2,person-2,bus,2025-06-18T10:58:00+08:00,,1,trip",
      "r3,person-3,bus,2025-06-18T10:50:00+08:00,2025-06-18T11:05:00+08:00,1,trip",
    );
    // r3 spans the change and earns the lower of both.
    expect(report).toMatchObject({ accepted: 3, milligrams: String(100_000 + 80_500 + 80_500) });
    const { decisions, lastDecisionHash } = await describeWholeRule(operator, "NEWCITY-BUS@1", KINDS);
    expect(decisions.map(({ what, before, after }) => [what, before, after])).toEqual([
      ["propose", null, "proposed"],
      ["shown", "proposed", "published"],
    ]);
    expect(lastDecisionHash).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it("is attested by verifiers in other folders that added it, and minted", async () => {
    const batch = await closeBatch(operator, { region: regionCode("NEWCITY"), vintage: 2025 });
    expect(batch.leafCount).toBe(3);
    await packageBatch(operator, { batch: batch.batchId, file: path("package.ndjson") });
    const attestations: string[] = [];
    for (const account of [2, 3]) {
      const context = await verifier(account);
      try {
        await expect(attestPackage(context, { file: path("package.ndjson") })).rejects.toMatchObject({
          code: "attest.methodology",
        });
        writeFileSync(path("forged.json"), JSON.stringify({ ...VERSION, title: "New City Buses" }));
        await expect(addRule(context, await file("forged.json"), KINDS)).rejects.toMatchObject({
          code: "rules.not-on-chain",
        });
        for (const name of ["1.json", "2.json"]) await addRule(context, await file(name), KINDS);
        attestations.push(JSON.stringify(await attestPackage(context, { file: path("package.ndjson") })));
      } finally {
        await context.close();
      }
    }
    const minted = await mintBatch(operator, { batch: batch.batchId, attestations });
    expect(minted).toMatchObject({ state: "minted" });
  });

  it("takes no act and no batch once it is withdrawn, elsewhere too; what was closed stays", async () => {
    // Closed, by its manifest, a little after the withdrawal that follows.
    await ingest("dated.csv", "d1,person-6,bus,2025-06-18T11:30:00+08:00,,1,trip");
    now = (systemClock.now() + 300) as UnixSeconds;
    const dated = await closeBatch(operator, { region: regionCode("NEWCITY"), vintage: 2025 });
    await packageBatch(operator, { batch: dated.batchId, file: path("dated.ndjson") });
    now = null;
    await ingest("late.csv", "l1,person-4,bus,2025-06-19T08:00:00+08:00,,1,trip");
    const rule = await knownRule(registrar, "NEWCITY-BUS@2", KINDS);
    await expect(withdrawRule(registrar, rule, " ")).rejects.toMatchObject({ code: "rules.why" });
    const step = await withdrawRule(registrar, rule, "the factor was another year's");
    expect(step).toMatchObject({ rule: { state: "withdrawn" }, task: null });
    await expect(publishRule(registrar, step.rule)).rejects.toMatchObject({ code: "rules.withdrawn" });
    // The operator's folder learns of it from the chain when it closes.
    await expect(
      closeBatch(operator, { region: regionCode("NEWCITY"), vintage: 2025 }),
    ).rejects.toMatchObject({ code: "closing.nothing-open" });
    expect(await describeMethodology(operator, "NEWCITY-BUS@2")).toMatchObject({ state: "withdrawn" });
    const report = await ingest("later.csv", "l2,person-5,bus,2025-06-20T08:00:00+08:00,,1,trip");
    expect(report.reasons).toEqual({ "methodology.expired": 1 });
    const context = await verifier(4);
    try {
      await expect(addRule(context, await file("2.json"), KINDS)).rejects.toMatchObject({
        code: "rules.withdrawn",
      });
    } finally {
      await context.close();
    }
    // A verifier who had added it asks the chain, not its folder.
    const attester = await verifier(2);
    try {
      await expect(
        attestPackage(attester, { file: path("dated.ndjson"), verification: null }),
      ).rejects.toMatchObject({
        code: "attest.withdrawn-methodology",
        message: expect.stringContaining("NEWCITY-BUS@2") as string,
      });
    } finally {
      await attester.close();
    }
  });

  it("has a successor in its days, which a verifier takes who had added the withdrawn one", async () => {
    const third = {
      ...SUCCESSOR,
      version: "3",
      validFrom: "2025-06-19T00:00Z",
      days: { first: "2025-06-19", last: "2026-01-01" },
    };
    writeFileSync(path("3.json"), JSON.stringify(third));
    const { address } = (await operator.chain()).operator;
    now = parseInstant("2025-06-18T23:00:00Z");
    await publishRule(registrar, await takeProposal(registrar, await file("3.json"), KINDS, address));
    now = null;
    const context = await verifier(2);
    try {
      expect(await addRule(context, await file("3.json"), KINDS)).toMatchObject({ state: "published" });
    } finally {
      await context.close();
    }
  });
});
