import { describe, expect, it } from "vitest";
import { addCertificates } from "../../../src/adapters/storage/reductions/addCertificates.ts";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { insertProviderKey } from "../../../src/adapters/storage/providers/providerKeys.ts";
import { saveMethodologies } from "../../../src/adapters/storage/providers/saveMethodologies.ts";
import { revokeProviderKey } from "../../../src/app/providers/revokeProviderKey.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { monthOfDay } from "../../../src/base/lib/time/calendar.ts";
import { methodologyId, providerId } from "../../../src/base/lib/ids.ts";
import type { ActivityKey, TenantId } from "../../../src/base/types/ids.ts";
import type { ProviderKey } from "../../../src/base/types/providerKey.ts";
import type { Day, MicroUnits, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { AssetClaim, Reduction } from "../../../src/base/types/reduction.ts";
import { canonicalJson } from "../../../src/format/canonicalJson.ts";
import { providerKeyId } from "../../../src/format/signing/signedRecord.ts";
import { decideCertificate } from "../../../src/stages/dedupe/decideCertificate.ts";
import type { AdmissionOutcome } from "../../../src/stages/dedupe/ports.ts";
import { certificatePolicy } from "../../../src/stages/quantify/certificatePolicy.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { admit, hash, MORNING, reduction, REGION } from "./support/samples.ts";

const DAY = Math.floor(MORNING / 86_400) as Day;
const key = (asset: string) => toHex(hash(`asset ${asset}`));

/** A record that names an asset; a project's claims the class of the acts as well. */
function claiming(
  side: AssetClaim["side"],
  id: string,
  asset: string,
  more: Partial<AssetClaim> = {},
): Reduction {
  const provider = side === "act" ? "metro" : "project";
  const claim: AssetClaim = {
    asset: key(asset),
    month: monthOfDay(DAY),
    side,
    classes: side === "act" ? ["metro"] : ["fleet", "metro"],
    certificates: "voids",
    certified: 0n,
    ...more,
  };
  return { ...reduction({ id, provider, subject: side === "act" ? id : null }), claim };
}

const OF_PROJECTS = methodologyId(toHex(hash("of projects")));
const STOLEN: ProviderKey = {
  provider: providerId("project"),
  publicKey: hash("stolen key"),
  validFrom: 0 as UnixSeconds,
  validTo: null,
  required: true,
  revocation: null,
};

/** A project's month of an installation, of which three may report; signed with the key if it arrived. */
function month(id: string, asset: string, arrivedAt: number | null): Reduction {
  const limit = { project: STOLEN.provider, most: 5_000_000n as MicroUnits, installations: 3 };
  const claimed = claiming("project", id, asset, { limit });
  return {
    ...claimed,
    record: { ...claimed.record, asset: { kind: "meter", key: key(asset) } },
    methodologyId: OF_PROJECTS,
    activityKey: hash(`month of ${asset}`) as ActivityKey,
    anchored: true,
    ...(arrivedAt !== null && {
      evidence: {
        kind: "record",
        publicKey: STOLEN.publicKey,
        subjectDigest: hash("subject"),
        signature: new Uint8Array(64),
        arrivedAt: arrivedAt as UnixSeconds,
      },
    }),
  };
}

describe("claims on assets", () => {
  onEachEngine((bench) => {
    const outcomesOf = async (
      db: Database,
      tenant: TenantId,
      all: readonly Reduction[],
    ): Promise<readonly AdmissionOutcome[]> => (await admit(db, tenant, all)).outcomes;

    it("outlast the ingest: acts and a project of another file don't both count", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      expect(await outcomesOf(db, tenant, [claiming("project", "p1", "fleet-1")])).toEqual(["accepted"]);
      expect(
        await outcomesOf(db, tenant, [
          claiming("act", "a1", "fleet-1"),
          claiming("act", "a2", "fleet-2"),
          reduction({ id: "a3" }),
          claiming("act", "a4", "fleet-1", { month: monthOfDay(DAY) + 1 }),
        ]),
      ).toEqual(["claim.project-month", "accepted", "accepted", "accepted"]);
      expect(
        await outcomesOf(db, tenant, [
          claiming("project", "p2", "fleet-2"),
          claiming("project", "p3", "fleet-3"),
        ]),
      ).toEqual(["claim.acts", "accepted"]);
      // Another operator's are its own.
      expect(await outcomesOf(db, await bench.tenant(), [claiming("act", "a1", "fleet-1")])).toEqual([
        "accepted",
      ]);
    });

    it("are one side's after any race", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const assets = Array.from({ length: 12 }, (_, i) => `raced-${String(i)}`);
      const work = assets.flatMap((asset) => [
        ["project", `${asset} p`, asset],
        ["act", `${asset} a`, asset],
        ["act", `${asset} b`, asset],
      ]) as [AssetClaim["side"], string, string][];
      // Each in a transaction of its own, all at once, neighbours racing for one asset.
      const found = await Promise.all(
        work.map(async (one) => ({ one, outcomes: await outcomesOf(db, tenant, [claiming(...one)]) })),
      );
      for (const asset of assets) {
        const kept = found.filter(({ one, outcomes }) => one[2] === asset && outcomes[0] === "accepted");
        expect(new Set(kept.map(({ one }) => one[0])).size).toBe(1);
      }
      const mixed = await db.query(
        `SELECT asset, month, class FROM asset_claims GROUP BY tenant, asset, month, class
         HAVING count(DISTINCT side) > 1`,
      );
      expect(mixed).toEqual([]);
    });

    it("of certificates come in once, and not over what is counted", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const add = (id: string, asset: string, microKwh = 1_000_000_000n, lastDay = DAY) =>
        addCertificates(
          db,
          tenant,
          [{ id, asset: key(asset), firstDay: DAY, lastDay, microKwh }],
          (one, around) => decideCertificate(one, around, certificatePolicy),
        );
      expect(await add("GEC-1", "meter-1")).toEqual(["added"]);
      expect(await add("GEC-1", "meter-1")).toEqual(["repeated"]);
      expect(await add("GEC-1", "meter-1", 2n)).toEqual(["certificate.differs"]);
      expect(await add("GEC-2", "meter-1", 5n, (DAY + 31) as Day)).toEqual(["added"]);
      const lowered = { certificates: "lowers", certified: 1_000_000_005n } as const;
      expect(
        await outcomesOf(db, tenant, [
          claiming("project", "void", "meter-1"),
          claiming("project", "less", "meter-1", { ...lowered, certified: 1_000_000_004n }),
          claiming("project", "net", "meter-1", lowered),
          claiming("project", "next", "meter-1", { month: monthOfDay(DAY) + 1, certificates: "indifferent" }),
        ]),
      ).toEqual(["claim.certificate", "claim.certificate", "accepted", "accepted"]);
      expect(await add("GEC-3", "meter-1")).toEqual(["certificate.counted"]);
      expect(await add("GEC-3", "meter-2")).toEqual(["added"]);
    });

    it("of records that a compromise drops are given back to the true ones, once", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      await saveMethodologies(db, tenant, [
        { id: OF_PROJECTS, region: REGION, json: canonicalJson({ category: "project" }) },
      ]);
      await insertProviderKey(db, tenant, STOLEN, 1 as UnixSeconds, () => {});
      const compromised = (at: number) =>
        revokeProviderKey(
          { db, tenant, clock: { now: () => 2000 as UnixSeconds } },
          {
            provider: STOLEN.provider,
            keyId: providerKeyId(STOLEN.publicKey),
            reason: "compromised",
            at: at as UnixSeconds,
          },
        );
      const months = async () =>
        db.query<{ installations: number; quantity: bigint }>(
          `SELECT p.installations, p.quantity FROM project_months p JOIN tenants t ON t.number = p.tenant
           WHERE t.tenant = $1`,
          [tenant],
        );
      // Two of the thief's come late, a true one early.
      expect(
        await outcomesOf(db, tenant, [
          month("early", "meter-0", 500),
          month("t1", "meter-1", 900),
          month("t2", "invented", 901),
        ]),
      ).toEqual(["accepted", "accepted", "accepted"]);
      const trueOnes = (...names: string[]) => names.map((name) => month(`true ${name}`, name, null));
      expect(await outcomesOf(db, tenant, trueOnes("meter-1", "meter-2"))).toEqual([
        "project.above-count",
        "project.above-count",
      ]);

      expect(await compromised(800)).toMatchObject({ open: 2 });
      expect(await months()).toEqual([{ installations: 1, quantity: 1_000_000n }]);
      expect(await outcomesOf(db, tenant, [claiming("act", "a0", "meter-0")])).toEqual([
        "claim.project-month",
      ]);
      // Nobody claims what was invented any more.
      expect(await outcomesOf(db, tenant, [claiming("act", "a1", "invented")])).toEqual(["accepted"]);
      expect(await outcomesOf(db, tenant, trueOnes("meter-1", "meter-2", "meter-0"))).toEqual([
        "accepted",
        "accepted",
        "duplicate.activity-key",
      ]);
      expect(await months()).toEqual([{ installations: 3, quantity: 3_000_000n }]);

      // Told of an earlier compromise, it gives back what had arrived since, and nothing twice.
      expect(await compromised(400)).toMatchObject({ open: 3 });
      expect(await months()).toEqual([{ installations: 2, quantity: 2_000_000n }]);
      expect(await outcomesOf(db, tenant, [claiming("act", "a2", "meter-1")])).toEqual([
        "claim.project-month",
      ]);
      expect(await outcomesOf(db, tenant, [claiming("act", "a3", "meter-0")])).toEqual(["accepted"]);
    });
  });
});
