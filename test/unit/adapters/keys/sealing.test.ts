import { createSecretKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { seal, sealer, unseal } from "../../../../src/adapters/keys/sealing.ts";
import { systemRandomness } from "../../../../src/app/process/system.ts";

const SECRET = new Uint8Array(32).fill(7);
const own = sealer(SECRET, "webhooks", systemRandomness);
const opening = expect.objectContaining({ code: "keys.unseal" }) as Error;

describe("a sealed secret", () => {
  it("opens in its own row and shows nothing outside of it, twice sealed never the same", () => {
    const sealed = own.seal("whsec_abc", "tenant/ep_1");
    expect(own.unseal(sealed, "tenant/ep_1")).toBe("whsec_abc");
    expect(Buffer.from(sealed).toString("latin1")).not.toContain("whsec");
    expect(own.seal("whsec_abc", "tenant/ep_1")).not.toEqual(sealed);
  });

  it("opens in no other row, for no other purpose, under no other secret, nor once altered", () => {
    const sealed = own.seal("whsec_abc", "tenant/ep_1");
    expect(() => own.unseal(sealed, "tenant/ep_2")).toThrowError(opening);
    expect(() => sealer(SECRET, "other", systemRandomness).unseal(sealed, "tenant/ep_1")).toThrowError(
      opening,
    );
    expect(() =>
      sealer(new Uint8Array(32), "webhooks", systemRandomness).unseal(sealed, "tenant/ep_1"),
    ).toThrowError(opening);
    for (const index of sealed.keys()) {
      const altered = sealed.slice();
      altered[index] = (altered[index] as number) ^ 1;
      expect(() => own.unseal(altered, "tenant/ep_1")).toThrowError(opening);
    }
    for (let length = 0; length < sealed.length; length++)
      expect(() => own.unseal(sealed.subarray(0, length), "tenant/ep_1")).toThrowError(opening);
  });

  it("takes a tag of its whole length alone", () => {
    const key = createSecretKey(SECRET);
    const sealed = seal(key, new Uint8Array(12).fill(1), new Uint8Array(0));
    expect(unseal(key, sealed)).toHaveLength(0);
    // Of four bytes, which node:crypto takes where no length is given, an attacker tries all.
    const tag = expect.objectContaining({ code: "ERR_CRYPTO_INVALID_AUTH_TAG" }) as Error;
    for (const bytes of [4, 8, 12, 15])
      expect(() => unseal(key, sealed.subarray(0, bytes))).toThrowError(tag);
  });
});
