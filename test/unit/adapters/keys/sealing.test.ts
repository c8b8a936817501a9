import { describe, expect, it } from "vitest";
import { sealer } from "../../../../src/adapters/keys/sealing.ts";
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
    expect(() => own.unseal(sealed.subarray(0, 20), "tenant/ep_1")).toThrowError(opening);
  });
});
