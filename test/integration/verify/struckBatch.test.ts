import { createPublicClient, custom, stringToHex } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { readRetirement, type ReadClient } from "../../../src/adapters/chain/readOnly.ts";
import { leavesBehind } from "../../../src/app/proofs/leavesBehind.ts";
import { listLeaves } from "../../../src/app/proofs/listLeaves.ts";
import { spanLeaves } from "../../../src/app/proofs/spanLeaves.ts";
import { proveOnChain } from "../../../src/app/proofs/proveOnChain.ts";
import { CONTRACT_NAMES, type ContractName, type Deployment } from "../../../src/base/types/deployment.ts";
import type { Address, Hex, RetirementId } from "../../../src/base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../src/base/types/retirement.ts";
import {
  adjustmentNumber,
  batchStatementOf,
  categoryNumber,
  keySchemeHash,
  type BatchStatement,
} from "../../../src/format/onchain/batchStatement.ts";
import { encodeManifest } from "../../../src/format/batch/manifest.ts";
import { methodologyIdOf } from "../../../src/format/batch/methodology.ts";
import { encodeProofFile, type ProofFile, type ProofPart } from "../../../src/format/proofs/proofFile.ts";
import { Archive } from "../../../src/format/archive/readArchive.ts";
import { retirementIdOf } from "../../../src/format/onchain/retirementRecord.ts";
import { ArchiveStream } from "../../../src/format/archive/archiveStream.ts";
import type { Trust } from "../../../src/verify/trust.ts";
import type { Verdict } from "../../../src/verify/verdict.ts";
import { verifyArchive } from "../../../src/verify/verifyArchive.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { attest, CHINA, freshSystem, type System } from "../../contracts/support/system.ts";
import {
  METHODOLOGIES,
  sampleAddress,
  sampleBatch,
  type SampleBatch,
} from "../../unit/verify/support/sampleBatch.ts";
import { actFile, actsPart, retirementFile, starts } from "../../unit/verify/support/sampleProof.ts";

/**
 * The contracts themselves: a batch is retired from, struck within its buffer, struck beyond it, suspended
 * and cured; each time it is proved anew.
 */
const CHAIN_ID = 31337;

interface Made {
  readonly system: System;
  readonly batch: SampleBatch;
  readonly archive: Archive;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly client: ReadClient;
  readonly deployment: Deployment;
  readonly record: Retirement;
}

async function deploymentOf(system: System): Promise<Deployment> {
  const { manager, participants, methodologies, batches, credit, retirements } = system;
  const known: Partial<Record<ContractName, { getAddress(): Promise<string> }>> = {
    AccessManager: manager,
    ParticipantRegistry: participants,
    MethodologyRegistry: methodologies,
    BatchRegistry: batches,
    CarbonCredit: credit,
    RetirementRegistry: retirements,
  };
  const addresses = await Promise.all(
    CONTRACT_NAMES.map(async (name) => [name, (await known[name]?.getAddress()) ?? sampleAddress(name)]),
  );
  const contracts = Object.fromEntries(
    addresses.map(([name, address]) => [name, (address as string).toLowerCase()]),
  ) as never;
  return {
    schema: "microtonne-deployment/1",
    network: "in-process",
    chainId: CHAIN_ID,
    contracts,
    block: 0,
    blockHash: "0x",
    commit: "local",
  };
}

function clientOf({ ethers }: System): ReadClient {
  const request: ReadClient["request"] = async (method, params) => ethers.provider.send(method, [...params]);
  const provider = {
    request: async (call: { method: string; params?: readonly unknown[] }) =>
      request(call.method, call.params ?? []),
  };
  const rpc = createPublicClient({ transport: custom(provider) });
  return { chainId: CHAIN_ID, finalityDepth: 0, request, ask: async (action) => action(rpc) };
}

