import { describe, expect, it } from "vitest";
import { sealedSaltKeys } from "../../../../src/adapters/keys/sealedSaltKeys.ts";
import type { ActivityKey } from "../../../../src/base/types/ids.ts";

const sealingSecret = new Uint8Array(32).fill(7);
let drawn = 0;
const randomness = { bytes: (length: number) => new Uint8Array(length).fill(++drawn) };
const saltKeys = () => sealedSaltKeys({ sealingSecret, randomness });

describe("salt keys", () => {
  it("derives the same salt again from a sealed salt key, and others for other closings, keys", async () => {
    const keys = saltKeys();
    const sealedSaltKey = await keys.newSaltKey();
    const ask = (closing: number, key: number) => ({
      sealedSaltKey,
      closingId: new Uint8Array(32).fill(closing),
      activityKey: new Uint8Array(32).fill(key) as ActivityKey,
    });
    const [a, again, otherClosing, otherKey] = await keys.leafSalts([
      ask(1, 1),
      ask(1, 1),
      ask(2, 1),
      ask(1, 2),
    ]);
    expect(a).toEqual(again);
    expect(a).not.toEqual(otherClosing);
    expect(a).not.toEqual(otherKey);
  });

  it("refuses a sealed salt key that was altered or sealed elsewhere", async () => {
    const sealedSaltKey = await saltKeys().newSaltKey();
    const request = { closingId: new Uint8Array(32), activityKey: new Uint8Array(32) as ActivityKey };
    const altered = sealedSaltKey.with(20, (sealedSaltKey[20] as number) ^ 1);
    const elsewhere = sealedSaltKeys({ sealingSecret: new Uint8Array(32).fill(8), randomness });
    expect(() => saltKeys().leafSalts([{ ...request, sealedSaltKey: altered }])).toThrowError(
      expect.objectContaining({ code: "keys.unseal" }),
    );
    expect(() => elsewhere.leafSalts([{ ...request, sealedSaltKey }])).toThrowError(
      expect.objectContaining({ code: "keys.unseal" }),
    );
  });
});
