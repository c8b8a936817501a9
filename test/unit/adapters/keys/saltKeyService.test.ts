import { createHmac, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { saltKeyService } from "../../../../src/adapters/keys/saltKeyService.ts";
import type { ActivityKey } from "../../../../src/base/types/ids.ts";
import type { SaltKeyService } from "../../../../src/stages/dedupe/ports.ts";

const sealingSecret = new Uint8Array(32).fill(7);
let drawn = 0;
const randomness = { bytes: (length: number) => new Uint8Array(length).fill(++drawn) };
const saltKeys = () => saltKeyService({ sealingSecret, randomness });

describe("salt keys", () => {
  it("are random bytes, from which a salt is the HMAC over purpose, closing and activity key", async () => {
    const bytes = new Uint8Array(randomBytes(3 * 44));
    const keys = saltKeyService({ sealingSecret, randomness: { bytes: () => bytes.slice() } });
    const sealed = await keys.newSaltKeys(3);
    const requests = sealed.map((storedSaltKey, i) => ({
      storedSaltKey,
      closingId: new Uint8Array(32).fill(i),
      activityKey: new Uint8Array(32).fill(9) as ActivityKey,
    }));
    const salts = requests.map(({ closingId, activityKey }, i) =>
      createHmac("sha256", bytes.subarray(44 * i + 12, 44 * (i + 1)))
        .update("microtonne/leaf-salt/1")
        .update(closingId)
        .update(activityKey)
        .digest("hex"),
    );
    expect((await keys.leafSalts(requests)).map((salt) => Buffer.from(salt).toString("hex"))).toEqual(salts);
    expect(await keys.leafSalts([])).toEqual([]);
    expect(await keys.newSaltKeys(0)).toEqual([]);
  });

  it("derives the same salt again from a sealed salt key, and others for other closings, keys", async () => {
    const keys = saltKeys();
    const storedSaltKey = await newSaltKey(keys);
    const ask = (closing: number, key: number) => ({
      storedSaltKey,
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
    const storedSaltKey = await newSaltKey(saltKeys());
    const request = { closingId: new Uint8Array(32), activityKey: new Uint8Array(32) as ActivityKey };
    const altered = storedSaltKey.with(20, (storedSaltKey[20] as number) ^ 1);
    const elsewhere = saltKeyService({ sealingSecret: new Uint8Array(32).fill(8), randomness });
    expect(() => saltKeys().leafSalts([{ ...request, storedSaltKey: altered }])).toThrowError(
      expect.objectContaining({ code: "keys.unseal" }),
    );
    expect(() => elsewhere.leafSalts([{ ...request, storedSaltKey }])).toThrowError(
      expect.objectContaining({ code: "keys.unseal" }),
    );
  });
});

async function newSaltKey(keys: SaltKeyService): Promise<Uint8Array> {
  return (await keys.newSaltKeys(1))[0] as Uint8Array;
}
