import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { publicKeyOf, signEd25519 } from "../../../../src/format/ed25519.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  ATTESTATION_BYTES,
  attestationAttributes,
  attestationHolds,
  attestationMessage,
  attestationsOf,
  attestorId,
  isAttestationAttribute,
  type AttestorSignature,
} from "../../../../src/format/signing/attestations.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const RECORD: ActivityRecord = {
  provider: providerId("small-pv"),
  recordId: "m-1",
  scenario: "pv-generation",
  startedAt: 120 as UnixSeconds,
  endedAt: null,
  quantity: 1_500_000n as MicroUnits,
  unit: "kWh",
  attributes: { capacity: "5" },
};
const seed = (byte: number) => new Uint8Array(32).fill(byte);
const signedBy = (byte: number, record: ActivityRecord = RECORD): AttestorSignature => ({
  publicKey: publicKeyOf(seed(byte)),
  signature: signEd25519(attestationMessage(record), seed(byte)),
});
const withAttributes = (attributes: Record<string, string>): ActivityRecord => ({
  ...RECORD,
  attributes: { ...RECORD.attributes, ...attributes },
});
const carrying = (...attestations: AttestorSignature[]) =>
  withAttributes(attestationAttributes(attestations));

describe("what attestors sign of a record", () => {
  it("is its tag and the hash of the members that they know", () => {
    const json =
      '{"attributes":{"capacity":"5"},"endedAt":null,"provider":"small-pv","quantity":"1.5",' +
      '"recordId":"m-1","revision":0,"scenario":"pv-generation","startedAt":120,"unit":"kWh"}';
    const message = attestationMessage(RECORD);
    expect(message.subarray(0, -32)).toEqual(utf8("microtonne-attested-record/1\n"));
    expect(toHex(message.subarray(-32))).toBe(toHex(keccak(utf8(json))));
    const { attributes: _, ...without } = RECORD;
    const bare = json.replace('{"capacity":"5"}', "{}");
    expect(toHex(attestationMessage(without).subarray(-32))).toBe(toHex(keccak(utf8(bare))));
  });

  it("is the same whoever else signed, and another with any other member", () => {
    const message = toHex(attestationMessage(RECORD));
    expect(toHex(attestationMessage(carrying(signedBy(1), signedBy(2))))).toBe(message);
    expect(toHex(attestationMessage({ ...RECORD, consentText: "v2", evidence: "metered" }))).toBe(message);
    const others: Partial<ActivityRecord>[] = [
      { attributes: { capacity: "6" } },
      { attributes: { capacity: "5", "attestor-6": "x" } },
      { endedAt: 180 as UnixSeconds },
      { provider: providerId("other") },
      { quantity: 1_500_001n as MicroUnits },
      { recordId: "m-2" },
      { revision: 1 },
      { scenario: "metro" },
      { startedAt: 121 as UnixSeconds },
      { unit: "km" },
    ];
    for (const other of others)
      expect([other, toHex(attestationMessage({ ...RECORD, ...other }))]).not.toEqual([other, message]);
  });
});

describe("attestors' signatures among a record's attributes", () => {
  it("come back as they went in, up to five", () => {
    const five = [1, 2, 3, 4, 5].map((byte) => signedBy(byte));
    for (let count = 0; count <= 5; count++)
      expect(attestationsOf(carrying(...five.slice(0, count)))).toEqual(five.slice(0, count));
    expect(() => attestationAttributes([...five, signedBy(6)])).toThrow(refusedFor("attestation.malformed"));
    expect(() => attestationAttributes([...five, signedBy(6)])).toThrow(/at most 5 attestors/);
    const { attributes: _, ...without } = RECORD;
    expect(attestationsOf(without)).toEqual([]);
  });

  it("stand in three attributes each: the key, and the halves of the signature", () => {
    const { publicKey, signature } = signedBy(1);
    expect(attestationAttributes([signedBy(1), signedBy(2)])).toMatchObject({
      "attestor-1": toHex(publicKey).slice(2),
      "attestor-1-r": toHex(signature.subarray(0, 32)).slice(2),
      "attestor-1-s": toHex(signature.subarray(32)).slice(2),
      "attestor-2": attestorId(publicKeyOf(seed(2))),
    });
    expect(ATTESTATION_BYTES).toBe(96);
    const names = Object.keys(attestationAttributes([signedBy(1)]));
    expect(names.every(isAttestationAttribute)).toBe(true);
    for (const name of [
      "attestor-0",
      "attestor-6",
      "attestor-1-t",
      "attestor-1-",
      "xattestor-1",
      "attestor-12",
    ])
      expect([name, isAttestationAttribute(name)]).toEqual([name, false]);
  });

  it("are refused where a key or signature has another length", () => {
    const { publicKey, signature } = signedBy(1);
    for (const one of [
      { publicKey: publicKey.subarray(1), signature },
      { publicKey, signature: signature.subarray(1) },
    ]) {
      expect(() => attestationAttributes([one])).toThrow(refusedFor("attestation.malformed"));
      expect(() => attestationAttributes([one])).toThrow(/key has 32 bytes and its signature 64/);
    }
  });

  it("are refused where a piece is missing or out of form", () => {
    const whole = attestationAttributes([signedBy(1), signedBy(2)]);
    const { "attestor-1-r": half = "", ...cut } = whole;
    const cases: [Record<string, string>, RegExp][] = [
      [cut, /is cut/],
      [{ ...cut, "attestor-3": half }, /three attributes of 64 lower-case hex digits/],
      ...["attestor-1", "attestor-1-r", "attestor-2-s"].flatMap(
        (name): [Record<string, string>, RegExp][] => [
          [{ ...whole, [name]: half.toUpperCase().replace(/^./, "A") }, /64 lower-case hex digits/],
          [{ ...whole, [name]: half.slice(1) }, /64 lower-case hex digits/],
        ],
      ),
    ];
    for (const [attributes, told] of cases) {
      expect(() => attestationsOf(withAttributes(attributes))).toThrow(refusedFor("attestation.malformed"));
      expect(() => attestationsOf(withAttributes(attributes))).toThrow(told);
    }
  });

  it("hold over this record and by this key alone", () => {
    expect(attestationHolds(RECORD, signedBy(1))).toBe(true);
    expect(attestationHolds({ ...RECORD, recordId: "m-2" }, signedBy(1))).toBe(false);
    expect(attestationHolds(RECORD, { ...signedBy(1), publicKey: publicKeyOf(seed(2)) })).toBe(false);
  });
});
