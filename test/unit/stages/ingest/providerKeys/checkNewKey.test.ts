import { describe, expect, it } from "vitest";
import { providerId } from "../../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { publicKeyOf } from "../../../../../src/format/ed25519.ts";
import { checkNewKey } from "../../../../../src/stages/ingest/providerKeys/checkNewKey.ts";
import type { KeyEntry } from "../../../../../src/stages/ingest/ports.ts";
import { isCommitted } from "../../../../../src/stages/pool/isCommitted.ts";
import { toldCodeOf } from "../../../format/support/vectors.ts";

const key = (change: Partial<KeyEntry> = {}): KeyEntry => ({
  provider: providerId("metro"),
  publicKey: publicKeyOf(new Uint8Array(32).fill(7)),
  validFrom: 10 as UnixSeconds,
  validTo: null,
  required: true,
  ...change,
});
const check = (change: Partial<KeyEntry>, unsigned = 0) =>
  toldCodeOf(() => checkNewKey(key(change), unsigned));

describe("a key that is new in the book", () => {
  it("is a point of the curve with a window that has a length", () => {
    expect(check({})).toBe("accepted");
    expect(check({ validTo: 11 as UnixSeconds })).toBe("accepted");
    expect(check({ publicKey: new Uint8Array() })).toBe("provider-key.malformed");
    expect(check({ publicKey: new Uint8Array(32) })).toBe("provider-key.malformed");
    for (const validTo of [9, 10] as UnixSeconds[]) expect(check({ validTo })).toBe("provider-key.window");
  });

  it("may not make verifiers refuse acts that wait for a commit, unless it is optional", () => {
    expect(check({}, 1)).toBe("provider-key.unsigned-acts");
    expect(check({ required: false }, 1)).toBe("accepted");
  });

  it("waits for a commit that may still fail", () => {
    for (const state of [null, "closing", "sealed", "committing"] as const)
      expect(isCommitted(state)).toBe(false);
    for (const state of ["committed", "minting", "minted"] as const) expect(isCommitted(state)).toBe(true);
  });
});