/** Commits the batch and mints all but its buffer. */
async function issue(system: System, { manifest, batchId }: SampleBatch): Promise<void> {
  const region = stringToHex(manifest.region, { size: 8 });
  const ids = METHODOLOGIES.map(methodologyIdOf);
  for (const id of ids) await system.methodologies.publish(id, region, 0, 30_000);
  await system.batches.setKeyScheme(keySchemeHash(manifest.keyScheme), true);
  const stated = batchStatementOf(manifest, batchId, (2 ** 40) as UnixSeconds) as BatchStatement;
  const statement = {
    ...stated,
    batchId: BigInt(batchId),
    region,
    previousBatchId: 0n,
    category: categoryNumber(stated.category),
    hostCountry: stringToHex(stated.hostCountry, { size: 2 }),
    adjustment: adjustmentNumber(stated.adjustment),
    useByDay: stated.useByDay ?? 0,
    deadline: 2n ** 40n,
  };
  await system.batches.connect(system.operator).commit(statement, ids, await attest(system, statement));
  await system.batches.connect(system.operator).mint(batchId);
}

async function retire(system: System, { batchId }: SampleBatch, milligrams: bigint): Promise<RetirementId> {
  const nonce = system.ethers.id("nonce");
  const use = {
    beneficiaryHash: system.ethers.id("beneficiary"),
    documentHash: system.ethers.ZeroHash,
    purpose: 2,
    reportingYear: 2025,
  };
  await system.retirements
    .connect(system.operator)
    .retire({ ...use, nonce, country: CHINA, amounts: [{ batchId, milligrams }] });
  return retirementIdOf(system.operator.address.toLowerCase() as Address, nonce as Hex);
}

async function make(): Promise<Made> {
  const system = await freshSystem();
  const deployment = await deploymentOf(system);
  const operator = system.operator.address.toLowerCase() as Address;
  const batch = sampleBatch("struck", 60, { manifest: { contracts: deployment.contracts, operator } });
  await issue(system, batch);
  const files = new Map([["manifest.json", encodeManifest(batch.manifest)]]);
  const stream = new ArchiveStream({ write: (path, bytes) => Promise.resolve(void files.set(path, bytes)) });
  for (const leaf of batch.leaves) await stream.push(leaf);
  await stream.finish();
  const archive = new Archive(
    { read: (path) => Promise.resolve(files.get(path) as Uint8Array) },
    batch.manifest,
  );
  const client = clientOf(system);
  const id = await retire(system, batch, (starts(batch)[12] as bigint) - 3n);
  const record = (await readRetirement(client, deployment.contracts, id, 0n)) as Retirement;
  return { system, batch, archive, files, client, deployment, record };
}

let made: Made;
/** Proofs of the retirement in the states that the batch went through. */
const proofs: { file: ProofFile; trust: Trust }[] = [];

async function prove(how: "listed" | "by spans" = "listed"): Promise<ProofFile> {
  const { batch, client, deployment, record, archive } = made;
  const { block, batches } = await proveOnChain({ client, deployment }, [batch], record.retirementId);
  const [proven] = batches as [(typeof batches)[number]];
  const line = record.lines[0] as Retirement["lines"][number];
  const { ends, runs } = await leavesBehind(archive, proven, line);
  const shown =
    how === "listed"
      ? { ranges: await listLeaves(archive, runs) }
      : { spans: await spanLeaves(archive, proven, line, ends) };
  const { strikes, attesters } = proven;
  const { retirement: _, ...file } = retirementFile(
    record,
    [{ batchId: batch.batchId, manifest: batch.manifest, ...shown, strikes, attesters }],
    block,
  );
  return { ...file, retirement: { record } };
}

async function blockTrust(): Promise<Trust> {
  const { client, deployment } = made;
  const { hash } = (await client.request("eth_getBlockByNumber", ["latest", false])) as { hash: Hex };
  return { mode: "block", chainId: CHAIN_ID, contracts: deployment.contracts, blockHash: hash };
}
const rpcTrust = (): Trust => ({
  mode: "rpc",
  chainId: CHAIN_ID,
  client: made.client,
  contracts: made.deployment.contracts,
});
const check = async (file: ProofFile, trust: Trust) => verifyProof(encodeProofFile(file), trust);
const withPart = (file: ProofFile, change: Partial<ProofPart>): ProofFile => ({
  ...file,
  parts: [{ ...(file.parts[0] as ProofPart), ...change }],
});

/** Proves the batch as it stands and checks the proof in both modes; returns what the verdict says. */
async function provenNow() {
  const [file, trust] = [await prove(), await blockTrust()];
  proofs.push({ file, trust });
  const verdict = await check(file, trust);
  expect((await check(file, rpcTrust())).facts).toEqual(verdict.facts);
  await bySpans(verdict, trust);
  return { file, verdict, text: verdict.checked.join("\n") };
}

