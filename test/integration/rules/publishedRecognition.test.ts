import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { proveRetirement } from "../../../src/app/proofs/proveRetirement.ts";
import { retireCredits } from "../../../src/app/retirements/retireCredits.ts";
import { checkRule } from "../../../src/app/rules/checkRule.ts";
import { rulesBeside } from "../../../src/app/rules/rulesBeside.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../src/app/rules/publishRule.ts";
import { utf8 } from "../../../src/base/lib/bytes.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import { parseTonnes } from "../../../src/base/lib/mass.ts";
import { parseInstant } from "../../../src/base/lib/time/parseInstant.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { decodeProofFile } from "../../../src/format/proofs/proofFile.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";

const KINDS = ["scenario-classes", "plausibility", "recognition"] as const;
const matrix = (authority: string, issuer: string) => ({
  schema: "microtonne-recognition/1",
  authority,
  version: 1,
  validFrom: "2025-06-01T00:00Z",
  rules: [
    {
      id: "wuhan-acts",
      issuers: [issuer],
      methodologies: null,
      vintages: { first: 2025, last: 2026 },
      purposes: ["event-neutrality"],
      validFrom: "2025-06-01",
      validTo: "2099-12-31",
      discountBps: 1000,
      source: "Order 12 of the authority.",
    },
  ],
});

describe("an authority's rules of recognition", () => {
  let folder: string;
  let context: Context;
  let batch: string;
  let hash: string;
  /** Null: the time that it is. */
  let now: UnixSeconds | null = parseInstant("2025-05-30");
  const file = (rule: unknown) => ({ name: "recognition.json", bytes: utf8(JSON.stringify(rule)) });
  const publish = async (rule: unknown) =>
    (await publishRule(context, await proposeRule(context, file(rule), KINDS))).rule;
  const retire = (authority: string, amount: string, claim: string) =>
    retireCredits(context, {
      amount: parseTonnes(amount),
      purpose: "event-neutrality",
      beneficiary: { name: "A concert", lei: null },
      use: null,
      reportingYear: null,
      country: "CN",
      recognition: { authority: regionCode(authority), claim: parseTonnes(claim) },
      batch: null,
      reference: null,
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-recognition-"));
    context = await openContext({
      config: parseConfig({ MICROTONNE_RULES_REACH_BACK: "taken" }, { folder: join(folder, "data") }),
      log: createLog("warn"),
      clock: { now: () => now ?? systemClock.now() },
      randomness: systemRandomness,
    });
  });
  afterAll(async () => {
    await context.close();
    rmSync(folder, { recursive: true });
  });

  it("are told in plain words, and published by the authority's registrar", async () => {
    const beside = await rulesBeside(context);
    const { says } = checkRule(file(matrix("GD", "WUHAN")), KINDS, 0 as UnixSeconds, beside);
    expect(says.join(" ")).toContain(
      "GD recognises credits of WUHAN (vintages 2025 to 2026, all methodologies, for event-neutrality) " +
        "that are retired from 2025-06-01 to 2099-12-31 (UTC, both included), at a discount of 10 %: of " +
        "each gram 90 % are recognised.",
    );
    expect(says.at(-1)).toBe("It is in force from 2025-06-01T00:00:00Z on, until its next version begins.");
    const published = await publish(matrix("GD", "WUHAN"));
    expect(published).toMatchObject({ state: "published", region: "GD", version: "1" });
    hash = published.id;
    await context.refreshRules();
  });

  it("refuse a retirement below its claim with the grams that it needs, and take it with them", async () => {
    now = null;
    const rides = join(folder, "rides.csv");
    writeFileSync(
      rides,
      "recordId,subject,scenario,startedAt,endedAt,quantity,unit\n" +
        Array.from(
          { length: 9 },
          (_, i) => `r${String(i)},person-${String(i)},metro,2025-06-18T08:00:00+08:00,,20,passenger-km\n`,
        ).join(""),
    );
    const profile = parseProfile(shippedProfileText("canonical-csv"));
    const paths = { rejectsFile: null, duplicatesFile: null, lookupFolder: null };
    expect(await ingestFile(context, { file: rides, profile, ...paths })).toMatchObject({ accepted: 9 });
    batch = (await closeBatch(context, { region: regionCode("WUHAN"), vintage: 2025 })).batchId;
    await mintBatch(context, { batch, attestations: null });
    await expect(retire("GD", "0.001", "0.001")).rejects.toMatchObject({
      code: "recognition.below-claim",
      message: expect.stringContaining("Retire 0.001111112 t, or claim less.") as string,
    });
    const done = await retire("GD", "0.001111112", "0.001");
    expect(done.recognition).toEqual({
      authority: "GD",
      rulesHash: hash,
      claimMilligrams: "1000000",
      recognisedMilligrams: "1000000",
    });
    const proof = await proveRetirement(context, done.retirementId);
    expect(decodeProofFile(proof).format).toBe("microtonne-proof/2");
    const { client, deployment } = await context.chain();
    const { chainId, contracts } = deployment;
    const verdict = await verifyProof(proof, { mode: "rpc", client, chainId, contracts });
    expect(verdict.facts.retirement?.recognition).toEqual(done.recognition);
    expect(verdict.notChecked.join(" ")).toContain(
      `GD has published the rules of recognition with the hash ${hash}`,
    );
    expect(verdict.checked.join(" ")).toContain("1000000 mg of it are recognised by GD");
  });
});
