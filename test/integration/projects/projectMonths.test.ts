import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownBatch } from "../../../src/adapters/storage/batches/knownBatch.ts";
import { behaviourReport } from "../../../src/app/behaviour/behaviourReport.ts";
import { addClaims } from "../../../src/app/claims/addClaims.ts";
import { attestBatch } from "../../../src/app/attest/attestBatch.ts";
import { openVerifier } from "../../../src/app/attest/openVerifier.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { confidentialLeaves } from "../../../src/app/batches/confidentialLeaves.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { describeWholeProject } from "../../../src/app/projects/describeProject.ts";
import { takeProjectStep } from "../../../src/app/projects/takeProjectStep.ts";
import { proveAct } from "../../../src/app/proofs/proveAct.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import {
  decodeManifest,
  encodeManifest,
  type Manifest2,
  type ManifestProject,
} from "../../../src/format/batch/manifest.ts";
import type { Signer } from "../../../src/stages/outbox/ports.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { newProjectCity, type ProjectCity } from "./support/projectCity.ts";

const NEWCITY = regionCode("NEWCITY");
const PERIOD = { creditingPeriod: { firstDay: "2025-01-01", lastDay: "2025-04-30" } };

describe("months of projects", () => {
  let city: ProjectCity;
  const pv = (...rows: readonly string[]) => city.ingest("roof-pv", "pv-generation", "kWh", "meter", rows);
  const fleet = (...rows: readonly string[]) =>
    city.ingest("bike-project", "bike-fleet", "km", "fleet", rows);
  const rides = (...rows: readonly string[]) => city.ingest("city-bikes", "bike", "km", "fleet", rows);
  const dispositions = async (provider: string): Promise<Record<string, number>> => {
    const rows = await city.context.db.query<{ disposition: string; acts: bigint }>(
      "SELECT disposition, count(*) AS acts FROM reductions WHERE provider = $1 GROUP BY 1 ORDER BY 1",
      [provider],
    );
    return Object.fromEntries(rows.map(({ disposition, acts }) => [disposition, Number(acts)]));
  };
  const close = (category: "act" | "project" | "behaviour") =>
    closeBatch(city.context, { region: NEWCITY, vintage: 2025, category });

  beforeAll(async () => {
    city = await newProjectCity();
  });
  afterAll(() => city.close());

  it("count once the project is registered, within its crediting period, one month each", async () => {
    const month = "m1-jan,,M-1,2025-01-01T00:00:00+08:00,2025-02-01T00:00:00+08:00,1000";
    city.at("2025-04-20");
    expect((await pv(month)).reasons).toEqual({ "project.unknown": 1 });
    await city.propose("roof-pv", PERIOD);
    expect((await pv(month)).reasons).toEqual({ "project.not-registered": 1 });
    expect(await city.register("roof-pv", PERIOD)).toMatchObject({
      state: "registered",
      registration: "NC-roof-pv",
    });
    city.at("2025-05-05");
    const report = await pv(
      month,
      "m1-feb,,M-1,2025-02-01T00:00:00+08:00,2025-03-01T00:00:00+08:00,900",
      "m1-mar,,M-1,2025-03-01T00:00:00+08:00,,1100.5",
      "m2-jan,,M-2,2025-01-01T00:00:00+08:00,,10",
      "m2-feb,,M-2,2025-02-01T00:00:00+08:00,,20",
      "m2-mar,,M-2,2025-03-01T00:00:00+08:00,,30",
      // The same installation and month under another id, with another figure.
      "m1-jan-again,,M-1,2025-01-01T00:00:00+08:00,,1001",
      "two,,M-1,2025-03-01T00:00:00+08:00,2025-04-01T00:00:01+08:00,1",
      "late,,M-1,2025-04-01T00:01:00+08:00,,1",
      "utc,,M-1,2025-04-01T00:00:00Z,,1",
      "after,,M-1,2025-05-01T00:00:00+08:00,,1",
      "none,,,2025-01-01T00:00:00+08:00,,1",
      "runs,,M-2,2025-05-01T00:00:00+08:00,,1",
    );
    expect(report.reasons).toEqual({
      "duplicate.activity-key": 1,
      "project.month-start": 2,
      "project.month-runs": 2,
      "project.no-installation": 1,
      "project.two-months": 1,
    });
    expect(report).toMatchObject({ accepted: 6, milligrams: String(3_060_500 * 525) });
  });

  it("are claimed once whoever is paid, and are no acts of a person's day", async () => {
    const paid = await pv("m1-paid,owner-1,M-1,2025-02-01T00:00:00+08:00,,900");
    expect(paid.reasons).toEqual({ "duplicate.activity-key": 1 });
  });

  it("close into a batch of their own beside acts, and mint, prove and verify", async () => {
    await rides("r1,rider-1,,2025-01-05T08:00:00+08:00,2025-01-05T08:20:00+08:00,3");
    // One connector charges one car at a time, whoever pays: its acts are keyed by it.
    const charged = await city.ingest("chargers", "ev-charging", "kWh", "connector", [
      "c1,driver-1,C-1,2025-01-05T08:00:00+08:00,2025-01-05T08:30:00+08:00,10",
      "c2,driver-2,C-1,2025-01-05T08:00:30+08:00,2025-01-05T08:30:00+08:00,11",
      "c3,driver-2,C-2,2025-01-05T08:00:30+08:00,2025-01-05T08:30:00+08:00,11",
    ]);
    expect(charged).toMatchObject({ accepted: 2, reasons: { "duplicate.activity-key": 1 } });
    // Everything is admitted, and nothing of it is monitored and verified.
    await expect(close("project")).rejects.toMatchObject({ code: "project.not-verified" });
    await city.monitor("roof-pv", "2025-01-01", "2025-03-31");
    await expect(close("project")).rejects.toMatchObject({ code: "project.not-verified" });
    await city.verify("roof-pv", "2025-01-01", "2025-03-31");
    // The reports again are no other steps.
    await city.monitor("roof-pv", "2025-01-01", "2025-03-31");
    expect(await city.verify("roof-pv", "2025-01-01", "2025-03-31")).toMatchObject({ state: "verified" });
    const projects = await close("project");
    const acts = await close("act");
    expect([projects.leafCount, acts.leafCount]).toEqual([6, 3]);
    const { manifest } = await knownBatch(city.context.db, city.context.tenant, projects.batchId);
    expect(decodeManifest(manifest)).toMatchObject({
      category: "project",
      title: { kind: "project-owner", documentHash: `0x${"0e".repeat(32)}` },
      providers: [{ id: "roof-pv" }],
      projects: [
        {
          id: "roof-pv",
          name: "Project roof-pv",
          registration: "NC-roof-pv",
          creditingPeriod: { startDay: 20_089, endDay: 20_208 },
          place: "NEWCITY",
          baselineHash: `0x${"b1".repeat(32)}`,
          excludes: ["ev-charging"],
        },
      ],
      methodologies: [{ code: "NEWCITY-PV-GENERATION" }],
    });
    const stored = await knownBatch(city.context.db, city.context.tenant, projects.batchId);
    const { verifiers } = await city.context.chain();
    const verifier = await openVerifier(city.context, await city.context.chain(), verifiers[0] as Signer);
    const attesting = (change: (manifest: Manifest2) => Partial<Manifest2>) => {
      const told = decodeManifest(stored.manifest) as Manifest2;
      const manifestBytes = encodeManifest({ ...told, ...change(told) });
      const leaves = confidentialLeaves(city.context, stored);
      return attestBatch(verifier, { manifestBytes, leaves, deadline: 2_000_000_000 as UnixSeconds });
    };
    const shorter = { startDay: 20_089 as Day, endDay: 20_147 as Day };
    await expect(
      attesting(({ projects: [first] }) => ({
        projects: [{ ...(first as ManifestProject), creditingPeriod: shorter }],
      })),
    ).rejects.toMatchObject({
      code: "attest.project",
      message: expect.stringContaining("crediting") as string,
    });
    await expect(
      attesting(() => ({ createdAt: (Date.parse("2025-03-31T15:59:59Z") / 1000) as UnixSeconds })),
    ).rejects.toMatchObject({ code: "attest.project" });
    // The chain's clock is the machine's.
    city.at(null);
    for (const { batchId } of [projects, acts])
      expect(await mintBatch(city.context, { batch: batchId, attestations: null })).toMatchObject({
        state: "minted",
      });
    const shown = await describeWholeProject(city.context, "roof-pv");
    expect(shown.decisions.map(({ what }) => what)).toEqual([
      "propose",
      "notice",
      "register",
      "monitor",
      "verify",
      "issue",
    ]);
    expect(shown.state).toBe("issued");
    const proof = await proveAct(city.context, {
      provider: providerId("roof-pv"),
      recordId: "m1-mar",
      disclose: true,
    });
    const trust = { mode: "root", batches: [{ batchId: projects.batchId }] } as const;
    const verdict = await verifyProof(proof, trust, null, null, city.context.classLists);
    expect(verdict).toMatchObject({ facts: { batches: [{ batchId: projects.batchId }] } });
  });

  it("and acts on their assets don't both count: the first that is admitted keeps", async () => {
    await city.register("bike-project", {
      scenario: "bike-fleet",
      installations: { kind: "fleet", count: 1 },
      excludes: ["bike"],
      capacity: { value: "600", unit: "vehicles" },
    });
    expect(await fleet("f-may,,FLEET-1,2025-05-01T00:00:00+08:00,,5000")).toMatchObject({ accepted: 1 });
    const rejects = join(city.folder, "rejects.csv");
    const report = await city.ingest(
      "city-bikes",
      "bike",
      "km",
      "fleet",
      [
        "r-may,rider-1,FLEET-1,2025-05-31T23:59:00+08:00,,3",
        "r-jun,rider-1,FLEET-1,2025-06-01T00:00:00+08:00,,3",
        "r-other,rider-1,FLEET-2,2025-05-31T08:00:00+08:00,,3",
        // However its number is spelled; and of no other kind.
        "r-spelled,rider-2,fleet 1,2025-05-31T23:59:00+08:00,,3",
        "r-wide,rider-3,ＦＬＥＥＴ／１,2025-05-31T23:59:00+08:00,,3",
        "r-none,rider-4,FLEET+1,2025-05-31T23:59:00+08:00,,3",
      ],
      rejects,
    );
    expect(report).toMatchObject({
      accepted: 2,
      reasons: { "claim.project-month": 3, "asset.malformed": 1 },
    });
    expect(
      await city.ingest("city-bikes", "bike", "km", "meter", [
        "m,rider-5,FLEET-1,2025-05-31T09:00:00+08:00,,3",
      ]),
    ).toMatchObject({ reasons: { "plausibility.asset-kind": 1 } });
    expect(readFileSync(rejects, "utf8")).toContain("A project counts this asset");
    // June has a ride already.
    expect(
      await fleet(
        "f-jun,,FLEET-1,2025-06-01T00:00:00+08:00,,5000",
        "f-jul,,FLEET-1,2025-07-01T00:00:00+08:00,,5000",
      ),
    ).toMatchObject({ accepted: 1, reasons: { "claim.acts": 1 } });
    expect(
      await city.ingest("bike-project", "bike", "km", "fleet", ["own,,,2025-06-01T00:00:00+08:00,,3"]),
    ).toMatchObject({ reasons: { "project.excluded-class": 1 } });
    // Another project may not have the fleet's month either.
    await city.register("rival", {
      scenario: "bike-fleet",
      installations: { kind: "fleet", count: 1 },
      excludes: ["bike"],
    });
    expect(
      await city.ingest("rival", "bike-fleet", "km", "fleet", [
        "x-may,,FLEET-1,2025-05-01T00:00:00+08:00,,5000",
      ]),
    ).toMatchObject({ accepted: 0 });
  });

  it("stay out of a closing, by name, once the project has expired, and come in no more", async () => {
    await takeProjectStep(city.context, "bike-project", { what: "expire", why: "the fleet was sold" });
    expect((await fleet("f-aug,,FLEET-1,2025-07-01T00:00:00+08:00,,1")).reasons).toEqual({
      "project.expired": 1,
    });
    await expect(close("project")).rejects.toMatchObject({
      code: "project.expired",
      message: expect.stringContaining("bike-project") as string,
    });
    // Of another project the months beside one that nobody verified are taken.
    await city.register("roof-two", PERIOD);
    const two = ["02", "03", "04"].map((month) => `t-${month},,M-9,2025-${month}-01T00:00:00+08:00,,7`);
    expect(await city.ingest("roof-two", "pv-generation", "kWh", "meter", two)).toMatchObject({
      accepted: 3,
    });
    await city.monitor("roof-two", "2025-02-01", "2025-04-30");
    await expect(city.verify("roof-two", "2025-02-01", "2025-03-31")).rejects.toMatchObject({
      code: "project.not-monitored",
    });
    for (const [from, to] of [
      ["2025-02-01", "2025-02-28"],
      ["2025-04-01", "2025-04-30"],
    ] as const) {
      await city.monitor("roof-two", from, to);
      await city.verify("roof-two", from, to);
    }
    await city.monitor("roof-pv", "2025-04-01", "2025-04-30");
    await city.verify("roof-pv", "2025-04-01", "2025-04-30");
    expect(
      (await pv("m2-apr,,M-2,2025-04-01T00:00:00+08:00,,40", "m2-may,,M-2,2025-05-01T00:00:00+08:00,,40"))
        .reasons,
    ).toEqual({ "project.outside-crediting-period": 1 });
    const leftOut: unknown[] = [];
    const closed = await closeBatch(city.context, {
      region: NEWCITY,
      vintage: 2025,
      category: "project",
      onLeftOut: (projects) => leftOut.push(...projects),
    });
    expect(closed).toMatchObject({ leafCount: 3 });
    expect(leftOut).toMatchObject([
      { project: "bike-project", code: "project.expired" },
      { project: "roof-two", code: "project.not-verified" },
    ]);
    expect(await dispositions("roof-two")).toEqual({ open: 1, pooled: 2 });
    expect(await dispositions("roof-pv")).toEqual({ pooled: 7 });
    expect(await dispositions("bike-project")).toEqual({ open: 2 });
  });

  it("are refused at closing where another side claims the asset", async () => {
    await city.context.db.query(
      `UPDATE asset_claims SET side = 'project', claimant = 'rival' WHERE side = 'act' AND class = 'bike'`,
    );
    await expect(close("act")).rejects.toMatchObject({
      code: "closing.excluded",
      message: expect.stringContaining("rival") as string,
    });
    await city.context.db.query(
      `UPDATE asset_claims SET side = 'act', claimant = 'city-bikes'
       WHERE claimant = 'rival' AND class = 'bike' AND month >= 0`,
    );
    expect(await close("act")).toMatchObject({ leafCount: 2 });
  });

  it("leave behaviour alone, which is counted and never closed", async () => {
    const plates = await city.ingest("canteens", "clean-plate", "meal", "meter", [
      // On the meter of a project's month: what is never minted counts nothing twice.
      "p1,eater-1,M-1,2025-03-01T12:00:00+08:00,,1",
      "p2,eater-2,,2025-03-01T12:00:00+08:00,,1",
    ]);
    expect(plates).toMatchObject({ accepted: 2, notes: { "note.behaviour": 2 } });
    await expect(close("behaviour")).rejects.toMatchObject({ code: "closing.behaviour" });
    await expect(close("act")).rejects.toMatchObject({ code: "closing.nothing-open" });
    expect(await dispositions("canteens")).toEqual({ open: 2 });
    expect(await behaviourReport(city.context, 2025)).toEqual({
      year: 2025,
      counts: [
        {
          region: "NEWCITY",
          scenario: "clean-plate",
          acts: 2,
          quantity: "2",
          unit: "meal",
          milligrams: "288000",
        },
      ],
    });
    expect((await behaviourReport(city.context, 2024)).counts).toEqual([]);
  });

  it("give way to certificates that came first, and keep against those that come later", async () => {
    const file = join(city.folder, "certificates.csv");
    writeFileSync(
      file,
      [
        "certificate,meter,from,to,mwh",
        "GEC-1,M-1,2025-04-01,2025-04-30,1",
        "GEC-2,M-1,2025-01-15,2025-01-15,1",
        "GEC-3,M-1,2025-04-31,2025-05-01,1",
        "GEC-4,M-1,2025-04-30,2025-04-01,1",
        "GEC-5,M-1,2025-04-01,2025-04-30,0",
        "GEC-6,Q-1,2025-02-01,2025-02-28,9999999999999999",
        "GEC-7,Q-1,2025-02-01,2025-02-28,9223372036.85478",
        "GEC-8,Q-1,2025-02-01,2025-02-28,9223372036.85477",
        "GEC-9,Q-1,2025-01-01,2025-03-31,0.01",
      ].join("\n"),
    );
    const report = await addClaims(city.context, file);
    expect(report).toMatchObject({ read: 9, added: 2, repeated: 0 });
    expect(report.refused.map(({ row, code }) => [row, code])).toEqual([
      [2, "certificate.counted"],
      [3, "certificate.row"],
      [4, "certificate.row"],
      [5, "certificate.row"],
      [6, "certificate.row"],
      [7, "certificate.row"],
      [9, "certificate.sum"],
    ]);
    expect(JSON.stringify(report)).not.toContain("M-1");
    expect(await addClaims(city.context, file)).toMatchObject({ added: 0, repeated: 2 });
    expect((await pv("m1-apr,,M-1,2025-04-01T00:00:00+08:00,,40")).reasons).toEqual({
      "claim.certificate": 1,
    });
    await expect(addClaims(city.context, join(city.folder, "no-such.csv"))).rejects.toMatchObject({
      code: "file.unreadable",
    });
  });
});
