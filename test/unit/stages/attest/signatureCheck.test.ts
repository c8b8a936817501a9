import { describe, expect, it } from "vitest";
import { sampleSignedFile } from "../../../../scripts/generate/vectors/signatureVectors.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { ProviderKey } from "../../../../src/base/types/providerKey.ts";
import type { ManifestProvider } from "../../../../src/format/batch/manifest.ts";
import { encodeEvidence } from "../../../../src/format/signing/recordEvidence.ts";
import { providerKeyId } from "../../../../src/format/signing/signedRecord.ts";
import { SignatureCheck } from "../../../../src/stages/attest/signatureCheck.ts";
import { toldCodeOf } from "../../format/support/vectors.ts";

const { acts, evidence, statement } = sampleSignedFile();
const [first, second] = acts as [(typeof acts)[number], (typeof acts)[number]];
const key = evidence[0]?.publicKey as Uint8Array;
const other = new Uint8Array(32).fill(7);
const SIGNED_AT = statement.signedAt;
const unsigned: ManifestProvider = {
  id: first.record.provider,
  name: "Metro",
  algorithm: "none",
  signingKey: null,
  validFrom: null,
  validTo: null,
};
const named = (publicKey: Uint8Array, validFrom = 0, validTo: number | null = null): ManifestProvider => ({
  ...unsigned,
  algorithm: "ed25519",
  signingKey: toHex(publicKey),
  validFrom: validFrom as never,
  validTo: validTo as never,
});
const inBook = (publicKey: Uint8Array, change: Partial<ProviderKey> = {}): ProviderKey => ({
  provider: first.record.provider,
  publicKey,
  validFrom: 0 as never,
  validTo: null,
  required: true,
  revocation: null,
  ...change,
});
const leafOf = (...signatures: Uint8Array[]) => ({
  subjectKey: null,
  salt: new Uint8Array(32),
  records: [first.record],
  signatures,
});
const good = leafOf(encodeEvidence(evidence[0] as (typeof evidence)[number]));
const check = (leaf: typeof good, provider: ManifestProvider, book: ProviderKey[] = [], tenant = "demo") => {
  const checking = new SignatureCheck(tenantId(tenant), book);
  return toldCodeOf(() => checking.check(leaf, provider, 0)) === "accepted"
    ? checking.counts()
    : toldCodeOf(() => checking.check(leaf, provider, 0));
};
const SIGNED = { signed: 1, unattributed: 0, unsigned: 0 };
const UNSIGNED = { signed: 0, unattributed: 0, unsigned: 1 };

describe("a verifier", () => {
  it("takes a record that is signed with the manifest's key, or with one of its own book", () => {
    expect(check(good, named(key))).toEqual(SIGNED);
    expect(check(good, named(other), [inBook(key), inBook(other)])).toEqual(SIGNED);
    expect(check(good, unsigned, [inBook(key)])).toEqual(SIGNED);
  });

  it("is not told by the manifest which keys a provider has, where its own book knows better", () => {
    expect(check(good, named(key), [inBook(other)])).toBe("attest.signing-key");
    expect(check(good, unsigned, [inBook(other)])).toBe("attest.signing-key");
    expect(check(good, named(key), [inBook(other, { provider: "somebody-else" as never })])).toEqual(SIGNED);
  });

  it("refuses a key that neither manifest nor book names, counts those of unpromised providers", () => {
    expect(check(good, named(other))).toBe("attest.signing-key");
    expect(check(good, unsigned)).toEqual({ signed: 0, unattributed: 1, unsigned: 0 });
  });

  it("refuses unsigned records of a provider that signs, by the manifest or by its book", () => {
    for (const leaf of [leafOf(), leafOf(new Uint8Array())]) {
      expect(check(leaf, named(key))).toBe("attest.signature-missing");
      expect(check(leaf, unsigned, [inBook(key)])).toBe("attest.signature-missing");
      expect(check(leaf, unsigned)).toEqual(UNSIGNED);
      expect(check(leaf, unsigned, [inBook(key, { required: false })])).toEqual(UNSIGNED);
      // Acts that end before the provider had a key need none; at that second they do.
      const ended = (first.record.endedAt ?? first.record.startedAt) as number;
      expect(check(leaf, unsigned, [inBook(key, { validFrom: ended as never })])).toBe(
        "attest.signature-missing",
      );
      expect(check(leaf, unsigned, [inBook(key, { validFrom: (ended + 1) as never })])).toEqual(UNSIGNED);
      expect(check(leaf, unsigned, [inBook(key, { validFrom: SIGNED_AT })])).toEqual(UNSIGNED);
    }
  });

  it("judges a file's key at the time at which the file says it was signed", () => {
    expect(check(good, named(key, SIGNED_AT, SIGNED_AT + 1))).toEqual(SIGNED);
    expect(check(good, named(key, SIGNED_AT + 1))).toBe("attest.signing-key-time");
    expect(check(good, named(key, 0, SIGNED_AT))).toBe("attest.signing-key-time");
    const revoked = (at: number) => inBook(key, { revocation: { at: at as never, reason: "compromised" } });
    expect([
      check(good, named(key), [revoked(SIGNED_AT)]),
      check(good, named(key), [revoked(SIGNED_AT + 1)]),
    ]).toEqual(["attest.signing-key-time", SIGNED]);
  });

  it("refuses evidence of another record, for another operator, or in another number", () => {
    expect(check({ ...good, records: [second.record] }, named(key))).toBe("attest.signature");
    expect(check(good, named(key), [], "other")).toBe("attest.signature");
    expect(check(leafOf(...good.signatures, ...good.signatures), named(key))).toBe("attest.signature");
    expect(check(leafOf(Uint8Array.of(1, 2, 3)), unsigned)).toBe("attest.signature");
  });

  it("says which leaf it refuses, why, and what helps", () => {
    const { id } = unsigned;
    const told = (leaf: typeof good, provider: ManifestProvider, book: ProviderKey[] = []) => {
      try {
        new SignatureCheck(tenantId("demo"), book).check(leaf, provider, 7);
      } catch (error) {
        return (error as Error).message;
      }
      return "accepted";
    };
    const cases: [string, string][] = [
      [told(leafOf(), named(key)), `${id} signs its records, and there is no signature.`],
      [
        told(leafOf(...good.signatures, ...good.signatures), named(key)),
        "it has not one signature for each of its records.",
      ],
      [
        told({ ...good, records: [second.record] }, named(key)),
        "the signature of its provider is not over its record, or not for this operator.",
      ],
      [
        told(good, named(key, SIGNED_AT + 1)),
        `the key of ${id} that signed it was not valid then, or is revoked.`,
      ],
      [
        told(good, named(other)),
        `it is signed with key ${providerKeyId(key)} of ${id}, which ` +
          "neither the manifest names nor our key " +
          "book has.",
      ],
      [
        told(good, named(key), [inBook(other)]),
        `it is signed with key ${providerKeyId(key)} of ${id}, which our key book does not have.`,
      ],
    ];
    for (const [message, why] of cases) expect(message).toBe(`Leaf 7 is refused: ${why}`);
  });
});
