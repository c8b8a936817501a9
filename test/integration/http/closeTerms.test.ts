import { expect, it } from "vitest";
import { operatorOf } from "../../../src/app/chain/operatorOf.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { attestPackage } from "../../../src/app/attest/attestPackage.ts";
import { packageBatch } from "../../../src/app/batches/packageBatch.ts";
import type { BatchDescription } from "../../../src/app/batches/describeBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { systemClock } from "../../../src/app/process/system.ts";
import { knownBatch } from "../../../src/adapters/storage/batches/knownBatch.ts";
import { checkAskedTerms } from "../../../src/app/batches/checkAskedTerms.ts";
import { dayText, parseDay, utcDay } from "../../../src/base/lib/time/calendar.ts";
import { SECONDS_PER_DAY } from "../../../src/base/lib/time/units.ts";
import { localDay } from "../../../src/base/lib/time/zone.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { decodeManifest } from "../../../src/format/batch/manifest.ts";
import { regionCode, tenantId } from "../../../src/base/lib/ids.ts";
import {
  verificationHash,
  type VerificationStatement,
} from "../../../src/format/batch/verificationStatement.ts";
import { join } from "node:path";
import { expectProblem } from "./support/contract.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { onEachService } from "./support/service.ts";

const WUHAN = regionCode("WUHAN");
const HASH = `0x${"ab".repeat(32)}` as const;
const VERIFIER_KEY = "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a";