/** By spans a proof says no more than the tree; once the leaves between are read, as much as a listing. */
async function bySpans(listed: Verdict, trust: Trust): Promise<void> {
  const spanned = encodeProofFile(await prove("by spans"));
  const { facts } = await verifyProof(spanned, trust);
  expect(facts.retirement).toEqual(listed.facts.retirement);
  expect(facts.batches[0]?.spans?.leaves).toBe(listed.facts.batches[0]?.leaves);
  const source = { read: (path: string) => Promise.resolve(made.files.get(path) as Uint8Array) };
  for (const held of [trust, rpcTrust()])
    expect((await verifyProof(spanned, held, null, () => source)).facts).toEqual(listed.facts);
}

async function strike(...indexes: number[]): Promise<bigint> {
  const { system, batch } = made;
  const begins = starts(batch);
  for (const index of indexes) {
    await system.batches
      .connect(system.disputes)
      .strike(batch.batchId, index, begins[index] as bigint, begins[index + 1] as bigint);
  }
  return indexes.reduce((sum, index) => sum + (begins[index + 1] as bigint) - (begins[index] as bigint), 0n);
}

beforeAll(async () => {
  made = await make();
});

describe("a batch on the real contracts", () => {
  it("is proved with its attesters while nothing is struck", async () => {
    const { file, verdict, text } = await provenNow();
    const attesters = made.system.verifiers.slice(0, 2).map(({ address }) => address.toLowerCase());
    expect(file.parts[0]).toMatchObject({ strikes: [], attesters });
    expect(verdict.facts.batches[0]?.onChain).toMatchObject({
      status: "minted",
      attesters,
      suspension: [],
      struckMilligrams: "0",
    });
    expect(text).toContain(
      `2 verifiers attested to it, under the methodologies of its manifest: ${attesters.join(", ")}.`,
    );
    expect(file.parts[0]?.ranges).toHaveLength(1);
  });

  it("struck within its buffer, has other leaves behind the range, and those are shown", async () => {
    const size = await strike(5);
    const { file, verdict, text } = await provenNow();
    expect(file.parts[0]?.strikes).toMatchObject([{ index: 5 }]);
    expect(file.parts[0]?.ranges?.length).toBeGreaterThan(2);
    expect(text).toContain(`${size.toString()} mg of the range stand on other leaves`);
    expect(verdict.facts.batches[0]?.onChain).toMatchObject({
      struckMilligrams: size.toString(),
      shortfallMilligrams: "0",
      suspension: [],
    });
    // The last proof was of another list.
    await expect(check(proofs[0]?.file as ProofFile, rpcTrust())).rejects.toMatchObject({
      code: "verify.strikes",
    });
  });

  it("struck beyond it and ordered to stand still, is suspended for both, unbacked grams told", async () => {
    const { system, batch } = made;
    await strike(7, 9, 40, 41);
    await system.batches.connect(system.regulator).suspend(batch.batchId, 16);
    const { verdict, text } = await provenNow();
    expect(verdict.facts.batches[0]?.onChain?.suspension).toEqual(["shortfall", "order"]);
    expect(text).toContain(
      "WARNING: the batch is suspended: shortfall (more was struck than was left unminted), order (a " +
        "regulator ordered it).",
    );
    expect(BigInt(verdict.facts.retirement?.unbackedMilligrams ?? 0)).toBeGreaterThan(0n);
    const archive = await verifyArchive(
      { read: (path) => Promise.resolve(made.files.get(path) as Uint8Array) },
      rpcTrust(),
    );
    expect(archive.checked.join("\n")).toContain("WARNING: the batch is suspended: shortfall");
    expect(archive.notChecked.join("\n")).toContain(
      "Which leaves are struck: the list is not part of an archive.",
    );
  });

  it("cured by burning, has live leaves behind all of the range again", async () => {
    const { system, batch } = made;
    const { shortfallMg } = await system.batches.batchOf(batch.batchId);
    await system.batches.connect(system.operator).cureByBurning(batch.batchId, shortfallMg);
    const { verdict } = await provenNow();
    expect(verdict.facts.batches[0]?.onChain).toMatchObject({
      suspension: ["order"],
      shortfallMilligrams: "0",
    });
    expect(verdict.facts.retirement?.unbackedMilligrams).toBe("0");
  });

  it("keeps every earlier proof true of its own block", async () => {
    expect(proofs).toHaveLength(4);
    for (const { file, trust } of proofs) expect((await check(file, trust)).ok).toBe(true);
    const [, second, third] = proofs as [unknown, (typeof proofs)[0], (typeof proofs)[0]];
    await expect(check(second.file, third.trust)).rejects.toMatchObject({ code: "verify.block-hash" });
  });

  it("warns of an act that is struck", async () => {
    const { batch, client, deployment } = made;
    const { block, batches } = await proveOnChain({ client, deployment }, [batch], null);
    const [{ strikes, attesters }] = batches as [(typeof batches)[number]];
    const file: ProofFile = { ...actFile({ ...actsPart(batch, [5, 6]), strikes, attesters }), block };
    const verdict = await check(file, await blockTrust());
    expect(verdict.checked.join("\n")).toContain("WARNING: of the leaves shown, these are struck: 5.");
  });
});

