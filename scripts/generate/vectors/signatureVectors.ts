import { canonicalJson } from "../../../src/format/canonicalJson.ts";
import { attestationMessage } from "../../../src/format/signing/attestations.ts";
import { fromHex, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { providerId, tenantId } from "../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../src/base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { digestLeaf, digestRoot, nodeLevels, siblingsOf } from "../../../src/format/signing/digestTree.ts";
import { publicKeyOf, signEd25519 } from "../../../src/format/ed25519.ts";
import {
  fileStatementMessage,
  signedFileId,
  type FileStatement,
} from "../../../src/format/signing/fileSignature.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { encodeEvidence, type SignedFileEvidence } from "../../../src/format/signing/recordEvidence.ts";
import { canonicalRecords, RECORD_SCHEMA_2 } from "../../../src/format/batch/record.ts";
import { needsSecondForm } from "../../../src/format/batch/records/additions.ts";
import {
  NO_SUBJECT,
  recordNonce,
  recordSignatureMessage,
  signedRecordDigest,
  providerKeyId,
  subjectDigest,
} from "../../../src/format/signing/signedRecord.ts";

const SEED = keccak(utf8("microtonne-vectors/provider-seed"));
const KEY = publicKeyOf(SEED);
const FILE_SALT = keccak(utf8("microtonne-vectors/file-salt"));
const TENANT = tenantId("demo");
const PROVIDER = providerId("wuhan-metro");
const SIGNED_AT = 1_780_000_000 as UnixSeconds;
const COUNT = 5;
/** Leaf counts around the turns of the tree and of its bundles. */
const TREES = [1, 2, 3, 4, 5, 255, 256, 257, 600];

const record = (i: number): ActivityRecord => ({
  provider: PROVIDER,
  recordId: i === 1 ? "乘车-1" : `ride-${String(i)}`,
  scenario: "metro",
  startedAt: (1_779_900_000 + 600 * i) as UnixSeconds,
  endedAt: i === 2 ? null : ((1_779_901_200 + 600 * i) as UnixSeconds),
  quantity: (12_500_000n + BigInt(i)) as MicroUnits,
  unit: "passenger-km",
});
const subjectOf = (i: number): string | null => (i === 3 ? null : `subject-${String(i)}`);

/** A file of five records, signed, as other vectors and tests use it. */
export function sampleSignedFile() {
  const acts = Array.from({ length: COUNT }, (_, i) => {
    const [one, identifier] = [record(i), subjectOf(i)];
    const nonce = recordNonce(FILE_SALT, one.recordId);
    const blinded = subjectDigest(nonce, identifier);
    return {
      record: one,
      identifier,
      nonce,
      subjectDigest: blinded,
      digest: signedRecordDigest(one, blinded),
    };
  });
  const statement: FileStatement = {
    format: "microtonne-file-signature/1",
    provider: PROVIDER,
    keyId: providerKeyId(KEY),
    tenant: TENANT,
    profileHash: toHex(keccak(utf8("microtonne-vectors/profile"))),
    records: COUNT,
    root: toHex(digestRoot(acts.map(({ digest }) => digest))),
    saltHash: toHex(keccak(FILE_SALT)),
    signedAt: SIGNED_AT,
  };
  const message = fileStatementMessage(statement);
  const signature = signEd25519(message, SEED);
  const levels = nodeLevels(acts.map(({ digest }) => digestLeaf(digest)));
  const evidence = acts.map((act, index): SignedFileEvidence => ({
    kind: "file",
    publicKey: KEY,
    subjectDigest: act.subjectDigest,
    signature,
    signedAt: SIGNED_AT,
    profileHash: fromHex(statement.profileHash),
    saltHash: fromHex(statement.saltHash),
    count: COUNT,
    index,
    path: siblingsOf(levels, index),
  }));
  return { acts, statement, message, signature, evidence };
}

/** One record that an attestor signs: a month of a home, its attributes among what is covered. */
function attested(): Record<string, string> {
  const seedText = "microtonne-vectors/attestor-seed";
  const seed = keccak(utf8(seedText));
  const one: ActivityRecord = {
    provider: providerId("seoul-homes"),
    recordId: "ada-2026-04",
    scenario: "electricity-saving",
    startedAt: 1_774_969_200 as UnixSeconds,
    endedAt: 1_777_561_200 as UnixSeconds,
    quantity: 255_000_000n as MicroUnits,
    unit: "kWh",
    attributes: { "reference-kwh": "300" },
  };
  const message = attestationMessage(one);
  const [publicKey, signature] = [toHex(publicKeyOf(seed)), toHex(signEd25519(message, seed))];
  const { attributes, endedAt, provider, recordId, scenario, startedAt, unit } = one;
  const canonical = canonicalJson({
    attributes,
    endedAt,
    provider,
    quantity: "255",
    recordId,
    revision: 0,
    scenario,
    startedAt,
    unit,
  });
  return {
    seedText,
    publicKey,
    canonical,
    canonicalHash: toHex(keccak(utf8(canonical))),
    message: toHex(message),
    signature,
    column: `${publicKey.slice(2)}${signature.slice(2)}`,
  };
}

export function signatureVectors(): Record<string, unknown> {
  const { acts, statement, message, signature, evidence } = sampleSignedFile();
  const [first] = acts as [(typeof acts)[number]];
  const recordMessage = recordSignatureMessage(PROVIDER, KEY, first.digest);
  const recordEvidence = encodeEvidence({
    kind: "record",
    publicKey: KEY,
    subjectDigest: first.subjectDigest,
    signature: signEd25519(recordMessage, SEED),
  });
  const fileEvidence = evidence.map(encodeEvidence);
  return {
    about:
      "Providers' signatures (Ed25519, RFC 8032, strict). seed = keccak256 of ASCII seedText, fileSalt " +
      "of saltText. nonce = HMAC-SHA-256(fileSalt, record id); subjectDigest = HMAC-SHA-256(nonce, " +
      "identifier) or zeros; digest = keccak256('microtonne-signed-record/1\\n', keccak256(canonical " +
      "record), subjectDigest). keyId = keccak256(publicKey). Tree: leaf = keccak256(0x00, digest), " +
      "node = keccak256(0x01, left, right), an odd node moves up. `trees` are over the digests " +
      "keccak256(uint16 i). `secondForm`: evidence of version 2, whose digest is " +
      "keccak256('microtonne-signed-record/2\\n', keccak256(canonical record of microtonne-record/2), " +
      "subjectDigest); `first` is version 1 over the same record, which counts only where the record has " +
      "no asset, no attributes and revision 0. `attested` is an attestor's: message = " +
      "'microtonne-attested-record/1\\n', keccak256(canonical); seed = keccak256 of seedText. " +
      "`refused` is evidence that must not pass for the first record and tenant demo.",
    key: {
      seedText: "microtonne-vectors/provider-seed",
      seed: toHex(SEED),
      publicKey: toHex(KEY),
      keyId: providerKeyId(KEY),
    },
    file: {
      saltText: "microtonne-vectors/file-salt",
      fileSalt: toHex(FILE_SALT),
      records: acts.map((act, i) => ({
        record: canonicalRecords([act.record]).slice(1, -1),
        identifier: act.identifier,
        nonce: toHex(act.nonce),
        subjectDigest: toHex(act.subjectDigest),
        digest: toHex(act.digest),
        evidence: toHex(fileEvidence[i] as Uint8Array),
      })),
      statement,
      message: toHex(message),
      fileId: toHex(signedFileId(statement)),
      signature: toHex(signature),
    },
    recordSignature: { message: toHex(recordMessage), evidence: toHex(recordEvidence) },
    trees: TREES.map((count) => ({
      count,
      root: toHex(digestRoot(Array.from({ length: count }, (_, i) => plainDigest(i)))),
    })),
    secondForm: secondForm(),
    attested: attested(),
    refused: tamperings(recordEvidence, fileEvidence[0] as Uint8Array, fileEvidence[1] as Uint8Array),
  };
}

/** Records of the second form, each with evidence of both versions. */
function secondForm() {
  const key = toHex(keccak(utf8("microtonne-vectors/asset-key")));
  const before = toHex(keccak(utf8("microtonne-vectors/revision")));
  const cases: [name: string, additions: Partial<ActivityRecord>][] = [
    ["nothing added", {}],
    ["evidence and consent text", { evidence: "metered", consentText: "2026-01" }],
    ["asset", { evidence: "metered", asset: { kind: "meter", key } }],
    ["attributes", { attributes: { "supply-mix": "风电", "capacity-kw": "12.5" } }],
    ["revision", { revision: 1, previousRevision: before }],
  ];
  return cases.map(([name, additions]) => {
    const one = { ...record(0), ...additions };
    const blinded = subjectDigest(recordNonce(FILE_SALT, one.recordId), subjectOf(0));
    const evidenceOf = (form: 1 | 2) => {
      const digest = signedRecordDigest(one, blinded, form);
      const signature = signEd25519(recordSignatureMessage(PROVIDER, KEY, digest), SEED);
      return {
        digest,
        bytes: encodeEvidence({ form, kind: "record", publicKey: KEY, subjectDigest: blinded, signature }),
      };
    };
    const [first, second] = [evidenceOf(1), evidenceOf(2)];
    return {
      name,
      record: canonicalRecords([one], RECORD_SCHEMA_2).slice(1, -1),
      digest: toHex(second.digest),
      evidence: toHex(second.bytes),
      first: toHex(first.bytes),
      firstCounts: !needsSecondForm(one),
    };
  });
}

function plainDigest(i: number): Uint8Array {
  return keccak(Uint8Array.of(i >> 8, i & 0xff));
}

function tamperings(ofRecord: Uint8Array, ofFile: Uint8Array, ofSecond: Uint8Array) {
  const flip = (bytes: Uint8Array, offset: number): Uint8Array =>
    bytes.map((byte, i) => (i === offset ? byte ^ 1 : byte));
  const cut = (bytes: Uint8Array, by: number): Uint8Array => bytes.slice(0, bytes.length - by);
  const longer = (bytes: Uint8Array, by: number): Uint8Array =>
    Uint8Array.from([...bytes, ...new Uint8Array(by)]);
  const put = (bytes: Uint8Array, offset: number, piece: Uint8Array): Uint8Array => {
    const copy = bytes.slice();
    copy.set(piece, offset);
    return copy;
  };
  const [wrong, malformed] = ["evidence.signature", "evidence.malformed"];
  const cases: [name: string, error: string, evidence: Uint8Array][] = [
    ["version 3", malformed, ofRecord.map((byte, i) => (i === 0 ? 3 : byte))],
    ["version 0", malformed, ofRecord.map((byte, i) => (i === 0 ? 0 : byte))],
    ["record: called one over the second form", wrong, ofRecord.map((byte, i) => (i === 0 ? 2 : byte))],
    ["file: called one over the second form", wrong, ofFile.map((byte, i) => (i === 0 ? 2 : byte))],
    ["kind 3", malformed, ofRecord.map((byte, i) => (i === 1 ? 3 : byte))],
    ["a file's evidence called a record's", malformed, ofFile.map((byte, i) => (i === 1 ? 1 : byte))],
    ["record: one byte short", malformed, cut(ofRecord, 1)],
    ["record: one byte long", malformed, longer(ofRecord, 1)],
    ["record: other public key", wrong, flip(ofRecord, 2)],
    ["record: public key of small order", wrong, put(ofRecord, 2, Uint8Array.of(1, ...new Uint8Array(31)))],
    ["record: other subject", wrong, flip(ofRecord, 34)],
    ["record: nobody in place of a subject", wrong, put(ofRecord, 34, NO_SUBJECT)],
    ["record: signature changed", wrong, flip(ofRecord, 66)],
    ["record: scalar above the order", wrong, put(ofRecord, 98, new Uint8Array(32).fill(0xff))],
    ["file: other time", wrong, flip(ofFile, 137)],
    ["file: other profile", wrong, flip(ofFile, 138)],
    ["file: other salt", wrong, flip(ofFile, 170)],
    ["file: count of one more", wrong, put(ofFile, 202, Uint8Array.of(0, 0, 0, COUNT + 1))],
    ["file: count of one, no path", wrong, put(cut(ofFile, 96), 202, Uint8Array.of(0, 0, 0, 1))],
    ["file: next index", wrong, put(ofFile, 206, Uint8Array.of(0, 0, 0, 1))],
    ["file: index outside", malformed, put(ofFile, 206, Uint8Array.of(0, 0, 0, COUNT))],
    ["file: step changed", wrong, flip(ofFile, 210)],
    ["file: step missing", malformed, cut(ofFile, 32)],
    ["file: step too many", malformed, longer(ofFile, 32)],
    ["file: the second record's evidence", wrong, ofSecond],
  ];
  return cases.map(([name, error, evidence]) => ({ name, error, evidence: toHex(evidence) }));
}
