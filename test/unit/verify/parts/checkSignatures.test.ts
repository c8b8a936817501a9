import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../../src/base/types/ids.ts";
import { publicKeyOf, signEd25519 } from "../../../../src/format/ed25519.ts";
import type { ManifestProvider } from "../../../../src/format/batch/manifest.ts";
import type { ActProof, ProofFile } from "../../../../src/format/proofs/proofFile.ts";
import { encodeEvidence } from "../../../../src/format/signing/recordEvidence.ts";
import {
  NO_SUBJECT,
  recordSignatureMessage,
  signedRecordDigest,
  providerKeyId,
} from "../../../../src/format/signing/signedRecord.ts";
import { sampleBatch, sampleWord } from "../support/sampleBatch.ts";
import { actFile, actsPart } from "../support/sampleProof.ts";
import { code, verifyFile } from "../support/verifyFile.ts";

const SEED = sampleWord("seed of the bikes");
const OLD_SEED = sampleWord("older seed of the bikes");
/** The sample's acts are of September 2017. */
const [FROM, TO] = [1_500_000_000, 1_510_000_000];
const signed = (window: { validFrom?: number; validTo?: number | null } = {}): ManifestProvider[] => [
  {
    id: "bikes" as never,
    name: "Bikes",
    algorithm: "ed25519",
    signingKey: toHex(publicKeyOf(SEED)),
    validFrom: (window.validFrom ?? FROM) as never,
    validTo: (window.validTo === undefined ? TO : window.validTo) as never,
  },
  {
    id: "trains" as never,
    name: "Trains",
    algorithm: "none",
    signingKey: null,
    validFrom: null,
    validTo: null,
  },
];
const batchOf = (providers: ManifestProvider[]) => sampleBatch("signed", 23, { manifest: { providers } });
const batch = batchOf(signed());
const bikes = batch.acts.findIndex(({ records }) => records.length === 2 && records[0]?.provider === "bikes");
const trains = batch.acts.findIndex(({ records }) => records[0]?.provider === "trains");

/** The proof of one act with the signatures of a seed; `change` rewrites them. */
function proof(
  source: typeof batch,
  index: number,
  seed: Uint8Array,
  change: (list: Hex[]) => Hex[] = (list) => list,
): ProofFile {
  const part = actsPart(source, [index]);
  const [only] = part.acts as [ActProof];
  const disclosed = only.disclosed as NonNullable<ActProof["disclosed"]>;
  const key = publicKeyOf(seed);
  const signatures = disclosed.records.map((record) => {
    const message = recordSignatureMessage(record.provider, key, signedRecordDigest(record, NO_SUBJECT));
    return toHex(
      encodeEvidence({
        kind: "record",
        publicKey: key,
        subjectDigest: NO_SUBJECT,
        signature: signEd25519(message, seed),
      }),
    );
  });
  return actFile({
    ...part,
    acts: [{ ...only, disclosed: { ...disclosed, signatures: change(signatures) } }],
  });
}

describe("disclosed signatures", () => {
  it("with the manifest's key are checked and said to be", async () => {
    const { checked, notChecked } = await verifyFile(proof(batch, bikes, SEED));
    expect(checked.join(" ")).toContain(
      "2 disclosed records are signed by their providers with the key that the manifest names",
    );
    expect(notChecked.join(" ")).toContain("Ask the provider, or the registrar");
  });

  it("with another key are checked, and it is said that nobody vouches for the key", async () => {
    for (const index of [bikes, trains]) {
      const { checked, notChecked } = await verifyFile(proof(batch, index, OLD_SEED));
      expect(checked.join(" ")).toContain(`does not name (${providerKeyId(publicKeyOf(OLD_SEED))})`);
      expect(checked.join(" ")).not.toContain("the key that the manifest names");
      expect(notChecked.join(" ")).toContain("Whose keys these are");
    }
  });

  it("left out for a provider that signs are missed; for one that does not, nothing is said", async () => {
    const none = (): Hex[] => [];
    expect((await verifyFile(proof(batch, bikes, SEED, none))).notChecked.join(" ")).toContain(
      "The signatures of 2 disclosed records",
    );
    expect(
      (await verifyFile(proof(batch, bikes, SEED, ([first]) => [first as Hex, "0x"]))).notChecked.join(" "),
    ).toContain("The signature of 1");
    expect(JSON.stringify(await verifyFile(proof(batch, trains, SEED, none)))).not.toMatch(/sign(ed|ature)/);
  });

  it("by SM2 are not looked at, and it is said that they can't be", async () => {
    const [first, second] = signed() as [ManifestProvider, ManifestProvider];
    const sm2 = { ...first, algorithm: "sm2-sm3", signingKey: `0x04${"11".repeat(64)}` } as ManifestProvider;
    const { checked, notChecked } = await verifyFile(
      proof(batchOf([sm2, second]), bikes, SEED, () => ["0x1234", "0x5678"]),
    );
    expect(checked.join(" ")).not.toMatch(/sign(ed|ature)/);
    expect(notChecked.join(" ")).toContain("signs by sm2-sm3: this version can't check such signatures");
  });

  it("count only within the window that the manifest gives the key", async () => {
    for (const window of [{ validFrom: TO, validTo: null }, { validTo: FROM + 1 }]) {
      await expect(verifyFile(proof(batchOf(signed(window)), bikes, SEED))).rejects.toThrow(
        code("verify.signing-key-time"),
      );
    }
    await expect(verifyFile(proof(batchOf(signed({ validTo: null })), bikes, SEED))).resolves.toBeDefined();
  });

  const flip = (hex: Hex, at: number): Hex =>
    toHex(fromHex(hex).map((byte, i) => (i === at ? byte ^ 1 : byte)));
  it.each<[string, (list: Hex[]) => Hex[]]>([
    ["of another record", (list) => list.toReversed()],
    ["for one record of two", ([first]) => [first as Hex]],
    ["too many", (list) => [...list, ...list]],
    ["with a changed signature", ([first, ...rest]) => [flip(first as Hex, 70), ...rest]],
    ["with another subject", ([first, ...rest]) => [flip(first as Hex, 40), ...rest]],
    [
      "with the manifest's key put in",
      (list) =>
        list.map(
          (hex) => `${hex.slice(0, 6)}${toHex(publicKeyOf(OLD_SEED)).slice(2)}${hex.slice(70)}` as Hex,
        ),
    ],
    ["of no known version", ([first, ...rest]) => [flip(first as Hex, 0), ...rest]],
  ])("%s are refused", async (_, change) => {
    await expect(verifyFile(proof(batch, bikes, SEED, change))).rejects.toThrow(code("verify.signatures"));
  });
});
