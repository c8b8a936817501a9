import { describe, expect, it } from "vitest";
import { providerId } from "../../../../../src/base/lib/ids.ts";
import type { ProviderKey } from "../../../../../src/base/types/providerKey.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { checkKeyEntry } from "../../../../../src/stages/ingest/providerKeys/checkKeyEntry.ts";
import { refusedFor } from "../../../../support/refusedFor.ts";

const at = (seconds: number) => seconds as UnixSeconds;
const STORED: ProviderKey = {
  provider: providerId("metro"),
  publicKey: new Uint8Array(32),
  validFrom: at(100),
  validTo: at(200),
  required: true,
  revocation: null,
};

describe("entering a provider's key that is here", () => {
  it("is nothing where it is the same", () => {
    const { revocation: _none, ...entry } = STORED;
    for (const validTo of [at(200), null])
      expect(() => checkKeyEntry({ ...entry, validTo }, { ...STORED, validTo })).not.toThrow();
  });

  it.each<[string, Partial<ProviderKey>]>([
    ["beginning", { validFrom: at(99) }],
    ["end", { validTo: at(201) }],
    ["open end", { validTo: null }],
    ["requirement", { required: false }],
    ["revocation", { revocation: { at: at(150), reason: "retired" } }],
  ])("is refused where it is here with another %s", (_what, change) => {
    expect(() => checkKeyEntry(STORED, { ...STORED, ...change })).toThrowError(
      refusedFor("provider-key.exists"),
    );
  });
});
