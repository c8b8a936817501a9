import { createHmac, createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import {
  digestLeaf,
  digestRoot,
  DigestTreeStream,
  DIGESTS_PER_BUNDLE,
  nodeLevels,
  pathLength,
  rootOfPath,
  siblingsOf,
} from "../../../../src/format/signing/digestTree.ts";
import { isPublicKey, publicKeyOf, signEd25519, verifyEd25519 } from "../../../../src/format/ed25519.ts";
import {
  encodeFileSignature,
  fileStatementMessage,
  parseFileSignature,
  type FileStatement,
} from "../../../../src/format/signing/fileSignature.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  decodeEvidence,
  encodeEvidence,
  EvidenceChecker,
} from "../../../../src/format/signing/recordEvidence.ts";
import { parseRecords, RECORD_SCHEMA_2 } from "../../../../src/format/batch/record.ts";
import {
  recordNonce,
  recordSignatureMessage,
  signedRecordDigest,
  providerKeyId,
  subjectDigest,
} from "../../../../src/format/signing/signedRecord.ts";
import { codeOf, codesOf, expectedCodes, vectors } from "../support/vectors.ts";

interface Vectors {
  readonly key: { readonly seed: string; readonly publicKey: string; readonly keyId: string };
  readonly file: {
    readonly fileSalt: string;
    readonly records: readonly {
      readonly record: string;
      readonly identifier: string | null;
      readonly nonce: string;
      readonly subjectDigest: string;
      readonly digest: string;
      readonly evidence: string;
    }[];
    readonly statement: FileStatement;
    readonly message: string;
    readonly signature: `0x${string}`;
  };
  readonly recordSignature: { readonly message: string; readonly evidence: string };
  readonly secondForm: readonly {
    readonly name: string;
    readonly record: string;
    readonly digest: string;
    readonly evidence: string;
    readonly first: string;
    readonly firstCounts: boolean;
  }[];
  readonly trees: readonly { readonly count: number; readonly root: string }[];
  readonly refused: readonly { readonly name: string; readonly error: string; readonly evidence: string }[];
}
const golden = vectors("signatures") as Vectors;
const key = fromHex(golden.key.publicKey);
const seed = fromHex(golden.key.seed);
const demo = tenantId("demo");
const recordOf = (json: string): ActivityRecord => parseRecords(utf8(`[${json}]`))[0] as ActivityRecord;
const first = golden.file.records[0] as Vectors["file"]["records"][number];
const sidecar = {
  ...golden.file.statement,
  fileSalt: golden.file.fileSalt as `0x${string}`,
  signature: golden.file.signature,
};
const plainDigests = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => keccak(Uint8Array.of(i >> 8, i & 0xff)));

/** Node's own Ed25519, as the second opinion. */
function nodeVerifies(signature: Uint8Array, message: Uint8Array): boolean {
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
  return verify(null, message, createPublicKey({ key: spki, format: "der", type: "spki" }), signature);
}

describe("what a provider signs of a record", () => {
  it("follows from the record, its nonce and its subject, as in the vectors", () => {
    for (const one of golden.file.records) {
      const record = recordOf(one.record);
      const nonce = recordNonce(fromHex(golden.file.fileSalt), record.recordId);
      expect(toHex(nonce)).toBe(one.nonce);
      const blinded = subjectDigest(nonce, one.identifier);
      expect([toHex(blinded), toHex(signedRecordDigest(record, blinded))]).toEqual([
        one.subjectDigest,
        one.digest,
      ]);
      // The keyed hash by other code.
      if (one.identifier !== null)
        expect(toHex(blinded)).toBe(toHex(createHmac("sha256", nonce).update(one.identifier).digest()));
      expect(new EvidenceChecker(demo).check(fromHex(one.evidence), record)).toMatchObject({
        kind: "file",
        judgedAt: 1_780_000_000,
      });
    }
  });

  it("is signed in a way that other implementations of Ed25519 confirm", () => {
    expect(toHex(publicKeyOf(seed))).toBe(golden.key.publicKey);
    expect(providerKeyId(key)).toBe(golden.key.keyId);
    expect(nodeVerifies(fromHex(golden.file.signature), fromHex(golden.file.message))).toBe(true);
    const { signature } = decodeEvidence(fromHex(golden.recordSignature.evidence));
    expect(nodeVerifies(signature, fromHex(golden.recordSignature.message))).toBe(true);
  });

  it("does not tell two records of one person from two of different people without the nonce", () => {
    const salt = fromHex(golden.file.fileSalt);
    expect(toHex(subjectDigest(recordNonce(salt, "a"), "somebody"))).not.toBe(
      toHex(subjectDigest(recordNonce(salt, "b"), "somebody")),
    );
  });

  it("changes with every field of the record, the subject and the key", () => {
    const record = recordOf(first.record);
    const blinded = fromHex(first.subjectDigest);
    const changes: Partial<Record<keyof ActivityRecord, unknown>>[] = [
      { provider: "wuhan-bike" },
      { recordId: "ride-00" },
      { startedAt: record.startedAt + 1 },
      { endedAt: null },
      { quantity: record.quantity + 1n },
      { scenario: "bus", unit: "trip" },
    ];
    const digests = [record, ...changes.map((change) => ({ ...record, ...change }) as ActivityRecord)].map(
      (one) => toHex(signedRecordDigest(one, blinded)),
    );
    expect(new Set(digests).size).toBe(changes.length + 1);
    const message = (provider: string, by: Uint8Array) =>
      toHex(recordSignatureMessage(provider as never, by, fromHex(first.digest)));
    expect(
      new Set([message("ab", key), message("abc", key), message("ab", publicKeyOf(keccak(seed)))]).size,
    ).toBe(3);
  });
});

