import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBatch, listBatches, type StoredBatch } from "../../../src/adapters/storage/batches/batches.ts";
import { attestBatch, type Verifier } from "../../../src/app/attest/attestBatch.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { openVerifier } from "../../../src/app/attest/openVerifier.ts";
import { openPackage } from "../../../src/app/attest/openPackage.ts";
import { packageBatch } from "../../../src/app/batches/packageBatch.ts";
import { proveAct } from "../../../src/app/proofs/proveAct.ts";
import { manifestProviders } from "../../../src/app/providers/manifestProviders.ts";
import { addProviderKey } from "../../../src/app/providers/addProviderKey.ts";
import { fromHex } from "../../../src/base/lib/bytes.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import type { ConfidentialLeaf } from "../../../src/base/types/confidentialLeaf.ts";
import type { ProviderKey } from "../../../src/base/types/providerKey.ts";
import { decodeManifest, encodeManifest } from "../../../src/format/batch/manifest.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { DAY, ingest, rides, sign, signingProvider, TODAY, type SigningProvider } from "./support/signing.ts";
import { setBatchState } from "../../../src/adapters/storage/batches/setBatchState.ts";
import { decideBatchStep } from "../../../src/stages/pool/decideBatchStep.ts";

const bare = ({ subjectKey, salt, records }: ConfidentialLeaf): ConfidentialLeaf => ({
  subjectKey,
  salt,
  records,
});
const DEADLINE = 2_000_000_000 as never;

