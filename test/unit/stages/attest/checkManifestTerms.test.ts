import { describe, expect, it } from "vitest";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { dayText, yearOfDay } from "../../../../src/base/lib/time/calendar.ts";
import { localDay } from "../../../../src/base/lib/time/zone.ts";
import type { Deployment } from "../../../../src/base/types/deployment.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { batchStatementOf, statementDigest } from "../../../../src/format/onchain/batchStatement.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { batchIdOf, decodeManifest, type Manifest2 } from "../../../../src/format/batch/manifest.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import {
  verificationHash,
  type VerificationStatement,
} from "../../../../src/format/batch/verificationStatement.ts";
import type { Attestation } from "../../../../src/stages/attest/attestation.ts";
import { checkKeyScheme } from "../../../../src/stages/attest/checkKeyScheme.ts";
import { checkManifestTerms, type KnownTerms } from "../../../../src/stages/attest/checkManifestTerms.ts";
import { checkStatement } from "../../../../src/stages/attest/checkStatement.ts";
import { toldCodeOf, vectors } from "../../format/support/vectors.ts";

const bytes = utf8((vectors("batch") as { manifest: string }).manifest);
const manifest = decodeManifest(bytes) as Manifest2;
const OTHER = `0x${"11".repeat(32)}` as const;
const deployment: Deployment = {
  schema: "microtonne-deployment/1",
  network: "sample",
  chainId: Number(manifest.chainId),
  contracts: manifest.contracts,
  block: 1,
  blockHash: OTHER,
  commit: "local",
};
const known: KnownTerms = {
  deployment,
  local: true,
  knowsMethodology: () => true,
  withdrawnAt: () => null,
  classLists: SHIPPED_CLASS_LISTS,
  plausibility: manifest.plausibility,
  head: manifest.previousBatchId,
  verification: null,
};
const statement: VerificationStatement = {
  schema: "microtonne-verification/1",
  body: "Assurance Ltd",
  date: dayText(localDay(manifest.vintage.timeZone, manifest.createdAt)),
  operator: manifest.operator,
  region: manifest.region,
  vintage: yearOfDay(manifest.vintage.startDay),
  category: "act",
  level: "reasonable",
  opinion: "unmodified",
  documentHash: OTHER,
};
const { level, opinion } = statement;
const verification = { statementHash: verificationHash(statement), level, opinion };
const termsOf = (change: Partial<KnownTerms>, of: Partial<Manifest2> = {}) =>
  toldCodeOf(() => checkManifestTerms({ ...manifest, ...of }, { ...known, ...change }));