describe("evidence of one record", () => {
  const check = (evidence: Uint8Array, record = recordOf(first.record), tenant = demo) =>
    new EvidenceChecker(tenant).check(evidence, record);

  it("is byte-exact both ways", () => {
    for (const hex of [
      golden.recordSignature.evidence,
      ...golden.file.records.map(({ evidence }) => evidence),
    ]) {
      expect(toHex(encodeEvidence(decodeEvidence(fromHex(hex))))).toBe(hex);
    }
    expect(check(fromHex(golden.recordSignature.evidence))).toMatchObject({
      kind: "record",
      judgedAt: 1_779_901_200,
    });
  });

  it("is refused with every tampering of the vectors", () => {
    expect(codesOf(golden.refused, ({ evidence }) => check(fromHex(evidence)))).toEqual(
      expectedCodes(golden.refused),
    );
  });

  it("is refused with any bit flipped, cut or extended, and beside another record or operator", () => {
    const both = [golden.recordSignature.evidence, first.evidence].map((hex) => fromHex(hex));
    fc.assert(
      fc.property(fc.constantFrom(...both), fc.nat(), fc.nat(7), (evidence, place, bit) => {
        const at = place % evidence.length;
        expect(codeOf(() => check(evidence.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte))))).toMatch(
          /^evidence\./,
        );
        expect(codeOf(() => check(evidence.slice(0, at)))).toBe("evidence.malformed");
      }),
      { numRuns: 300 },
    );
    for (const evidence of both) {
      expect(codeOf(() => check(evidence, { ...recordOf(first.record), quantity: 1n as never }))).toBe(
        "evidence.signature",
      );
      expect(codeOf(() => check(evidence, recordOf(golden.file.records[4]?.record ?? "")))).toBe(
        "evidence.signature",
      );
    }
    expect(codeOf(() => check(fromHex(first.evidence), recordOf(first.record), tenantId("other")))).toBe(
      "evidence.signature",
    );
  });

  it("of a file is not believed because another record of that file was", () => {
    const checker = new EvidenceChecker(demo);
    checker.check(fromHex(first.evidence), recordOf(first.record));
    const forged = { ...recordOf(first.record), quantity: 99_000_000n as never };
    expect(codeOf(() => checker.check(fromHex(first.evidence), forged))).toBe("evidence.signature");
  });
});

