import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownBatch } from "../../../src/adapters/storage/batches/knownBatch.ts";
import { attestPackage } from "../../../src/app/attest/attestPackage.ts";
import { closeBatch, type LeftOutProject } from "../../../src/app/batches/closeBatch.ts";
import type { BatchDescription } from "../../../src/app/batches/describeBatch.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { packageBatch } from "../../../src/app/batches/packageBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { hashDocument } from "../../../src/app/projects/hashDocument.ts";
import { proposeProject } from "../../../src/app/projects/proposeProject.ts";
import { takeProjectStep } from "../../../src/app/projects/takeProjectStep.ts";
import { proveAct } from "../../../src/app/proofs/proveAct.ts";
import { proveRetirement } from "../../../src/app/proofs/proveRetirement.ts";
import { retireCredits } from "../../../src/app/retirements/retireCredits.ts";
import { addRule } from "../../../src/app/rules/addRule.ts";
import { knownRule } from "../../../src/app/rules/knownRule.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../src/app/rules/publishRule.ts";
import { takeProposal } from "../../../src/app/rules/takeProposal.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import { parseTonnes } from "../../../src/base/lib/mass.ts";
import { decodeManifest } from "../../../src/format/batch/manifest.ts";
import { LISTED_CLASSES } from "../../../src/format/batch/classes/scenarioClasses.ts";
import { RULE_KINDS } from "../../../src/stages/rules/ports.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import {
  ASSET_ROWS,
  assetProfile,
  cityMethodology,
  NOTICE_DAYS,
  projectFile,
} from "../projects/support/projectCity.ts";
import { newCityNetwork, type CityNetwork } from "./support/cityNetwork.ts";

const NEWCITY = regionCode("NEWCITY");
const CLASSES = {
  schema: "microtonne-scenario-classes/1",
  region: "NEWCITY",
  version: 3,
  classes: [
    ...LISTED_CLASSES,
    { code: 9, name: "ferry", unit: "passenger-km" },
    { code: 10, name: "pv-generation", unit: "kWh" },
    { code: 11, name: "bike-fleet", unit: "km" },
  ],
};
const BOUNDS = {
  schema: "microtonne-regional-plausibility/1",
  region: "NEWCITY",
  version: 1,
  timeZone: "Asia/Shanghai",
  validFrom: "2025-01-02",
  classes: [
    {
      scenario: "ferry",
      act: { quantity: { max: "10", source: "Ours." }, seconds: { max: 7200, source: "Ours." } },
      day: { acts: { max: 2, source: "Ours." } },
    },
  ],
};
/** Its second version begins at 10:58 local time. */
const FERRY = {
  ...cityMethodology("ferry", "passenger-km", "act", "10"),
  validTo: "2025-06-18T02:58Z",
  days: { first: "2025-01-01", last: "2025-06-18" },
};
const FERRY_2 = {
  ...cityMethodology("ferry", "passenger-km", "act", "8.05"),
  version: "2",
  validFrom: "2025-06-18T02:58Z",
  days: { first: "2025-06-18", last: "2026-12-31" },
};
/** Of an authority that recognises credits of one region for events, at a discount of a tenth. */
const recognition = (authority: string, issuer: string) => ({
  schema: "microtonne-recognition/1",
  authority,
  version: 1,
  validFrom: "2025-01-01T00:00Z",
  rules: [
    {
      id: "acts",
      issuers: [issuer],
      methodologies: null,
      vintages: { first: 2025, last: 2026 },
      purposes: ["event-neutrality"],
      validFrom: "2025-01-01",
      validTo: "2099-12-31",
      discountBps: 1000,
      source: "Order 12 of the authority.",
    },
  ],
});
/** In the order in which they are published: what a rule names comes before it. */
const RULES = {
  "classes.json": CLASSES,
  "bounds.json": BOUNDS,
  "ferry.json": FERRY,
  "ferry-2.json": FERRY_2,
  "bike.json": cityMethodology("bike", "km", "act", "50"),
  "pv.json": cityMethodology("pv-generation", "kWh", "project", "525"),
  "fleet.json": cityMethodology("bike-fleet", "km", "project", "30"),
  "plates.json": cityMethodology("clean-plate", "meal", "behaviour", "144"),
};
const PROJECTS = {
  "roof-pv": projectFile("roof-pv"),
  "bike-project": projectFile("bike-project", {
    scenario: "bike-fleet",
    installations: { kind: "fleet", count: 1 },
    excludes: ["bike"],
    capacity: { value: "600", unit: "vehicles" },
  }),
  "old-roof": projectFile("old-roof"),
};