describe("the terms of a manifest", () => {
  it("are agreed to where all of them are the verifier's own", () => {
    expect(termsOf({})).toBe("accepted");
  });

  it("are refused by name where one differs", () => {
    const elsewhere = { ...deployment.contracts, CarbonCredit: `0x${"11".repeat(20)}` as const };
    const [methodology] = manifest.methodologies;
    expect(termsOf({ deployment: { ...deployment, chainId: 1 } })).toBe("attest.chain");
    expect(termsOf({ deployment: { ...deployment, contracts: elsewhere } })).toBe("attest.contracts");
    expect(termsOf({ knowsMethodology: (id) => !methodology || id !== methodologyIdOf(methodology) })).toBe(
      "attest.methodology",
    );
    const withdrawnAt = (seconds: number) => () => (manifest.createdAt + seconds) as UnixSeconds;
    expect(termsOf({ withdrawnAt: withdrawnAt(0) })).toBe("attest.withdrawn-methodology");
    expect(termsOf({ withdrawnAt: withdrawnAt(0), knowsMethodology: () => false })).toBe(
      "attest.withdrawn-methodology",
    );
    expect(termsOf({ withdrawnAt: withdrawnAt(1) })).toBe("accepted");
    expect(termsOf({ withdrawnAt: withdrawnAt(1), knowsMethodology: () => false })).toBe(
      "attest.withdrawn-methodology",
    );
    expect(termsOf({ head: OTHER as never })).toBe("attest.previous");
    const scenarioClasses = { ...manifest.scenarioClasses, hash: OTHER };
    expect(termsOf({}, { scenarioClasses })).toBe("attest.scenario-classes");
    const later = { ...manifest.scenarioClasses, version: manifest.scenarioClasses.version + 1 };
    expect(termsOf({}, { scenarioClasses: later })).toBe("attest.scenario-classes");
    expect(termsOf({ plausibility: { ...manifest.plausibility, hash: OTHER } })).toBe("attest.plausibility");
    expect(termsOf({ plausibility: { ...manifest.plausibility, version: 2 } })).toBe("attest.plausibility");
  });

  it("may name contracts that the deployment file does not have, and the other way round", () => {
    const more = { ...manifest.contracts, PledgeRegistry: `0x${"12".repeat(20)}` as const };
    expect(termsOf({}, { contracts: more })).toBe("accepted");
    expect(termsOf({ deployment: { ...deployment, contracts: more } })).toBe("accepted");
    const moved = { ...more, PledgeRegistry: `0x${"13".repeat(20)}` as const };
    expect(termsOf({ deployment: { ...deployment, contracts: more } }, { contracts: moved })).toBe(
      "attest.contracts",
    );
  });

  it("are of a batch that can be committed: of acts or projects, in the newest format", () => {
    expect(termsOf({}, { category: "behaviour" })).toBe("attest.behaviour");
    const old = decodeManifest(utf8((vectors("v1/batch") as { manifest: string }).manifest));
    expect(toldCodeOf(() => checkManifestTerms(old, known))).toBe("attest.old-format");
  });

  it("name a verification statement wherever the network is not local", () => {
    expect(termsOf({ local: true }, { verification: null })).toBe("accepted");
    expect(termsOf({ local: false }, { verification: null })).toBe("attest.verification");
    expect(termsOf({ local: false, verification: statement }, { verification })).toBe("accepted");
    expect(termsOf({ local: true }, { verification })).toBe("accepted");
  });

  it("name the verification statement that the verifier has from the body, as it stands there", () => {
    expect(termsOf({ local: false }, { verification })).toBe("attest.verification-unknown");
    const held = (ours: VerificationStatement, named: Partial<typeof verification> = {}) =>
      termsOf({ local: true, verification: ours }, { verification: { ...verification, ...named } });
    expect(held(statement)).toBe("accepted");
    expect(held({ ...statement, body: "Somebody else" })).toBe("attest.verification-differs");
    expect(held(statement, { level: "limited" })).toBe("attest.verification-differs");
    expect(held(statement, { opinion: "qualified" })).toBe("attest.verification-differs");
    for (const other of [
      { vintage: statement.vintage + 1 },
      { category: "project" as const },
      { operator: `0x${"11".repeat(20)}` as const },
      { date: "9999-12-31" },
    ]) {
      const change = { ...statement, ...other };
      expect(held(change, { statementHash: verificationHash(change) })).toBe("attest.verification-differs");
    }
  });

  it("have no providers whose signatures this version can't check", () => {
    const [first, ...others] = manifest.providers;
    const signed = {
      id: (first as NonNullable<typeof first>).id,
      name: "Signs by SM2",
      algorithm: "sm2-sm3",
      signingKey: `0x04${"11".repeat(64)}`,
      validFrom: 0 as UnixSeconds,
      validTo: null,
    } as const;
    expect(termsOf({}, { providers: [signed, ...others] })).toBe("attest.signature-algorithm");
  });

  it("count test methodologies on a local network alone", () => {
    const test = manifest.methodologies.map((one) => ({ ...one, code: `TEST-${one.code}` }));
    expect(termsOf({ local: true }, { methodologies: test })).toBe("accepted");
    expect(termsOf({ local: false }, { methodologies: test })).toBe("attest.test-methodology");
  });

  it("are those of our key service", () => {
    expect(toldCodeOf(() => checkKeyScheme(manifest, manifest.keyScheme))).toBe("accepted");
    const other = manifest.keyScheme.map((year) => ({ ...year, dedupe: OTHER }));
    expect(toldCodeOf(() => checkKeyScheme(manifest, other))).toBe("attest.key-scheme");
  });
});

describe("attestations that an operator was handed", () => {
  const batchId = batchIdOf(bytes);
  const deadline = 1_800_000_000 as UnixSeconds;
  const digest = statementDigest(
    batchStatementOf(manifest, batchId, deadline),
    deployment.chainId,
    deployment.contracts.BatchRegistry,
  );
  const attestation = (change: Partial<Attestation> = {}): Attestation => ({
    format: "microtonne-attestation/1",
    batchId,
    deadline: String(deadline),
    digest,
    verifier: `0x${"22".repeat(20)}`,
    signature: `0x${"33".repeat(65)}`,
    ...change,
  });
  const checked = (...attestations: Attestation[]) =>
    toldCodeOf(() => checkStatement(manifest, batchId, deployment, attestations));

  it("are over the batch's statement on this chain, each of them", () => {
    expect(checked(attestation(), attestation())).toBe("accepted");
    for (const change of [{ digest: OTHER }, { deadline: String(deadline + 1) }])
      expect(checked(attestation(), attestation(change))).toBe("quorum.statement");
    expect(
      toldCodeOf(() => checkStatement(manifest, batchId, { ...deployment, chainId: 1 }, [attestation()])),
    ).toBe("quorum.statement");
  });
});