describe("a record of the second form", () => {
  const recordOf2 = (json: string): ActivityRecord =>
    parseRecords(utf8(`[${json}]`), RECORD_SCHEMA_2)[0] as ActivityRecord;
  const check = (evidence: string, record: ActivityRecord): string =>
    codeOf(() => new EvidenceChecker(demo).check(fromHex(evidence), record));

  it("is signed whole, as in the vectors, which other implementations of Ed25519 confirm", () => {
    for (const { record: json, digest, evidence } of golden.secondForm) {
      const record = recordOf2(json);
      const { form, subjectDigest: blinded, signature } = decodeEvidence(fromHex(evidence));
      expect(form).toBe(2);
      expect(toHex(signedRecordDigest(record, blinded, 2))).toBe(digest);
      const hashed = keccak(utf8(json));
      expect(
        toHex(keccak(new Uint8Array([...utf8("microtonne-signed-record/2\n"), ...hashed, ...blinded]))),
      ).toBe(digest);
      expect(nodeVerifies(signature, recordSignatureMessage(record.provider, key, fromHex(digest)))).toBe(
        true,
      );
      expect(check(evidence, record)).toBe("accepted");
    }
  });

  it("with an asset, attributes or a revision is not covered by a signature over the first form", () => {
    expect(golden.secondForm.map(({ firstCounts }) => firstCounts)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    for (const { record: json, first: evidence, firstCounts } of golden.secondForm)
      expect(check(evidence, recordOf2(json))).toBe(firstCounts ? "accepted" : "evidence.signature");
  });

  it("is refused where anything that was signed differs", () => {
    const { record: json, evidence } = golden.secondForm[2] as Vectors["secondForm"][number];
    const record = recordOf2(json);
    const other = { kind: "meter", key: `0x${"00".repeat(32)}` } as const;
    for (const change of [
      { evidence: "photo" },
      { consentText: "2026-02" },
      { asset: null },
      { asset: other },
      { asset: { ...record.asset, kind: "vehicle" } },
      { attributes: { place: "x" } },
      { revision: 1, previousRevision: other.key },
      { quantity: record.quantity + 1n },
    ] as Partial<ActivityRecord>[])
      expect([change, check(evidence, { ...record, ...change })]).toEqual([change, "evidence.signature"]);
  });
});

describe("the tree of a signed file", () => {
  it("has the roots of the vectors, also where it is built piece by piece", () => {
    for (const { count, root } of golden.trees) {
      const stream = new DigestTreeStream();
      for (const digest of plainDigests(count)) stream.push(digest);
      const built = stream.finish();
      expect([toHex(digestRoot(plainDigests(count))), toHex(built.root), built.count]).toEqual([
        root,
        root,
        count,
      ]);
    }
    expect(codeOf(() => new DigestTreeStream().finish())).toBe("signed-file.empty");
  });

  it("gives every leaf a path, from its bundle and the bundles' roots alone, no two the same", () => {
    const count = 2 * DIGESTS_PER_BUNDLE + 45;
    const digests = plainDigests(count);
    const root = toHex(digestRoot(digests));
    const levels = nodeLevels(digests.map(digestLeaf));
    const bundles = Array.from({ length: 3 }, (_, i) =>
      digests.slice(i * DIGESTS_PER_BUNDLE, (i + 1) * DIGESTS_PER_BUNDLE),
    );
    const upper = nodeLevels(bundles.map((bundle) => digestRoot(bundle)));
    for (let index = 0; index < count; index += 7) {
      const path = siblingsOf(levels, index);
      const bundle = Math.floor(index / DIGESTS_PER_BUNDLE);
      const within = siblingsOf(
        nodeLevels((bundles[bundle] as Uint8Array[]).map(digestLeaf)),
        index % DIGESTS_PER_BUNDLE,
      );
      expect([...within, ...siblingsOf(upper, bundle)].map(toHex)).toEqual(path.map(toHex));
      expect(path).toHaveLength(pathLength(index, count));
      const rootFrom = (digest: Uint8Array, at: number, of: number, steps = path) =>
        toHex(rootOfPath(digest, at, of, steps) ?? new Uint8Array());
      expect(rootFrom(digests[index] as Uint8Array, index, count)).toBe(root);
      expect(rootFrom(digests[(index + 1) % count] as Uint8Array, index, count)).not.toBe(root);
      expect(rootFrom(digests[index] as Uint8Array, index ^ 1, count)).not.toBe(root);
      expect(rootFrom(digests[index] as Uint8Array, index, count, path.slice(1))).toBe("0x");
    }
  });

  it("never takes an inner node for a record, nor one tree's root for a longer one's", () => {
    const [a, b, c] = plainDigests(3) as [Uint8Array, Uint8Array, Uint8Array];
    expect(toHex(digestRoot([a, b, c]))).not.toBe(toHex(digestRoot([a, b, c, c])));
    const inner = nodeLevels([a, b].map(digestLeaf))[1] as Uint8Array;
    expect(toHex(digestRoot([inner]))).not.toBe(toHex(inner));
    expect(rootOfPath(a, 3, 3, [])).toBeNull();
  });
});

describe("a file's signature", () => {
  const bytes = utf8(encodeFileSignature(sidecar));

  it("is read whatever the order and layout of its members", () => {
    expect(toHex(fileStatementMessage(golden.file.statement))).toBe(golden.file.message);
    const turned = Object.fromEntries(Object.entries(sidecar).toReversed());
    expect(parseFileSignature(utf8(JSON.stringify(turned)))).toEqual(parseFileSignature(bytes));
  });

  it("has at most 4,096 bytes", () => {
    const padded = (length: number) => utf8(new TextDecoder().decode(bytes).padEnd(length));
    expect(codeOf(() => parseFileSignature(padded(4096)))).toBe("accepted");
    expect(() => parseFileSignature(padded(4097))).toThrow(
      /^The signature file has more than 4096 bytes\. Ask the provider for the file and its \.sig\.json/,
    );
    expect(() => parseFileSignature(utf8("{"))).toThrow(/^The signature file is no JSON\. Ask/);
    const salted = JSON.stringify({ ...sidecar, fileSalt: `0x${"11".repeat(32)}` });
    expect(() => parseFileSignature(utf8(salted))).toThrow(/has another salt than the one that was signed/);
  });

  it("does not survive a bit flipped anywhere in it", () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const flipped = bytes.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte));
        let parsed;
        try {
          parsed = parseFileSignature(flipped);
        } catch (error) {
          expect(error).toMatchObject({ code: "file-signature.malformed" });
          return;
        }
        expect(verifyEd25519(fromHex(parsed.signature), fileStatementMessage(parsed), key)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, (one: Record<string, unknown>) => unknown]>([
    ["a member too many", (one) => ({ ...one, note: "" })],
    ["a member missing", (one) => ({ ...one, tenant: undefined })],
    ["no record", (one) => ({ ...one, records: 0 })],
    ["another salt", (one) => ({ ...one, fileSalt: `0x${"11".repeat(32)}` })],
    [
      "upper-case hex",
      (one) => ({ ...one, signature: String(one["signature"]).toUpperCase().replace("0X", "0x") }),
    ],
    ["a list in its place", (one) => [one]],
  ])("is refused with %s, and the salt is not repeated", (_, change) => {
    const changed = JSON.stringify(change(sidecar));
    expect(codeOf(() => parseFileSignature(utf8(changed)))).toBe("file-signature.malformed");
    expect(() => parseFileSignature(utf8(`${changed}x`))).toThrow(
      expect.not.stringContaining(golden.file.fileSalt.slice(2)) as never,
    );
  });
});

