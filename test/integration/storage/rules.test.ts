import { describe, expect, it } from "vitest";
import { listDecisions } from "../../../src/adapters/storage/rules/listDecisions.ts";
import { listRules } from "../../../src/adapters/storage/rules/listRules.ts";
import { rulesVersion } from "../../../src/adapters/storage/rules/rulesVersion.ts";
import { stepRule } from "../../../src/adapters/storage/rules/stepRule.ts";
import type { Address } from "../../../src/base/types/ids.ts";
import type { Methodology } from "../../../src/base/types/methodology.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { checkDecisions } from "../../../src/stages/decisions/checkDecisions.ts";
import { methodologyContent } from "../../../src/stages/rules/methodologyContent.ts";
import { shippedMethodologies } from "../../../src/stages/quantify/shippedMethodologies.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { ruleSteps } from "./support/ruleSteps.ts";

const OPERATOR: Address = `0x${"0a".repeat(20)}`;
const REGISTRAR: Address = `0x${"0b".repeat(20)}`;
const at = (seconds: number): UnixSeconds => seconds as UnixSeconds;
const WUHAN_BUS = shippedMethodologies().find(({ code }) => code === "WUHAN-BUS") as Methodology;
const rule = (version: string) => methodologyContent({ ...WUHAN_BUS, version });