onEachService((bench) => {
  const tenantOf = (name: string): Promise<Context> => bench.context().forTenant(tenantId(name));
  const withRides = async (name: string): Promise<string> => {
    const token = await bench.token(name, ["ingest", "read", "operate"]);
    await bench.json("postActivities", 200, {
      token,
      query: { profile: "canonical-ndjson", provider: `${name}-metro` },
      headers: { "Content-Type": NDJSON },
      body: ndjson(20, name),
    });
    return token;
  };
  const statementFor = async (context: Context): Promise<VerificationStatement> => ({
    schema: "microtonne-verification/1",
    body: "Assurance Ltd",
    date: "2026-01-15",
    operator: (await operatorOf(context)).address.toLowerCase() as VerificationStatement["operator"],
    region: WUHAN,
    vintage: 2025,
    category: "act",
    level: "limited",
    opinion: "qualified",
    documentHash: HASH,
  });

  it("closes with what is said of the batch, shows it, and an attesting verifier compares it", async () => {
    const token = await withRides("said");
    const tenant = await tenantOf("said");
    const verification = await statementFor(tenant);
    const useBy = dayText(utcDay(systemClock.now()) + 400);
    const { operationId } = await bench.json<{ operationId: string }>("closeBatch", 202, {
      token,
      json: {
        region: "WUHAN",
        vintage: 2025,
        useBy,
        title: { kind: "programme", documentHash: HASH },
        campaign: { id: "tree-day", documentHash: HASH },
        audience: { leaves: "public", tiles: "public" },
        verification,
      },
    });
    const ended = await bench.ended(token, operationId);
    expect(ended).toMatchObject({ state: "done", problem: null });
    const { batchId } = ended.result as BatchDescription;
    const { batches } = await bench.json<{ batches: BatchDescription[] }>("listBatches", 200, { token });
    expect(batches.find((one) => one.batchId === batchId)?.terms).toMatchObject({
      useBy,
      title: { kind: "programme", documentHash: HASH },
      campaign: { id: "tree-day", documentHash: HASH },
      audience: { leaves: "public", tiles: "public" },
      verification: {
        statementHash: verificationHash(verification),
        level: "limited",
        opinion: "qualified",
      },
    });

    const file = join(bench.place().folder, "said.ndjson");
    await packageBatch(tenant, { batch: batchId, file });
    const signers = {
      ...tenant.config.signers,
      verifier: { kind: "key", privateKey: VERIFIER_KEY } as const,
    };
    const verifier: Context = { ...tenant, config: { ...tenant.config, signers } };
    const outside: Context = { ...verifier, local: false };
    await expect(attestPackage(outside, { file, verification: null })).rejects.toMatchObject({
      code: "attest.verification-unknown",
    });
    const other = { ...verification, body: "Somebody else" };
    await expect(attestPackage(verifier, { file, verification: other })).rejects.toMatchObject({
      code: "attest.verification-differs",
    });
    expect(await attestPackage(verifier, { file, verification })).toMatchObject({ batchId });
    await tenant.close();
  });

  it("refuses by name what can't be said, before anything is entered", async () => {
    const token = await withRides("refused");
    const tenant = await tenantOf("refused");
    const verification = await statementFor(tenant);
    await tenant.close();
    const refusal = async (terms: object): Promise<string> =>
      expectProblem(
        await bench.call("closeBatch", { token, json: { region: "WUHAN", vintage: 2025, ...terms } }),
      ).code;
    expect(await refusal({ useBy: "2025-12-30" })).toBe("close.use-by");
    expect(await refusal({ useBy: "2026-01-01" })).toBe("close.use-by");
    expect(await refusal({ useBy: "2027-02-30" })).toBe("close.terms");
    expect(await refusal({ audience: { leaves: "participants", tiles: "public" } })).toBe("close.audience");
    expect(await refusal({ audience: { leaves: "public", tiles: "participants" } })).toBe("close.audience");
    const title = { kind: "project-owner", documentHash: HASH };
    expect(await refusal({ title })).toBe("close.title-kind");
    expect(await refusal({ category: "project", title: { kind: "programme", documentHash: HASH } })).toBe(
      "close.title-kind",
    );
    for (const other of [{ vintage: 2024 }, { region: "LUZHOU" }, { operator: `0x${"11".repeat(20)}` }])
      expect(await refusal({ verification: { ...verification, ...other } })).toBe("close.verification");
    const malformed = { ...verification, date: "2026-02-30" };
    expect(await refusal({ verification: malformed })).toBe("verification.malformed");
    const rows = await bench.context().db.query("SELECT 1 FROM closings WHERE tenant = 'refused'");
    expect(rows).toEqual([]);
  });

  const cutOffAtSalts = (tenant: Context): Context => ({
    ...tenant,
    keys: {
      ...tenant.keys,
      salts: { ...tenant.keys.salts, newSaltKeys: () => Promise.reject(new Error("cut off")) },
    },
  });

  it("ends a closing that was cut off with the terms that it began with", async () => {
    await withRides("resumed");
    const tenant = await tenantOf("resumed");
    const cutOff = cutOffAtSalts(tenant);
    const asked = { region: WUHAN, vintage: 2025 };
    const useBy = dayText(utcDay(systemClock.now()) + 500);
    await expect(closeBatch(cutOff, { ...asked, terms: { useBy } })).rejects.toThrow("cut off");

    // Settings may have changed since; what the closing began with stands.
    const changed: Context = {
      ...tenant,
      config: {
        ...tenant.config,
        bufferBps: 0,
        claimPeriodDays: 1,
        terms: { ...tenant.config.terms, hostCountry: "SG" },
      },
    };
    const later = dayText(utcDay(systemClock.now()) + 501);
    await expect(closeBatch(changed, { ...asked, terms: { useBy: later } })).rejects.toMatchObject({
      code: "closing.other-terms",
    });
    const campaign = { id: "tree-day", documentHash: HASH };
    await expect(closeBatch(changed, { ...asked, terms: { campaign } })).rejects.toMatchObject({
      code: "closing.other-terms",
    });
    const { batchId, terms } = await closeBatch(changed, asked);
    expect(terms).toMatchObject({ useBy, campaign: null, hostCountry: "CN" });
    const { manifest } = await knownBatch(tenant.db, tenant.tenant, batchId);
    const { bufferBps, claimPeriodDays } = tenant.config;
    expect(decodeManifest(manifest)).toMatchObject({ bufferBps, claimPeriodDays });
    await tenant.close();
  });

  it("finishes one that was cut off when it is asked for with the same words after midnight", async () => {
    const token = await withRides("midnight");
    const tenant = await tenantOf("midnight");
    const useBy = dayText(localDay("Asia/Shanghai", systemClock.now()));
    const asked = { region: WUHAN, vintage: 2025, terms: { useBy } };
    await expect(closeBatch(cutOffAtSalts(tenant), asked)).rejects.toThrow("cut off");

    const tomorrow = { now: () => (systemClock.now() + SECONDS_PER_DAY) as UnixSeconds };
    // Its own terms make needless what the settings would be asked for.
    const next: Context = { ...tenant, clock: tomorrow, local: false };
    await expect(checkAskedTerms(next, { ...asked, vintage: 2024 })).rejects.toMatchObject({
      code: "close.use-by",
    });
    await expect(checkAskedTerms(next, asked)).resolves.toMatchObject({ useBy: parseDay(useBy) });
    const { batchId, terms } = await closeBatch(next, asked);
    expect(terms).toMatchObject({ useBy });
    const { batches } = await bench.json<{ batches: BatchDescription[] }>("listBatches", 200, { token });
    expect(batches.map((one) => one.batchId)).toEqual([batchId]);
    await tenant.close();
  });
});