describe("a list that is not the registry's", () => {
  it("of strikes is refused in both modes: reordered, cut, extended, changed, left out", async () => {
    const { file, trust } = proofs.at(-1) as (typeof proofs)[0];
    const { strikes } = file.parts[0] as ProofPart;
    const [first] = strikes as [(typeof strikes)[number]];
    const bent: ProofPart["strikes"][] = [
      [],
      strikes.slice(1),
      strikes.slice(0, -1),
      strikes.toReversed(),
      [...strikes, { ...first, index: 59 }],
      [...strikes, first],
      strikes.with(0, { ...first, index: first.index + 1 }),
      strikes.with(0, { ...first, start: (first.start - 1n) as Milligrams }),
      strikes.with(0, { ...first, end: (first.end + 1n) as Milligrams }),
    ];
    for (const list of bent) {
      const changed = withPart(file, { strikes: list });
      await expect(check(changed, trust)).rejects.toMatchObject({ code: "verify.strikes" });
      await expect(check(changed, rpcTrust())).rejects.toMatchObject({ code: "verify.strikes" });
    }
  });

  it("of attesters is refused; one that is left out is said not to be checked", async () => {
    const { file, trust } = proofs.at(-1) as (typeof proofs)[0];
    const attesters = (file.parts[0] as ProofPart).attesters ?? [];
    for (const list of [
      attesters.slice(1),
      [...attesters, sampleAddress("y")].toSorted(),
      [sampleAddress("x")],
    ]) {
      await expect(check(withPart(file, { attesters: list }), trust)).rejects.toMatchObject({
        code: "verify.provenance",
      });
      await expect(check(withPart(file, { attesters: list }), rpcTrust())).rejects.toMatchObject({
        code: "verify.provenance",
      });
    }
    const { attesters: _, ...part } = file.parts[0] as ProofPart;
    const verdict = await check({ ...file, parts: [part] }, trust);
    expect(verdict.facts.batches[0]?.onChain?.attesters).toBeNull();
    expect(verdict.notChecked.join("\n")).toContain("the file does not name the attesters");
  });

  it("is never written: a node that forgot the events is refused before", async () => {
    const { batch, client, deployment } = made;
    const later = { ...deployment, block: Number(await client.request("eth_blockNumber", [])) };
    await expect(proveOnChain({ client, deployment: later }, [batch], null)).rejects.toMatchObject({
      code: "prove.strikes",
    });
    const fresh = await make();
    const head = Number(await fresh.client.request("eth_blockNumber", []));
    await expect(
      proveOnChain(
        { client: fresh.client, deployment: { ...fresh.deployment, block: head } },
        [fresh.batch],
        null,
      ),
    ).rejects.toMatchObject({ code: "prove.attesters" });
  });
});

describe("a batch struck in a block that is not final yet", () => {
  it("is proved with the strikes up to the proof's block and no later ones", async () => {
    const { batch, client, deployment } = made;
    await strike(50);
    const careful = { ...client, finalityDepth: 1 };
    const before = await proveOnChain({ client: careful, deployment }, [batch], null);
    const now = await proveOnChain({ client, deployment }, [batch], null);
    const listed = [before, now].map(({ batches }) => batches[0]?.strikes.map(({ index }) => index));
    expect(listed).toEqual([
      [5, 7, 9, 40, 41],
      [5, 7, 9, 40, 41, 50],
    ]);
  });
});