describe("the operator of a city that nobody here thought of", () => {
  let city: CityNetwork;
  let operator: Context;
  let acts: BatchDescription;
  let project: BatchDescription;
  const leftOut: LeftOutProject[] = [];

  const publish = async (registrar: Context, file: string): Promise<void> => {
    const proposal = await proposeRule(operator, await city.file(file), RULE_KINDS);
    const { address } = (await operator.chain()).operator;
    const handedOver = await takeProposal(registrar, await city.file(file), RULE_KINDS, address);
    expect(await publishRule(registrar, handedOver)).toMatchObject({
      rule: { state: "published" },
      task: null,
    });
    expect(await publishRule(operator, await knownRule(operator, proposal.id, RULE_KINDS))).toMatchObject({
      rule: { state: "published" },
      task: null,
    });
    await operator.refreshRules();
  };
  /** A project is its operator's record: the registrar signs on the operator's database, with its own key. */
  const asRegistrar = async (act: (context: Context) => Promise<void>): Promise<void> => {
    await operator.close();
    const registrar = await city.registrar("operator", "NEWCITY");
    try {
      await act(registrar);
    } finally {
      await registrar.close();
      operator = await city.open("operator");
    }
  };
  const ingest = (provider: string, scenario: string, kind: string, ...rows: readonly string[]) =>
    city.ingest(operator, `${provider}.csv`, assetProfile(provider, scenario, kind), ASSET_ROWS, rows);
  /** Sealed, attested by two verifiers in folders of their own, and minted. */
  const mint = async (batch: BatchDescription): Promise<void> => {
    const file = city.path(`${batch.batchId}.ndjson`);
    await packageBatch(operator, { batch: batch.batchId, file });
    const attestations: string[] = [];
    for (const account of [2, 3]) {
      const verifier = await city.verifier(account);
      try {
        attestations.push(JSON.stringify(await attestPackage(verifier, { file })));
      } finally {
        await verifier.close();
      }
    }
    expect(await mintBatch(operator, { batch: batch.batchId, attestations })).toMatchObject({
      state: "minted",
    });
  };
  const retire = (authority: string) =>
    retireCredits(operator, {
      amount: parseTonnes("0.0001"),
      purpose: "event-neutrality",
      beneficiary: { name: "A concert", lei: null },
      use: null,
      reportingYear: null,
      country: "CN",
      recognition: { authority: regionCode(authority), claim: parseTonnes("0.00009") },
      batch: acts.batchId,
      reference: null,
    });
  /** What somebody says of a proof who has the chain and the published rules, and nothing of the operator. */
  const verified = async (proof: Uint8Array) => {
    const verifier = await city.verifier(2);
    try {
      const { client, deployment } = await verifier.chain();
      const { chainId, contracts } = deployment;
      const trust = { mode: "rpc", client, chainId, contracts } as const;
      return await verifyProof(proof, trust, null, null, verifier.classLists);
    } finally {
      await verifier.close();
    }
  };

  beforeAll(async () => {
    city = await newCityNetwork();
    city.at("2024-12-01");
    for (const [name, rule] of Object.entries(RULES)) city.write(name, rule);
    for (const [id, file] of Object.entries(PROJECTS)) city.write(`${id}.json`, file);
    city.write("report.pdf", "Monitored.");
    city.write("statement.pdf", "Verified.");
    operator = await city.open("operator");
  });
  afterAll(async () => {
    await operator.close();
    await city.close();
  });

  it("proposes classes, bounds, methodologies; the registrar publishes them with its own key", async () => {
    const registrar = await city.registrar("registrar", "NEWCITY");
    try {
      for (const file of Object.keys(RULES)) await publish(registrar, file);
    } finally {
      await registrar.close();
    }
    expect(operator.classLists.newest).toMatchObject({ version: 3, highest: 11 });
    // Two authorities elsewhere say whose credits they recognise.
    for (const [authority, issuer] of [
      ["GD", "WUHAN"],
      ["HN", "NEWCITY"],
    ] as const) {
      const file = `${authority}.json`;
      city.write(file, recognition(authority, issuer));
      const its = await city.registrar(authority, authority);
      try {
        await publish(its, file);
      } finally {
        await its.close();
      }
    }
  });

  it("has its projects registered after their notice", async () => {
    for (const id of Object.keys(PROJECTS)) await proposeProject(operator, await city.file(`${id}.json`));
    await asRegistrar(async (registrar) => {
      for (const id of Object.keys(PROJECTS)) await takeProjectStep(registrar, id, { what: "notice" });
    });
    city.at(`2024-12-${String(1 + NOTICE_DAYS)}`);
    await asRegistrar(async (registrar) => {
      for (const id of Object.keys(PROJECTS))
        expect(
          await takeProjectStep(registrar, id, { what: "register", registration: `NC-${id}`, why: null }),
        ).toMatchObject({ state: "registered" });
    });
  });

  it("counts acts by the version of their minute, and nothing twice on a project's assets", async () => {
    city.at(null);
    const ferries = await ingest(
      "ferries",
      "ferry",
      "vehicle",
      "f1,person-1,,2025-06-18T10:57:59+08:00,,9,passenger-km",
      "f2,person-2,,2025-06-18T10:58:00+08:00,,9,passenger-km",
      // Over the change: the lower of both.
      "f3,person-3,,2025-06-18T10:50:00+08:00,2025-06-18T11:05:00+08:00,9,passenger-km",
      "f4,person-4,,2025-06-18T12:00:00+08:00,,11,passenger-km",
      // The class has a methodology on this day, and no bounds yet.
      "f5,person-4,,2025-01-01T23:59:59+08:00,,1,passenger-km",
    );
    expect(ferries).toMatchObject({
      accepted: 3,
      milligrams: String(90_000 + 72_450 + 72_450),
      reasons: { "plausibility.too-much": 1, "plausibility.no-bounds": 1 },
    });
    expect(
      await ingest(
        "roof-pv",
        "pv-generation",
        "meter",
        "m1-jan,,M-1,2025-01-01T00:00:00+08:00,2025-02-01T00:00:00+08:00,1000,kWh",
        "m2-jan,,M-2,2025-01-01T00:00:00+08:00,,1100.5,kWh",
      ),
    ).toMatchObject({ accepted: 2, milligrams: String(2_100_500 * 525) });
    expect(
      await ingest("bike-project", "bike-fleet", "fleet", "may,,FLEET-1,2025-05-01T00:00:00+08:00,,5000,km"),
    ).toMatchObject({ accepted: 1 });
    expect(
      await ingest("old-roof", "pv-generation", "meter", "o1,,O-1,2025-01-01T00:00:00+08:00,,7,kWh"),
    ).toMatchObject({ accepted: 1 });
    expect(
      await ingest(
        "city-bikes",
        "bike",
        "fleet",
        "b1,rider-1,FLEET-1,2025-05-31T08:00:00+08:00,,3,km",
        "b2,rider-1,FLEET-1,2025-06-01T08:00:00+08:00,,3,km",
      ),
    ).toMatchObject({ accepted: 1, reasons: { "claim.project-month": 1 } });
    expect(readFileSync(city.path("city-bikes.csv.rejects"), "utf8")).toContain(
      "A project counts this asset",
    );
    expect(
      await ingest("canteens", "clean-plate", "meter", "p1,eater-1,,2025-03-01T12:00:00+08:00,,1,meal"),
    ).toMatchObject({ accepted: 1, notes: { "note.behaviour": 1 } });
  });

  it("pools acts and verified months, and neither behaviour nor an expired project", async () => {
    const period = { from: "2025-01-01", to: "2025-05-31" };
    for (const id of ["roof-pv", "bike-project", "old-roof"])
      await takeProjectStep(operator, id, {
        what: "monitor",
        ...period,
        documentHash: await hashDocument(city.path("report.pdf")),
      });
    await asRegistrar(async (registrar) => {
      const documentHash = await hashDocument(city.path("statement.pdf"));
      for (const id of ["roof-pv", "old-roof"])
        await takeProjectStep(registrar, id, { what: "verify", ...period, documentHash });
      await takeProjectStep(registrar, "old-roof", { what: "expire", why: "The roof was sold." });
    });
    const request = { region: NEWCITY, vintage: 2025 };
    await expect(closeBatch(operator, { ...request, category: "behaviour" })).rejects.toMatchObject({
      code: "closing.behaviour",
    });
    acts = await closeBatch(operator, request);
    project = await closeBatch(operator, {
      ...request,
      category: "project",
      onLeftOut: (projects) => leftOut.push(...projects),
    });
    expect([acts.leafCount, project.leafCount]).toEqual([4, 2]);
    expect(leftOut).toMatchObject([
      { project: "bike-project", code: "project.not-verified" },
      { project: "old-roof", code: "project.expired" },
    ]);
    const stored = await knownBatch(operator.db, operator.tenant, acts.batchId);
    expect(decodeManifest(stored.manifest)).toMatchObject({
      category: "act",
      scenarioClasses: { version: 3 },
      plausibility: { version: 1 },
      methodologies: expect.arrayContaining([
        expect.objectContaining({ code: "NEWCITY-FERRY", version: "1" }),
        expect.objectContaining({ code: "NEWCITY-FERRY", version: "2" }),
        expect.objectContaining({ code: "NEWCITY-BIKE" }),
      ]) as unknown[],
    });
  });

  it("is attested by verifiers in other folders once they added the same rules, and mints", async () => {
    await packageBatch(operator, { batch: acts.batchId, file: city.path("first.ndjson") });
    for (const account of [2, 3]) {
      const verifier = await city.verifier(account);
      try {
        await expect(attestPackage(verifier, { file: city.path("first.ndjson") })).rejects.toMatchObject({
          code: "attest.methodology",
        });
        for (const file of Object.keys(RULES)) await addRule(verifier, await city.file(file), RULE_KINDS);
      } finally {
        await verifier.close();
      }
    }
    await mint(acts);
    await mint(project);
    const proof = await proveAct(operator, {
      provider: providerId("roof-pv"),
      recordId: "m1-jan",
      disclose: true,
    });
    expect(await verified(proof)).toMatchObject({ facts: { batches: [{ batchId: project.batchId }] } });
  });

  it("proves an act over the change, and claims no more of its milligrams than was checked", async () => {
    const proofOf = (recordId: string) =>
      proveAct(operator, { provider: providerId("ferries"), recordId, disclose: true });
    const spanning = (await verified(await proofOf("f3"))).checked.join(" ");
    expect(spanning).toContain("but for 1 leaf whose records come to more");
    const plain = (await verified(await proofOf("f2"))).checked.join(" ");
    expect(plain).toContain("come to its milligrams.");
    expect(plain).not.toContain("whose records come to more");
  });

  it("retires where the authority recognises the city, by a rule, and nowhere else", async () => {
    await expect(retire("GD")).rejects.toMatchObject({
      code: "recognition.not-recognised",
      message: expect.stringMatching(
        /GD does not recognise credits of NEWCITY .*none of the 1 rules of its version 1 \(0x[0-9a-f]{64}\)/,
      ) as string,
    });
    const retirement = await retire("HN");
    expect(retirement.recognition).toMatchObject({
      authority: "HN",
      claimMilligrams: "90000",
      recognisedMilligrams: "90000",
    });
    const verdict = await verified(await proveRetirement(operator, retirement.retirementId));
    expect(verdict.facts.retirement?.recognition).toEqual(retirement.recognition);
    expect(verdict.facts.batches).toMatchObject([{ batchId: acts.batchId }]);
  });
});
