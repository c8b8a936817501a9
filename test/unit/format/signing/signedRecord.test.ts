import { expect, it } from "vitest";
import { providerKeyId, recordNonce, subjectDigest } from "../../../../src/format/signing/signedRecord.ts";

const SHORT = new Uint8Array(31);

it.each([
  ["nonce", () => subjectDigest(SHORT, "somebody")],
  ["file salt", () => recordNonce(SHORT, "r1")],
  ["public key", () => providerKeyId(SHORT)],
])("a %s has 32 bytes", (field, make) => {
  expect(make).toThrow(
    expect.objectContaining({
      code: "signed-record.malformed",
      message: `A ${field} has 32 bytes, not 31.`,
    }),
  );
});