describe("rules", () => {
  onEachEngine((bench) => {
    it("are their proposer's alone until they are published, and everybody's then", async () => {
      const [own, other] = [await bench.tenant(), await bench.tenant()];
      const db = bench.db();
      const content = rule("a");
      await stepRule(db, own, content, { what: "propose", by: OPERATOR, at: at(1) }, ruleSteps);
      const seen = async (tenant: typeof own) =>
        (await listRules(db, tenant)).filter(({ id }) => id === content.id).map(({ state }) => state);
      expect([await seen(own), await seen(other)]).toEqual([["proposed"], []]);
      const shown = { what: "shown", by: REGISTRAR, at: at(2) } as const;
      expect(await stepRule(db, other, content, shown, ruleSteps)).toMatchObject({
        ...content,
        state: "published",
        tenant: own,
        proposedBy: OPERATOR,
        publishedBy: REGISTRAR,
        publishedAt: 2,
        withdrawnAt: null,
      });
      expect([await seen(own), await seen(other)]).toEqual([["published"], ["published"]]);
      const withdraw = { what: "withdraw", by: REGISTRAR, regions: null, at: at(3), why: "a slip" } as const;
      expect(await stepRule(db, own, content, withdraw, ruleSteps)).toMatchObject({
        state: "withdrawn",
        publishedAt: 2,
        withdrawnAt: 3,
      });
    });

    it("may be two tenants' proposals, neither seen by the other, and are one once published", async () => {
      const [own, other] = [await bench.tenant(), await bench.tenant()];
      const db = bench.db();
      const content = rule("twice");
      const second: Address = `0x${"0c".repeat(20)}`;
      const seen = async (tenant: typeof own) =>
        (await listRules(db, tenant)).filter(({ id }) => id === content.id);
      await stepRule(db, own, content, { what: "propose", by: OPERATOR, at: at(1) }, ruleSteps);
      expect(
        await stepRule(db, other, content, { what: "propose", by: second, at: at(2) }, ruleSteps),
      ).toMatchObject({ state: "proposed", tenant: other, proposedBy: second });
      expect(await seen(own)).toMatchObject([{ proposedBy: OPERATOR }]);
      expect(await seen(other)).toMatchObject([{ proposedBy: second }]);
      await stepRule(db, own, content, { what: "shown", by: REGISTRAR, at: at(3) }, ruleSteps);
      const published = [{ state: "published", tenant: own, proposedBy: OPERATOR }];
      expect([await seen(own), await seen(other)]).toMatchObject([published, published]);
      const withdraw = { what: "withdraw", by: REGISTRAR, regions: null, at: at(4), why: "a slip" } as const;
      expect(await stepRule(db, other, content, withdraw, ruleSteps)).toMatchObject({ state: "withdrawn" });
      const rows = await listDecisions(db);
      expect(checkDecisions("rules", rows)).toBe(rows.at(-1)?.hash);
    });

    it("change with one row of a decision each, and with none where nothing changes", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const before = await rulesVersion(db);
      const propose = { what: "propose", by: OPERATOR, at: at(5) } as const;
      await stepRule(db, tenant, rule("b"), propose, ruleSteps);
      await stepRule(db, tenant, rule("b"), { ...propose, at: at(6) }, ruleSteps);
      expect(await rulesVersion(db)).toBe(before + 1);
      await expect(
        stepRule(db, tenant, rule("b"), { what: "shown", by: OPERATOR, at: at(7) }, ruleSteps),
      ).rejects.toMatchObject({ code: "rules.same-key" });
      expect(await rulesVersion(db)).toBe(before + 1);
      const rows = await listDecisions(db);
      expect(checkDecisions("rules", rows)).toBe(rows.at(-1)?.hash);
    });

    it("show a decision that was changed in the table", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await stepRule(db, tenant, rule("c"), { what: "propose", by: OPERATOR, at: at(8) }, ruleSteps);
      const last = await rulesVersion(db);
      await db.query("UPDATE rule_decisions SET at = at + 1 WHERE sequence = $1", [last]);
      const changed = await listDecisions(db);
      expect(() => checkDecisions("rules", changed)).toThrow(`Row ${String(last)} `);
      await db.query("UPDATE rule_decisions SET at = at - 1 WHERE sequence = $1", [last]);
    });

    it("are gone where they are retracted, by a row of their own, and may be proposed again", async () => {
      const [tenant, other] = [await bench.tenant(), await bench.tenant()];
      const db = bench.db();
      const propose = { what: "propose", by: OPERATOR, at: at(9) } as const;
      const retract = { what: "retract", by: OPERATOR, at: at(10) } as const;
      await stepRule(db, tenant, rule("slip"), propose, ruleSteps);
      expect(await stepRule(db, tenant, rule("slip"), retract, ruleSteps)).toMatchObject({
        state: "retracted",
      });
      // Another tenant's proposal is nobody else's to take back.
      await stepRule(db, other, rule("slip"), propose, ruleSteps);
      await expect(stepRule(db, tenant, rule("slip"), retract, ruleSteps)).rejects.toMatchObject({
        code: "rules.unknown",
      });
      expect(await stepRule(db, tenant, rule("slip"), propose, ruleSteps)).toMatchObject({
        state: "proposed",
      });
      // Of the standing proposals the first is the one that is published: not the one that was taken back.
      const shown = { what: "shown", by: REGISTRAR, at: at(11) } as const;
      expect(await stepRule(db, await bench.tenant(), rule("slip"), shown, ruleSteps)).toMatchObject({
        tenant: other,
      });
      await expect(stepRule(db, tenant, rule("slip"), retract, ruleSteps)).rejects.toMatchObject({
        code: "rules.published",
      });
      const withdraw = { what: "withdraw", by: REGISTRAR, regions: null, at: at(12), why: "a slip" } as const;
      await stepRule(db, tenant, rule("slip"), withdraw, ruleSteps);
      const rows = await listDecisions(db);
      expect(checkDecisions("rules", rows)).toBe(rows.at(-1)?.hash);
    });

    it("are a hundred open proposals of a tenant at most, however many come at once", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const open = Array.from({ length: 98 }, (_, version) => rule(`open-${String(version)}`));
      await db.query(
        `INSERT INTO rules (kind, id, json, region, name, version, valid_from, state, tenant, proposed_by)
         SELECT 'methodology', decode(id, 'hex'), '{}', 'WUHAN', 'WUHAN-BUS', id, 0, 'proposed', $1, $2
         FROM unnest($3::text[]) AS i (id)`,
        [tenant, new Uint8Array(20).fill(10), open.map(({ id }) => id.slice(2))],
      );
      const propose = { what: "propose", by: OPERATOR, at: at(12) } as const;
      const outcomes = await Promise.allSettled(
        ["h", "i", "j", "k", "l"].map((version) => stepRule(db, tenant, rule(version), propose, ruleSteps)),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
      for (const outcome of outcomes)
        if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "rules.too-many" });
    });

    it("are decided about by one at a time", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const before = await rulesVersion(db);
      const versions = ["d", "e", "f", "g"];
      await Promise.all(
        versions.map((version) =>
          stepRule(db, tenant, rule(version), { what: "propose", by: OPERATOR, at: at(9) }, ruleSteps),
        ),
      );
      expect(await rulesVersion(db)).toBe(before + versions.length);
      const rows = await listDecisions(db);
      expect(checkDecisions("rules", rows)).toBe(rows.at(-1)?.hash);
    });
  });
});
