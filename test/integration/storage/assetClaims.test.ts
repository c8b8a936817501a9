import { describe, expect, it } from "vitest";
import { addCertificates } from "../../../src/adapters/storage/reductions/addCertificates.ts";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { monthOfDay } from "../../../src/base/lib/calendar.ts";
import type { TenantId } from "../../../src/base/types/ids.ts";
import type { Day } from "../../../src/base/types/quantities.ts";
import type { AssetClaim, Reduction } from "../../../src/base/types/reduction.ts";
import { decideCertificate } from "../../../src/stages/dedupe/decideCertificate.ts";
import type { AdmissionOutcome } from "../../../src/stages/dedupe/ports.ts";
import { certificatePolicy } from "../../../src/stages/quantify/certificatePolicy.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { admit, hash, MORNING, reduction } from "./support/samples.ts";

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
  });
});
