import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { archiveFolder } from "../../../src/adapters/archive/archiveFolder.ts";
import { describeBatch, describeBatches } from "../../../src/app/batches/describeBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { proveAct } from "../../../src/app/proofs/proveAct.ts";
import { proveRetirement } from "../../../src/app/proofs/proveRetirement.ts";
import { retireCredits } from "../../../src/app/retirements/retireCredits.ts";
import { attestBatch } from "../../../src/app/attest/attestBatch.ts";
import { openVerifier } from "../../../src/app/attest/openVerifier.ts";
import { knownBatch } from "../../../src/adapters/storage/batches/knownBatch.ts";
import { parseTonnes } from "../../../src/base/lib/mass.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { batchId, providerId, retirementId } from "../../../src/base/lib/ids.ts";
import { decodeProofFile } from "../../../src/format/proofs/proofFile.ts";
import { decodeManifest, encodeManifest } from "../../../src/format/batch/manifest.ts";
import { decodeDeployment } from "../../../src/format/onchain/deployment.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { fromHex, toHex } from "../../../src/base/lib/bytes.ts";
import { proveFromArchive, verifyArchive, verifyProof, type Trust } from "../../../src/verify/index.ts";
import { longerClassLists } from "../../unit/format/batch/support/longerClassLists.ts";
import { layOutOldFolder, OLD_FILES } from "./support/oldFolder.ts";

const BATCH = batchId("0x3e507e855a24b1ffc2ce6cc51d8d7b2eaf8bc2411ca15df38e61c4c10ef72293");
const RETIREMENT = retirementId("0xce890f534ea2cf84d1bbcec9c17d140b4c3c47023fd2b1d4dc6c0559b4af0e33");
/** Of the block that both proof files stand on. */
const BLOCK_HASH = "0xd304c1964b8e2c57885e34d7a7e0df65e477c36dd39284aa76f552fdd3541add";
const file = (name: string): Uint8Array => readFileSync(join(OLD_FILES, name));
const deployment = decodeDeployment(file("deployment.json"));
const { chainId, contracts } = deployment;
const archive = () => archiveFolder(join(OLD_FILES, "archive")).reader(BATCH);

describe("files of the version that wrote the first format", () => {
  const byBlock: Trust = { mode: "block", chainId, contracts, blockHash: BLOCK_HASH };

  it.each(["act.proof.json", "retirement.proof.json"])("%s verifies against its block", async (name) => {
    const bytes = file(name);
    expect(toHex(keccak(fromHex(decodeProofFile(bytes).block?.header ?? "0x")))).toBe(BLOCK_HASH);
    const verdict = await verifyProof(bytes, byBlock);
    expect(verdict).toMatchObject({
      ok: true,
      mode: "block",
      facts: {
        batches: [
          {
            batchId: BATCH,
            format: "microtonne-batch/1",
            terms: { category: "act", placeOfActs: null, title: null },
            leafCount: 36,
            onChain: { status: "minted", retiredMilligrams: "10000000" },
          },
        ],
      },
    });
    expect(verdict.checked.join(" ")).not.toContain("inventory");
  });

  it("the archive verifies, and gives proofs that do", async () => {
    const trust: Trust = { mode: "deployment", chainId, contracts };
    await expect(verifyArchive(archive(), trust)).resolves.toMatchObject({ ok: true });
    const proof = await proveFromArchive(archive(), { index: 35 });
    await expect(verifyProof(proof, { mode: "root", batches: [{ batchId: BATCH }] })).resolves.toMatchObject({
      facts: { batches: [{ leaves: 1 }] },
    });
  });

  it("stay valid after a class was appended to the list", async () => {
    // What failed before: readers compared a manifest's list with the one that they have.
    const later = longerClassLists({ code: 9, name: "tram", unit: "km" });
    await expect(verifyArchive(archive(), null, undefined, later)).resolves.toMatchObject({ ok: true });
    for (const name of ["act.proof.json", "retirement.proof.json"])
      await expect(verifyProof(file(name), byBlock, null, null, later)).resolves.toMatchObject({ ok: true });
    const proof = await proveFromArchive(archive(), { index: 0 }, null, later);
    await expect(verifyProof(proof, null, null, null, later)).resolves.toMatchObject({ ok: true });
  });

  it("has a manifest that is written again byte for byte", () => {
    const bytes = file(`archive/${BATCH.slice(2)}/manifest.json`);
    expect(encodeManifest(decodeManifest(bytes))).toEqual(new Uint8Array(bytes));
  });
});

describe("a data folder of the version that wrote the first format", () => {
  let folder: string;
  let context: Context;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-old-"));
    await layOutOldFolder(folder);
    context = await openContext({
      config: parseConfig({ MICROTONNE_TENANT: "old-city" }, { folder }),
      log: createLog("warn"),
      clock: systemClock,
      randomness: systemRandomness,
    });
  });
  afterAll(async () => {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("opens, and shows its batch", async () => {
    expect(await describeBatches(context)).toHaveLength(1);
    expect(await describeBatch(context, "0x3e50")).toMatchObject({
      batchId: BATCH,
      state: "minted",
      format: "microtonne-batch/1",
      terms: { category: "act", hostCountry: null, projects: [] },
      leafCount: 36,
      totalMilligrams: "21403200",
      retiredMilligrams: "10000000",
    });
  });

  it("gives proofs that verify against the old deployment's registries", async () => {
    const act = await proveAct(context, {
      provider: providerId("city-metro"),
      recordId: "ride-30",
      disclose: true,
    });
    const retirement = await proveRetirement(context, RETIREMENT);
    for (const proof of [act, retirement]) {
      const header = fromHex(decodeProofFile(proof).block?.header ?? "0x");
      const trust: Trust = { mode: "block", chainId, contracts, blockHash: toHex(keccak(header)) };
      await expect(verifyProof(proof, trust)).resolves.toMatchObject({ ok: true, mode: "block" });
    }
    const [part] = decodeProofFile(act).parts;
    expect(part?.acts?.[0]?.disclosed?.records).toHaveLength(1);
  });

  it("retires there, and proves it", async () => {
    const done = await retireCredits(context, {
      amount: parseTonnes("0.000123"),
      purpose: "event-neutrality",
      beneficiary: { name: "Spring run", lei: null },
      use: null,
      reportingYear: 2026,
      country: "CN",
      batch: null,
      reference: "2026-spring",
    });
    expect(done).toMatchObject({ state: "final", milligrams: "123000" });
    const proof = await proveRetirement(context, done.retirementId);
    const header = fromHex(decodeProofFile(proof).block?.header ?? "0x");
    await expect(
      verifyProof(proof, { mode: "block", chainId, contracts, blockHash: toHex(keccak(header)) }),
    ).resolves.toMatchObject({ facts: { batches: [{ onChain: { retiredMilligrams: "10123000" } }] } });
  });

  it("does not attest a batch of that format again", async () => {
    const chain = await context.chain();
    const verifier = await openVerifier(context, chain, chain.operator);
    const { manifest } = await knownBatch(context.db, context.tenant, BATCH);
    const none = (async function* () {
      yield* await Promise.resolve([]);
    })();
    await expect(
      attestBatch(verifier, {
        manifestBytes: manifest,
        leaves: none,
        deadline: 2_000_000_000 as UnixSeconds,
      }),
    ).rejects.toMatchObject({ code: "attest.old-format" });
  });
});
