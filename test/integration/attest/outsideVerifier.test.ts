import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "viem";
import { mnemonicToAccount, sign } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localSigner } from "../../../src/adapters/chain/signers.ts";
import { startAnvil, type EmbeddedChain } from "../../../src/adapters/chain/startAnvil.ts";
import { onIntentFinal } from "../../../src/app/chain/onIntentFinal.ts";
import { attestPackage } from "../../../src/app/attest/attestPackage.ts";
import { openVerifier } from "../../../src/app/attest/openVerifier.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import type { Context } from "../../../src/app/context.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { describeBatch, type BatchDescription } from "../../../src/app/batches/describeBatch.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { packageBatch } from "../../../src/app/batches/packageBatch.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import type { Attestation } from "../../../src/stages/attest/attestation.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { placeMigrated } from "../../support/placeMigrated.ts";

/**
 * The embedded network's verifiers are accounts 2 to 4 of the public development mnemonic; account 7 is
 * nobody.
 */
function keyOf(addressIndex: number): `0x${string}` {
  const key = mnemonicToAccount("test test test test test test test test test test test junk", {
    addressIndex,
  }).getHdKey().privateKey;
  if (!key) throw new Error("no key");
  return toHex(key);
}

describe("verifiers outside of the operator's process", () => {
  let folder: string;
  let node: EmbeddedChain;
  let operator: Context;
  let batch: BatchDescription;
  const file = (): string => join(folder, "package.ndjson");
  const open = async (name: string, settings: Record<string, string> = {}): Promise<Context> => {
    await placeMigrated(join(folder, name, "db"));
    return openContext({
      config: parseConfig(settings, { folder: join(folder, name) }),
      log: createLog("warn"),
      clock: systemClock,
      randomness: systemRandomness,
    });
  };
  const network = (): Record<string, string> => ({
    MICROTONNE_RPC_URL: node.rpcUrl,
    MICROTONNE_DEPLOYMENT: join(folder, "operator/deployment.json"),
  });
  const attestation = async (
    account: number,
    onChecked?: (sentences: readonly string[]) => void,
  ): Promise<Attestation> => {
    const context = await open(`verifier-${String(account)}`, {
      ...network(),
      MICROTONNE_VERIFIER_PRIVATE_KEY: keyOf(account),
    });
    try {
      return await attestPackage(context, { file: file(), ...(onChecked && { onChecked }) });
    } finally {
      await context.close();
    }
  };
  const keptAndLive = async (address: Attestation["verifier"]) => {
    const context = await open("verifier-3", network());
    try {
      const chain = await context.chain();
      const signer = { ...chain.operator, address };
      const { kept, live } = await openVerifier(context, chain, signer);
      return { kept: await kept.list(), live };
    } finally {
      await context.close();
    }
  };
  const mint = (attestations: readonly Attestation[]) =>
    mintBatch(operator, {
      batch: batch.batchId,
      attestations: attestations.map((one) => JSON.stringify(one)),
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-outside-"));
    const embedded = await open("operator");
    await embedded.chain();
    await embedded.close();
    // From here on the chain is a node of its own, as on any network.
    node = await startAnvil({ folder: join(folder, "operator/chain") });
    operator = await open("operator", network());
    const rides = Array.from(
      { length: 40 },
      (_, i) =>
        `r${String(i)},person-${String(i % 9)},bus,` +
        `2025-06-18T08:${String(i).padStart(2, "0")}:00+08:00,,1,trip`,
    );
    writeFileSync(
      join(folder, "rides.csv"),
      `recordId,subject,scenario,startedAt,endedAt,quantity,unit\n${rides.join("\n")}\n`,
    );
    await ingestFile(operator, {
      file: join(folder, "rides.csv"),
      profile: shippedProfile("canonical-csv"),
      rejectsFile: null,
      duplicatesFile: null,
      lookupFolder: null,
    });
    batch = await closeBatch(operator, { region: regionCode("WUHAN"), vintage: 2025 });
    await packageBatch(operator, { batch: batch.batchId, file: file() });
  });
  afterAll(async () => {
    await operator.close();
    await node.stop();
    rmSync(folder, { recursive: true });
  });

  it("attest from the package alone, all over one statement", async () => {
    const checked: string[] = [];
    const [first, second] = await Promise.all([
      attestation(2, (sentences) => checked.push(...sentences)),
      attestation(3),
    ]);
    expect(checked).toEqual([
      `${first?.verifier ?? ""} is an active verifier in the participant registry`,
      "each of 40 leaves follows from its records by 1 known methodologies of WUHAN, and is plausible",
      "keys, order, links, sums and the root come to what the manifest says: 8500000 mg",
      "no activity key of it is in another batch that this verifier attested",
    ]);
    expect(first).toMatchObject({
      batchId: batch.batchId,
      digest: second?.digest,
      deadline: second?.deadline,
    });
    expect(first?.verifier).not.toBe(second?.verifier);
  });

  it("are too few, or not the registry's: nothing is minted, and the reason is said", async () => {
    await expect(mint([await attestation(2)])).rejects.toMatchObject({ code: "quorum.short" });
    await expect(attestation(7)).rejects.toMatchObject({
      code: "attest.not-registered",
      message:
        `${localSigner(keyOf(7)).address}, whose key the settings name, ` +
        "is no active verifier in the participant " +
        "registry of this network, so its signature would count for " +
        "nothing. Let the registry's administrator " +
        "appoint it, or set the key of a verifier that is.",
    });
    // Somebody who signs without asking us whether that counts.
    const first = await attestation(2);
    const signature = await sign({ hash: first.digest, privateKey: keyOf(7), to: "hex" });
    const stranger: Attestation = { ...first, verifier: localSigner(keyOf(7)).address, signature };
    await expect(mint([first, stranger])).rejects.toThrow(/SignerNotEntitled/);
    expect((await describeBatch(operator, batch.batchId)).mintedMilligrams).toBe("0");
  });

  it("sign another statement than the batch's: the operator commits none of it", async () => {
    const [first, second] = [await attestation(2), await attestation(3)];
    const digest = toHex(new Uint8Array(32).fill(1));
    await expect(
      mint([
        { ...first, digest },
        { ...second, digest },
      ]),
    ).rejects.toMatchObject({ code: "quorum.statement" });
  });

  it("let the operator mint once they are a quorum, after a refusal too", async () => {
    const [third, fourth] = [await attestation(3), await attestation(4)];
    // What a verifier keeps and the chain does not show blocks no other batch.
    expect(await keptAndLive(third.verifier)).toEqual({ kept: [batch.batchId], live: [] });
    const minted = await mint([third, fourth]);
    expect(await keptAndLive(third.verifier)).toEqual({ kept: [batch.batchId], live: [batch.batchId] });
    expect(minted).toMatchObject({
      state: "minted",
      mintedMilligrams: String((212_500n * 40n * 95n) / 100n),
    });
    expect(minted.attesters).toHaveLength(2);
  });

  it("see the operator's books unmoved where the chain confirms an old step once more", async () => {
    const { client, deployment, outbox } = await operator.chain();
    for (const step of ["commit", "mint"]) {
      const entry = await outbox.find(`${step}:${batch.batchId}`);
      if (!entry) throw new Error("The step is not in the outbox.");
      await onIntentFinal(operator, client, deployment, entry);
      expect(await describeBatch(operator, batch.batchId)).toMatchObject({
        state: "minted",
        mintedMilligrams: String((212_500n * 40n * 95n) / 100n),
      });
    }
  });
});
