import { describe, expect, it } from "vitest";
import { admitReductions } from "../../../src/adapters/storage/reductions/admitReductions.ts";
import { closingProviderKeys } from "../../../src/adapters/storage/batches/closingProviderKeys.ts";
import {
  findDigestBundles,
  findSignedFile,
  saveSignedFile,
  type DigestBundle,
  type SignedFile,
} from "../../../src/adapters/storage/providers/signedFiles.ts";
import { startClosing } from "./support/startClosing.ts";
import { streamPooled } from "../../../src/adapters/storage/batches/streamPooled.ts";
import { admissionDecisions } from "../../../src/app/ingest/admissionDecisions.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { StoredEvidence } from "../../../src/base/types/storedEvidence.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { hash, ingest, MORNING, progress, reduction, REGION } from "./support/samples.ts";

const BUNDLES = 600;
const signed: SignedFile = {
  file: hash("file"),
  provider: providerId("metro"),
  publicKey: hash("key"),
  profileHash: hash("profile"),
  saltHash: hash("salt"),
  records: 2 ** 32 - 1,
  root: hash("root"),
  signedAt: 1_772_323_200 as UnixSeconds,
  signature: new Uint8Array(64).fill(9),
};
async function* bundles(): AsyncIterable<DigestBundle> {
  for (let i = 0; i < BUNDLES; i++)
    yield await Promise.resolve({ root: hash(`root ${String(i)}`), digests: hash(`digests ${String(i)}`) });
}

describe("signed files", () => {
  onEachEngine((bench) => {
    it("are kept whole and once, each operator's its own", async () => {
      const [tenant, other] = [await bench.tenant(), await bench.tenant()];
      await saveSignedFile(bench.db(), tenant, signed, bundles);
      await saveSignedFile(bench.db(), tenant, { ...signed, signature: new Uint8Array(64) }, () => {
        throw new Error("The bundles are here already.");
      });
      const found = await findSignedFile(bench.db(), tenant, signed.file);
      expect(found).toMatchObject(signed);
      expect(found?.bundleRoots).toHaveLength(BUNDLES);
      expect(found?.bundleRoots[599]).toEqual(hash("root 599"));
      expect(await findDigestBundles(bench.db(), tenant, signed.file, [0, 599, 600])).toEqual(
        new Map([
          [0, hash("digests 0")],
          [599, hash("digests 599")],
        ]),
      );
      expect(await findSignedFile(bench.db(), other, signed.file)).toBeNull();
      expect((await findDigestBundles(bench.db(), other, signed.file, [0])).size).toBe(0);
    });

    it("that can't be read to their end leave nothing", async () => {
      const tenant = await bench.tenant();
      async function* broken(): AsyncIterable<DigestBundle> {
        yield* bundles();
        throw new Error("cut off");
      }
      await expect(saveSignedFile(bench.db(), tenant, signed, broken)).rejects.toThrow("cut off");
      expect(await findSignedFile(bench.db(), tenant, signed.file)).toBeNull();
    });

    it("and rows that are signed leave evidence beside their reductions, as it was given", async () => {
      const tenant = await bench.tenant();
      const shared = { publicKey: hash("key"), subjectDigest: hash("subject"), arrivedAt: 5 as UnixSeconds };
      const evidence: (StoredEvidence | null)[] = [
        { ...shared, kind: "record", signature: new Uint8Array(64).fill(7) },
        { ...shared, kind: "file", file: hash("file"), index: 2 ** 32 - 2 },
        null,
      ];
      const rows = evidence.map((one, i) => ({
        ...reduction({ id: `r${String(i)}`, subject: null, provider: "metro" }),
        evidence: one,
      }));
      await admitReductions(
        bench.db(),
        tenant,
        rows,
        progress(await ingest(bench.db(), tenant), 0, rows),
        null,
        admissionDecisions,
      );
      const { closing } = await startClosing(bench.db(), tenant, {
        closingId: hash("closing"),
        region: REGION,
        startDay: 20_089 as Day,
        endDay: 20_453 as Day,
        timeZone: "Asia/Shanghai",
        createdAt: MORNING as UnixSeconds,
        previousBatchId: null,
      });
      const pooled = [];
      for await (const group of streamPooled(bench.db(), tenant, closing.closingId, 5_000))
        pooled.push(...group);
      const byId = pooled.toSorted((a, b) => (a.record.recordId < b.record.recordId ? -1 : 1));
      // Of a record that says no more than the first form can.
      expect(byId.map((row) => row.evidence)).toEqual(evidence.map((one) => one && { ...one, form: 1 }));
      expect(await closingProviderKeys(bench.db(), tenant, closing.closingId)).toEqual([
        { provider: "metro", signingKey: hash("key") },
        { provider: "metro", signingKey: null },
      ]);
    });
  });
});
