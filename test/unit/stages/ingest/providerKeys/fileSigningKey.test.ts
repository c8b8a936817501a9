import { describe, expect, it } from "vitest";
import { toHex } from "../../../../../src/base/lib/bytes.ts";
import { providerId, tenantId } from "../../../../../src/base/lib/ids.ts";
import { SECONDS_PER_DAY } from "../../../../../src/base/lib/time/units.ts";
import type { ProviderKey } from "../../../../../src/base/types/providerKey.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { publicKeyOf, signEd25519 } from "../../../../../src/format/ed25519.ts";
import {
  FILE_SIGNATURE_FORMAT,
  fileStatementMessage,
  type FileSignature,
  type FileStatement,
} from "../../../../../src/format/signing/fileSignature.ts";
import { providerKeyId } from "../../../../../src/format/signing/signedRecord.ts";
import { checkFileStatement } from "../../../../../src/stages/ingest/providerKeys/checkFileStatement.ts";
import { fileSigningKey } from "../../../../../src/stages/ingest/providerKeys/fileSigningKey.ts";
import { refusedFor } from "../../../../support/refusedFor.ts";

const SEED = new Uint8Array(32).fill(7);
const WORD = toHex(new Uint8Array(32).fill(1));
const NOW = 1_700_000_000 as UnixSeconds;
const MAX_AGE_DAYS = 3;
const METRO = providerId("metro");
const key = (change: Partial<ProviderKey> = {}): ProviderKey => ({
  provider: METRO,
  publicKey: publicKeyOf(SEED),
  validFrom: 0 as UnixSeconds,
  validTo: null,
  required: true,
  revocation: null,
  ...change,
});
const signed = (signedAt: number, change: Partial<FileSignature> = {}): FileSignature => {
  const statement: FileStatement = {
    format: FILE_SIGNATURE_FORMAT,
    provider: METRO,
    keyId: providerKeyId(publicKeyOf(SEED)),
    tenant: tenantId("operator"),
    profileHash: WORD,
    records: 1,
    root: WORD,
    saltHash: WORD,
    signedAt: signedAt as UnixSeconds,
  };
  const signature = toHex(signEd25519(fileStatementMessage(statement), SEED));
  return { ...statement, fileSalt: WORD, signature, ...change };
};
const refusal = (code: string) => refusedFor(code);

describe("the key behind a signed file", () => {
  it("is the one that its statement names, from the oldest allowed second to five minutes ahead", () => {
    const other = key({ publicKey: publicKeyOf(new Uint8Array(32).fill(8)) });
    for (const at of [NOW, NOW + 300, NOW - MAX_AGE_DAYS * SECONDS_PER_DAY])
      expect(fileSigningKey(signed(at), [other, key()], NOW, MAX_AGE_DAYS)).toEqual(publicKeyOf(SEED));
  });

  it.each<[string, FileSignature, ProviderKey[]]>([
    ["signature.key-unknown", signed(NOW), []],
    ["signature.invalid", signed(NOW, { records: 2 }), [key()]],
    ["signature.future", signed(NOW + 301), [key()]],
    ["signature.stale", signed(NOW - MAX_AGE_DAYS * SECONDS_PER_DAY - 1), [key()]],
    ["signature.key-expired", signed(NOW - 1), [key({ validFrom: NOW })]],
    ["signature.key-expired", signed(NOW), [key({ validTo: NOW })]],
    ["signature.key-revoked", signed(NOW), [key({ revocation: { at: NOW, reason: "retired" } })]],
    // Signed before the compromise by what the statement says, and arrived after it.
    ["signature.key-revoked", signed(NOW - 9), [key({ revocation: { at: NOW, reason: "compromised" } })]],
  ])("is refused by name: %s", (code, signature, keys) => {
    expect(() => fileSigningKey(signature, keys, NOW, MAX_AGE_DAYS)).toThrowError(refusal(code));
  });
});

describe("a signed file's statement", () => {
  const ours = { provider: METRO, tenant: tenantId("operator"), profileHash: WORD };
  it("passes where it is meant for us", () => {
    expect(() => checkFileStatement(signed(NOW), ours)).not.toThrow();
  });
  it.each([
    ["signature.provider", { provider: providerId("bus") }],
    ["signature.tenant", { tenant: tenantId("other") }],
    ["signature.profile", { profileHash: toHex(new Uint8Array(32)) }],
  ])("is refused by name: %s", (code, change) => {
    expect(() => checkFileStatement(signed(NOW), { ...ours, ...change })).toThrowError(refusal(code));
  });
});
