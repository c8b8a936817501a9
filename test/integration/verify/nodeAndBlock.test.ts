import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil, type EmbeddedChain } from "../../../src/adapters/chain/startAnvil.ts";
import { proveAtBlock, type BlockProof } from "../../../src/adapters/chain/proveAtBlock.ts";
import { connectChain, type ChainClient } from "../../../src/adapters/chain/readOnly.ts";
import type { Address, Hex } from "../../../src/base/types/ids.ts";
import { encodeManifest } from "../../../src/format/batch/manifest.ts";
import { encodeProofFile } from "../../../src/format/proofs/proofFile.ts";
import { ArchiveStream } from "../../../src/format/archive/archiveStream.ts";
import type { Trust } from "../../../src/verify/trust.ts";
import { verifyArchive } from "../../../src/verify/verifyArchive.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { CHAIN_ID, CONTRACTS, sampleAddress, sampleBatch } from "../../unit/verify/support/sampleBatch.ts";
import {
  actFile,
  actsPart,
  partUnder,
  retirementFile,
  sampleRetirement,
} from "../../unit/verify/support/sampleProof.ts";
import { askedFor, batchWords, retirementWord, type Words } from "../../unit/verify/support/sampleState.ts";

/**
 * A real node whose storage holds what the registries would write: what is tested is that its tries and its
 * answers verify.
 */
const batch = sampleBatch("node", 20);
const unknown = sampleBatch("unknown", 4);
const total = batch.tree.total;
const record = sampleRetirement([{ batch, start: 0n, end: total / 3n }]);
const parts = [partUnder(batch, 0n, total / 3n)];

let folder: string;
let chain: EmbeddedChain;
let client: ChainClient;
let proof: BlockProof;

async function store(address: Address, words: Words): Promise<void> {
  for (const [slot, word] of words) await client.request("anvil_setStorageAt", [address, slot, word]);
}
const rpc = (change: Partial<Trust & { mode: "rpc" }> = {}): Trust => ({
  mode: "rpc",
  client,
  chainId: CHAIN_ID,
  contracts: CONTRACTS,
  ...change,
});
const block = (change: Partial<Trust & { mode: "block" }> = {}): Trust => ({
  mode: "block",
  chainId: CHAIN_ID,
  contracts: CONTRACTS,
  blockHash: proof.blockHash,
  ...change,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-verify-"));
  chain = await startAnvil({ folder });
  client = await connectChain({ rpcUrl: chain.rpcUrl, chainId: chain.chainId });
  for (const address of [CONTRACTS.BatchRegistry, CONTRACTS.RetirementRegistry])
    await client.request("anvil_setCode", [address, "0x00"]);
  await store(CONTRACTS.BatchRegistry, batchWords(batch));
  await store(CONTRACTS.RetirementRegistry, retirementWord(record));
  await client.request("evm_mine", []);
  proof = await proveAtBlock(client, askedFor([batch], record.retirementId));
});
afterAll(async () => {
  await chain.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a node's own proofs", () => {
  it("verify offline against the block's hash, words that were never written among them", async () => {
    const verdict = await verifyProof(
      encodeProofFile(retirementFile(record, parts, proof.evidence)),
      block(),
    );
    expect(verdict.facts.block?.number).toBe(proof.blockNumber.toString());
    expect(verdict.facts.batches[0]?.onChain?.status).toBe("minted");
  });

  it("show that a batch is not there", async () => {
    const { evidence, blockHash } = await proveAtBlock(client, askedFor([unknown], null), proof.blockNumber);
    const file = encodeProofFile({ ...actFile(actsPart(unknown, [1])), block: evidence });
    await expect(verifyProof(file, block({ blockHash }))).rejects.toMatchObject({
      code: "verify.not-committed",
    });
  });

  it("of an older block don't verify against a newer one", async () => {
    await client.request("evm_mine", []);
    const newer = (await client.request("eth_getBlockByNumber", ["latest", false])) as { hash: Hex };
    const file = encodeProofFile(retirementFile(record, parts, proof.evidence));
    await expect(verifyProof(file, block({ blockHash: newer.hash }))).rejects.toMatchObject({
      code: "verify.block-hash",
    });
  });
});

describe("a node that the verifier trusts", () => {
  it("answers for a retirement, an act and a whole archive", async () => {
    const file = encodeProofFile(retirementFile(record, parts, proof.evidence));
    const verdict = await verifyProof(file, rpc());
    expect(verdict.mode).toBe("rpc");
    expect(verdict.notChecked.join(" ")).toContain("The block proof in the file was not looked at");
    expect(
      (await verifyProof(encodeProofFile(actFile(actsPart(batch, [3]))), rpc())).facts.block,
    ).not.toBeNull();

    const files = new Map([["manifest.json", encodeManifest(batch.manifest)]]);
    const stream = new ArchiveStream({
      write: (path, bytes) => Promise.resolve(void files.set(path, bytes)),
    });
    for (const leaf of batch.leaves) await stream.push(leaf);
    await stream.finish();
    const archive = await verifyArchive(
      { read: (path) => Promise.resolve(files.get(path) as Uint8Array) },
      rpc(),
    );
    expect(archive.checked.at(-1)).toContain(
      "the batch registry of your deployment keeps this batch as minted",
    );
  });

  it("refuses a batch and a retirement that it does not know", async () => {
    const other = sampleRetirement([{ batch, start: 0n, end: total / 3n }], "other");
    await expect(verifyProof(encodeProofFile(retirementFile(other, parts)), rpc())).rejects.toMatchObject({
      code: "verify.retirement-unknown",
    });
    await expect(verifyProof(encodeProofFile(actFile(actsPart(unknown, [1]))), rpc())).rejects.toMatchObject({
      code: "verify.not-committed",
    });
  });

  it("is refused where it is on another chain than the deployment", async () => {
    const elsewhere = sampleBatch("node", 20, { manifest: { chainId: "5" } });
    const file = encodeProofFile({ ...actFile(actsPart(elsewhere, [1])), chainId: "5" });
    await expect(verifyProof(file, rpc({ chainId: 5 }))).rejects.toMatchObject({ code: "verify.chain" });
    await expect(verifyProof(file, rpc())).rejects.toMatchObject({ code: "verify.chain" });
  });

  it("is asked at the deployment's contracts and at no others", async () => {
    const contracts = { ...CONTRACTS, BatchRegistry: sampleAddress("another") };
    const elsewhere = sampleBatch("node", 20, { manifest: { contracts } });
    const file = encodeProofFile(actFile(actsPart(elsewhere, [1])));
    await expect(verifyProof(file, rpc())).rejects.toMatchObject({ code: "verify.contracts" });
    await expect(verifyProof(file, rpc({ contracts }))).rejects.toMatchObject({
      code: "verify.not-committed",
    });
  });

  it("is asked at its newest final block: what is newer does not count yet", async () => {
    const late = sampleRetirement([{ batch, start: 0n, end: total / 3n }], "late");
    // anvil counts a word that is set to the block that is newest then.
    await store(CONTRACTS.RetirementRegistry, retirementWord(late));
    await client.request("evm_mine", []);
    const file = encodeProofFile(retirementFile(late, parts));
    const careful = await connectChain({ rpcUrl: chain.rpcUrl, chainId: CHAIN_ID, finalityDepth: 2 });
    await expect(verifyProof(file, rpc({ client: careful }))).rejects.toMatchObject({
      code: "verify.retirement-unknown",
    });
    await client.request("evm_mine", []);
    expect((await verifyProof(file, rpc({ client: careful }))).ok).toBe(true);
  });
});