describe("keys", () => {
  it("refuses a seed that has not 32 bytes, by name", () => {
    for (const length of [0, 31, 33]) {
      const short = new Uint8Array(length);
      expect(codeOf(() => publicKeyOf(short))).toBe("key.length");
      expect(codeOf(() => signEd25519(utf8("message"), short))).toBe("key.length");
    }
  });

  it("of small order or in another encoding are none", () => {
    expect([
      isPublicKey(key),
      isPublicKey(new Uint8Array(32)),
      isPublicKey(Uint8Array.of(1, ...new Uint8Array(31))),
    ]).toEqual([true, false, false]);
    expect(isPublicKey(new Uint8Array(32).fill(0xff))).toBe(false);
    expect(isPublicKey(key.slice(1))).toBe(false);
    // The identity as a key makes a signature of zeros good for every message, where nobody looks.
    const identity = Uint8Array.of(1, ...new Uint8Array(31));
    expect(
      verifyEd25519(Uint8Array.from([...identity, ...new Uint8Array(32)]), utf8("anything"), identity),
    ).toBe(false);
  });

  it("refuse a signature whose scalar was raised by the group's order", () => {
    const message = utf8("once");
    const signature = signEd25519(message, seed);
    const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
    const scalar = BigInt(toHex(signature.slice(32).toReversed())) + order;
    const raised = fromHex(`0x${scalar.toString(16).padStart(64, "0")}`).toReversed();
    expect(verifyEd25519(signature, message, key)).toBe(true);
    expect(verifyEd25519(Uint8Array.from([...signature.slice(0, 32), ...raised]), message, key)).toBe(false);
    expect(verifyEd25519(signature.slice(1), message, key)).toBe(false);
  });
});