describe("a batch of signed records", () => {
  let place: Place;
  let context: Context;
  let batch: StoredBatch;
  let verifier: Verifier;
  let first: SigningProvider;
  let second: SigningProvider;
  let packageFile: string;
  const attest = async (
    change: Partial<Verifier> = {},
    edit: (leaf: ConfidentialLeaf, index: number) => ConfidentialLeaf = (leaf) => leaf,
  ) => {
    const { manifestBytes, leaves } = await openPackage(packageFile);
    let counts: unknown = null;
    let index = 0;
    async function* edited(): AsyncIterable<ConfidentialLeaf[]> {
      for await (const group of leaves) yield group.map((leaf) => edit(leaf, index++));
    }
    await attestBatch(
      { ...verifier, ...change },
      { manifestBytes, leaves: edited(), deadline: DEADLINE, onSignatures: (told) => (counts = told) },
    );
    return counts;
  };
  const keyOf = (provider: SigningProvider, id: string): ProviderKey => ({
    provider: providerId(id),
    publicKey: fromHex(provider.publicKey),
    validFrom: 0 as never,
    validTo: null,
    required: true,
    revocation: null,
  });

  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
    const write = async (name: string, text: string) => {
      await writeFile(join(place.folder, name), text);
      return join(place.folder, name);
    };
    // Two files of one provider under two keys, one of a provider that signs some, one of a provider that
    // never does.
    first = await signingProvider(context, place.folder, "metro", { validTo: TODAY + DAY });
    second = await signingProvider(context, place.folder, "metro", {
      name: "metro-2",
      validFrom: TODAY + DAY,
    });
    const morning = await write("metro-1.csv", rides(300, "m"));
    await sign(context, first, morning);
    await ingest(context, first, morning);
    const evening = await write("metro-2.csv", rides(7, "e"));
    await sign(context, second, evening, { signedAt: TODAY + DAY });
    await ingest(context, first, evening, { now: TODAY + DAY });
    const partly = await signingProvider(context, place.folder, "partly", { required: false });
    const signed = await write("partly-1.csv", rides(3, "p"));
    await sign(context, partly, signed);
    await ingest(context, partly, signed);
    await ingest(context, partly, await write("partly-2.csv", rides(2, "q")), { signature: null });
    const never = await signingProvider(context, place.folder, "never", { add: false });
    await ingest(context, never, await write("never.csv", rides(2, "n")));

    const closed = await closeBatch(context, { region: regionCode("WUHAN"), vintage: 2025 });
    batch = (await findBatch(context.db, context.tenant, closed.batchId)) as StoredBatch;
    packageFile = join(place.folder, "package.ndjson");
    await packageBatch(context, { batch: batch.batchId, file: packageFile });
    const chain = await context.chain();
    verifier = await openVerifier(context, chain, chain.verifiers[2] as Verifier["signer"]);
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("names in its manifest the newest key of a provider that signed all, none of a partial one", () => {
    const { providers } = decodeManifest(batch.manifest);
    expect(providers).toMatchObject([
      {
        id: "metro",
        algorithm: "ed25519",
        signingKey: second.publicKey,
        validFrom: TODAY + DAY,
        validTo: null,
      },
      { id: "never", algorithm: "none", signingKey: null },
      { id: "partly", algorithm: "none", signingKey: null },
    ]);
  });

  it("is attested with each signature checked, the older key's by the verifier's own book", async () => {
    expect(await attest()).toEqual({ signed: 310, unattributed: 0, unsigned: 4 });
    const own = [keyOf(first, "metro"), keyOf(second, "metro")];
    expect(await attest({ signingKeys: own })).toEqual({ signed: 307, unattributed: 3, unsigned: 4 });
    await expect(attest({ signingKeys: [] })).rejects.toMatchObject({
      code: "attest.signing-key",
      remedy: { act: "add-provider-key" },
    });
    await expect(attest({ signingKeys: [keyOf(second, "metro")] })).rejects.toMatchObject({
      code: "attest.signing-key",
    });
  });

  it("is refused where a signature is missing, exchanged or changed", async () => {
    const signedLeaf = (leaf: ConfidentialLeaf) => leaf.records[0]?.provider === "metro";
    const other: Uint8Array[] = [];
    await expect(attest({}, bare)).rejects.toMatchObject({ code: "attest.signature-missing" });
    const flipped = (leaf: ConfidentialLeaf) =>
      signedLeaf(leaf)
        ? {
            ...leaf,
            signatures: (leaf.signatures ?? []).map((bytes) =>
              bytes.map((byte, i) => (i === 250 ? byte ^ 1 : byte)),
            ),
          }
        : leaf;
    await expect(attest({}, flipped)).rejects.toMatchObject({ code: "attest.signature" });
    const exchanged = (leaf: ConfidentialLeaf) => {
      if (!signedLeaf(leaf) || leaf.records.length > 1) return leaf;
      other.push(...(leaf.signatures ?? []));
      return { ...leaf, signatures: [other[0] as Uint8Array] };
    };
    await expect(attest({}, exchanged)).rejects.toMatchObject({ code: "attest.signature" });
  });

  it("is refused where the manifest calls a provider unsigned that the verifier knows to sign", async () => {
    const manifest = decodeManifest(batch.manifest);
    const providers = manifest.providers.map(({ id, name }) => ({
      id,
      name,
      algorithm: "none" as const,
      signingKey: null,
      validFrom: null,
      validTo: null,
    }));
    const { leaves } = await openPackage(packageFile);
    async function* stripped(): AsyncIterable<ConfidentialLeaf[]> {
      for await (const group of leaves) yield group.map(bare);
    }
    const request = {
      manifestBytes: encodeManifest({ ...manifest, providers }),
      leaves: stripped(),
      deadline: DEADLINE,
    };
    await expect(
      attestBatch({ ...verifier, signingKeys: [keyOf(first, "metro")] }, request),
    ).rejects.toMatchObject({
      code: "attest.signature-missing",
    });
  });

  it("proves one act with its signature, without the rest of its file", async () => {
    await mintBatch(context, { batch: batch.batchId, attestations: null });
    const verdictOf = async (provider: string, recordId: string, disclose = true) => {
      const bytes = await proveAct(context, { provider: providerId(provider), recordId, disclose });
      return {
        bytes,
        verdict: await verifyProof(bytes, { mode: "root", batches: [{ batchId: batch.batchId }] }),
      };
    };
    const newer = await verdictOf("metro", "e3");
    expect(newer.verdict.checked.join(" ")).toContain(
      "1 disclosed record is signed by its provider with the key that the manifest names",
    );
    const older = await verdictOf("metro", "m299");
    expect(older.verdict.checked.join(" ")).toContain(`(${first.keyId})`);
    expect(older.verdict.notChecked.join(" ")).toContain("Whose keys these are");
    expect(JSON.stringify((await verdictOf("never", "n1")).verdict)).not.toMatch(/signed with|signed by/);
    const closed = await verdictOf("metro", "e3", false);
    expect(new TextDecoder().decode(closed.bytes)).not.toContain('"signatures"');
  });

  it("gives nobody's name, nonce or file salt to verifiers or into a proof", async () => {
    const salts = await Promise.all(
      ["metro-1.csv", "metro-2.csv", "partly-1.csv"].map(async (name) => {
        const { fileSalt } = JSON.parse(await readFile(join(place.folder, `${name}.sig.json`), "utf8")) as {
          fileSalt: string;
        };
        return fileSalt.slice(2);
      }),
    );
    const proof = new TextDecoder().decode(
      await proveAct(context, { provider: providerId("metro"), recordId: "m4", disclose: true }),
    );
    const shared = `${await readFile(packageFile, "utf8")}\n${proof}`;
    expect(shared).not.toContain("person");
    for (const salt of salts) expect(shared).not.toContain(salt);
  });

  it("can't be spoiled by a key that would make its open acts unsigned ones", async () => {
    const late = {
      provider: providerId("late"),
      publicKey: first.publicKey,
      validTo: null,
      validFrom: (TODAY - 400 * DAY) as never,
    };
    const file = join(place.folder, "late.csv");
    await writeFile(file, rides(2, "l"));
    const { profile } = await signingProvider(context, place.folder, "late", { add: false });
    await ingest(context, { profile }, file);
    await expect(addProviderKey(context, { ...late, required: true })).rejects.toMatchObject({
      code: "provider-key.unsigned-acts",
    });
    // Nor one whose commit is under way: it may still fail, and the batch be sealed again.
    const closed = await closeBatch(context, { region: regionCode("WUHAN"), vintage: 2025 });
    const begun = { kind: "begun", step: "commit" } as const;
    await setBatchState(context.db, context.tenant, closed.batchId, begun, decideBatchStep);
    await expect(addProviderKey(context, { ...late, required: true })).rejects.toMatchObject({
      code: "provider-key.unsigned-acts",
    });
    const shown = { kind: "shown", state: "committed" } as const;
    await setBatchState(context.db, context.tenant, closed.batchId, shown, decideBatchStep);
    await expect(addProviderKey(context, { ...late, required: true })).resolves.toMatchObject({
      required: true,
    });
  });

  it("may be joined by a key that is optional whatever is open", async () => {
    const late = {
      provider: providerId("later"),
      publicKey: first.publicKey,
      validTo: null,
      validFrom: (TODAY - 400 * DAY) as never,
    };
    await expect(addProviderKey(context, { ...late, required: false })).resolves.toMatchObject({
      required: false,
    });
  });

  it("that the chain has lost is asked for again, not minted", async () => {
    const batches = await listBatches(context.db, context.tenant);
    const lost = batches.find(({ state }) => state === "committed")?.batchId ?? "none";
    await expect(mintBatch(context, { batch: lost, attestations: null })).rejects.toMatchObject({
      code: "mint.not-committed",
      message: `The chain does not show batch ${lost}. Run the command again.`,
    });
  });

  it("needs its keys and digests where the database has lost them", async () => {
    const { db, tenant } = context;
    await db.query("DELETE FROM provider_keys WHERE tenant = $1 AND provider = 'metro'", [tenant]);
    const metro = { id: providerId("metro"), name: "Metro" };
    await expect(manifestProviders(context, batch.closingId, [metro])).rejects.toMatchObject({
      code: "provider-key.lost",
      message: expect.stringMatching(/^Records of metro are signed .* Restore it\.$/) as unknown,
    });
    await db.query("DELETE FROM signed_file_bundles WHERE tenant = $1", [tenant]);
    await db.query("DELETE FROM signed_files WHERE tenant = $1", [tenant]);
    const file = join(place.folder, "lost.ndjson");
    await expect(packageBatch(context, { batch: batch.batchId, file })).rejects.toMatchObject({
      code: "signature.file-unknown",
      message: expect.stringContaining("are not in the database. Restore them.") as unknown,
    });
  });
});
