import { describe, expect, it } from "vitest";
import { toHex } from "../../../../../src/base/lib/bytes.ts";
import { providerId } from "../../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../../src/base/types/activityRecord.ts";
import type { ProviderKey } from "../../../../../src/base/types/providerKey.ts";
import type { MicroUnits, UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { publicKeyOf, signEd25519 } from "../../../../../src/format/ed25519.ts";
import {
  providerKeyId,
  recordSignatureMessage,
  signedRecordDigest,
  subjectDigest,
} from "../../../../../src/format/signing/signedRecord.ts";
import { decideRowSignature } from "../../../../../src/stages/ingest/providerKeys/decideRowSignature.ts";
import type { RecordOutcome } from "../../../../../src/stages/ingest/readActivities.ts";

const SEED = new Uint8Array(32).fill(7);
const PUBLIC_KEY = publicKeyOf(SEED);
const NONCE = new Uint8Array(32).fill(9);
const START = 1_750_000_000;
const END = START + 600;
const NOW = (END + 3_600) as UnixSeconds;
const record: ActivityRecord = {
  provider: providerId("metro"),
  recordId: "ride-1",
  scenario: "bike",
  startedAt: START as UnixSeconds,
  endedAt: END as UnixSeconds,
  quantity: 1_000_000n as MicroUnits,
  unit: "km",
};
const subject = { scope: "metro", identifier: "card-1" };
const digest = signedRecordDigest(record, subjectDigest(NONCE, subject.identifier));
const SIGNATURE = toHex(signEd25519(recordSignatureMessage(record.provider, PUBLIC_KEY, digest), SEED));
const row = (change: Partial<NonNullable<RecordOutcome["signature"]>> = {}): RecordOutcome => ({
  kind: "record",
  row: 1,
  record,
  subject,
  notes: [],
  raw: "",
  parts: [],
  signature: { signature: SIGNATURE, providerKeyId: null, nonce: toHex(NONCE), ...change },
});
const key = (change: Partial<ProviderKey> = {}): ProviderKey => ({
  provider: record.provider,
  publicKey: PUBLIC_KEY,
  validFrom: 0 as UnixSeconds,
  validTo: null,
  required: true,
  revocation: null,
  ...change,
});
const at = (seconds: number) => seconds as UnixSeconds;

describe("a row that carries its signature", () => {
  it("brings its evidence with it, and when it arrived", () => {
    for (const providerKeyIdText of [null, providerKeyId(PUBLIC_KEY)])
      expect(decideRowSignature(row({ providerKeyId: providerKeyIdText }), [key()], NOW)).toMatchObject({
        kind: "record",
        publicKey: PUBLIC_KEY,
        arrivedAt: NOW,
      });
    expect(decideRowSignature(row(), [key()], at(END - 5))).toMatchObject({ arrivedAt: END });
  });

  it("need not be signed where no key is required", () => {
    for (const unsigned of [row({ signature: "" }), { ...row(), signature: undefined } as never]) {
      expect(decideRowSignature(unsigned, [key({ required: false })], NOW)).toBeNull();
      expect(decideRowSignature(unsigned, [key()], NOW)).toBe("signature.missing");
    }
  });

  it.each<[string, RecordOutcome, ProviderKey[]]>([
    ["signature.malformed", row({ signature: "0x12" }), [key()]],
    ["signature.malformed", row({ nonce: "" }), [key()]],
    ["signature.malformed", row({ providerKeyId: "0x12" }), [key()]],
    ["signature.key-unknown", row(), []],
    ["signature.key-unknown", row({ providerKeyId: `0x${"11".repeat(32)}` }), [key()]],
    ["signature.invalid", row({ nonce: toHex(new Uint8Array(32)) }), [key()]],
    ["signature.invalid", { ...row(), record: { ...record, recordId: "ride-2" } }, [key()]],
    ["signature.invalid", row(), [key({ publicKey: publicKeyOf(new Uint8Array(32).fill(8)) })]],
    ["signature.key-expired", row(), [key({ validFrom: at(END + 1) })]],
    ["signature.key-expired", row(), [key({ validTo: at(END) })]],
    ["signature.key-revoked", row(), [key({ revocation: { at: at(END), reason: "retired" } })]],
    // Ended before the compromise, and came after it.
    ["signature.key-revoked", row(), [key({ revocation: { at: NOW, reason: "compromised" } })]],
  ])("is refused by name: %s", (code, outcome, keys) => {
    expect(decideRowSignature(outcome, keys, NOW)).toBe(code);
  });
});
