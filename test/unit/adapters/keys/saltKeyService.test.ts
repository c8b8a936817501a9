import { createHmac, createSecretKey, hkdfSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { saltKeyService } from "../../../../src/adapters/keys/saltKeyService.ts";
import { seal } from "../../../../src/adapters/keys/sealing.ts";
import type { ActivityKey, ProviderId, SubjectKey, TenantId } from "../../../../src/base/types/ids.ts";
import type { SaltHolder, SaltKeyService } from "../../../../src/stages/dedupe/ports.ts";

const sealingSecret = new Uint8Array(32).fill(7);
const randomness = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const saltKeys = () => saltKeyService({ sealingSecret, randomness });

const tenant = "city" as TenantId;
const activityKey = new Uint8Array(32).fill(9) as ActivityKey;
const someone: SaltHolder = { subjectKey: new Uint8Array(32).fill(5) as SubjectKey };
const nobody: SaltHolder = { subjectKey: null, provider: "city-bus" as ProviderId };
const closing = (id = 1, of = tenant) => ({ tenant: of, closingId: new Uint8Array(32).fill(id) });
const unopened = expect.objectContaining({ code: "keys.unseal" }) as Error;

/** As versions before this one stored a key: 12 bytes of nonce, the sealed key, 16 bytes of tag. */
function sealedBefore(key: Uint8Array, nonce = randomness.bytes(12)): Uint8Array {
  return seal(createSecretKey(sealingSecret), nonce, key);
}

/** A salt by the platform's HMAC. */
function saltOf(key: Uint8Array, closingId: Uint8Array): string {
  const purpose = "microtonne/leaf-salt/1";
  return createHmac("sha256", key).update(purpose).update(closingId).update(activityKey).digest("hex");
}

const hex = (bytes: readonly Uint8Array[]): string[] => bytes.map((one) => Buffer.from(one).toString("hex"));

describe("salt keys", () => {
  it("come of the secret, the stored nonce, tenant and holder; a salt is the HMAC under them", async () => {
    const holders = [someone, nobody, someone];
    const stored = await saltKeys().newSaltKeys(tenant, holders);
    const derivedFor = (purpose: string, row: Uint8Array, owner: Uint8Array, kind: number): Buffer => {
      const info = `microtonne/salt-key/2/${purpose}`;
      const key = Buffer.from(hkdfSync("sha256", sealingSecret, new Uint8Array(0), info, 32));
      const message = [row.subarray(1, 33), Buffer.from([0, tenant.length]), tenant, [kind], owner];
      const hmac = createHmac("sha256", key);
      for (const part of message) hmac.update(typeof part === "string" ? part : Uint8Array.from(part));
      return hmac.digest();
    };
    const owners = [
      [new Uint8Array(32).fill(5), 1],
      [Buffer.from("city-bus"), 2],
      [new Uint8Array(32).fill(5), 1],
    ] as const;
    const expected = stored.map((row, i) => {
      const [owner, kind] = owners[i] as (typeof owners)[number];
      expect(row).toHaveLength(49);
      expect(row[0]).toBe(2);
      const check = derivedFor("check", row, owner, kind).subarray(0, 16);
      expect(Buffer.from(row.subarray(33))).toEqual(check);
      return saltOf(derivedFor("key", row, owner, kind), closing().closingId);
    });
    const leaves = holders.map((holder, i) => ({
      ...holder,
      storedSaltKey: stored[i] as Uint8Array,
      activityKey,
    }));
    expect(hex(await saltKeys().leafSalts(closing(), leaves))).toEqual(expected);
    expect(new Set(expected).size).toBe(3);
    expect(await saltKeys().leafSalts(closing(), [])).toEqual([]);
    expect(await saltKeys().newSaltKeys(tenant, [])).toEqual([]);
  });

  it("opens no sealed key that is shorter or longer than a key", async () => {
    for (const bytes of [0, 1, 31, 33, 64]) {
      const leaf = { ...someone, activityKey, storedSaltKey: sealedBefore(new Uint8Array(bytes).fill(3)) };
      await expect(async () => saltKeys().leafSalts(closing(), [leaf])).rejects.toThrowError(unopened);
      const beside = { ...leaf, storedSaltKey: sealedBefore(new Uint8Array(32).fill(3)) };
      await expect(async () => saltKeys().leafSalts(closing(), [beside, leaf])).rejects.toThrowError(
        unopened,
      );
    }
  });

  it("derives the same salt again from a stored salt key, and others for other closings, keys", async () => {
    const keys = saltKeys();
    const storedSaltKey = await newSaltKey(keys);
    const ask = async (id: number, key: number) => {
      const leaf = { ...someone, storedSaltKey, activityKey: new Uint8Array(32).fill(key) as ActivityKey };
      return (await keys.leafSalts(closing(id), [leaf]))[0];
    };
    const [a, again, otherClosing, otherKey] = [
      await ask(1, 1),
      await ask(1, 1),
      await ask(2, 1),
      await ask(1, 2),
    ];
    expect(a).toEqual(again);
    expect(a).not.toEqual(otherClosing);
    expect(a).not.toEqual(otherKey);
  });

  it("differ from each other, and none is in what is stored of it", async () => {
    const holder = fc.oneof(
      fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((key): SaltHolder => ({ subjectKey: key as SubjectKey })),
      fc
        .string({ minLength: 1, maxLength: 40 })
        .map((id): SaltHolder => ({ subjectKey: null, provider: id as ProviderId })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(holder, { minLength: 1, maxLength: 20 }), async (holders) => {
        const keys = saltKeys();
        const stored = await keys.newSaltKeys(tenant, holders);
        const leaves = holders.map((one, i) => ({
          ...one,
          storedSaltKey: stored[i] as Uint8Array,
          activityKey,
        }));
        const salts = hex(await keys.leafSalts(closing(), leaves));
        expect(new Set(salts).size).toBe(holders.length);
        expect(new Set(hex(stored)).size).toBe(holders.length);
        for (const [i, leaf] of leaves.entries()) {
          // One at a time they are what they are together.
          expect(hex(await keys.leafSalts(closing(), [leaf]))).toEqual([salts[i]]);
          // A salt can't be had of the stored bytes without the secret.
          for (const part of [leaf.storedSaltKey.subarray(1, 33), leaf.storedSaltKey.subarray(17)])
            expect(saltOf(part, closing().closingId)).not.toBe(salts[i]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("of earlier versions, sealed, open as they did, alone and among derived ones", async () => {
    const secrets = [1, 2, 3].map(() => randomness.bytes(32));
    const keys = saltKeys();
    const leaves = [];
    for (const secret of secrets) {
      leaves.push({ ...someone, storedSaltKey: await newSaltKey(keys), activityKey });
      leaves.push({ ...nobody, storedSaltKey: sealedBefore(secret), activityKey });
    }
    const salts = hex(await keys.leafSalts(closing(), leaves));
    const sealed = secrets.map((secret) => saltOf(secret, closing().closingId));
    expect(salts.filter((_, i) => i % 2 === 1)).toEqual(sealed);
    const onlySealed = leaves.filter((_, i) => i % 2 === 1);
    expect(hex(await keys.leafSalts(closing(), onlySealed))).toEqual(sealed);
    const onlyDerived = leaves.filter((_, i) => i % 2 === 0);
    expect(hex(await keys.leafSalts(closing(), onlyDerived))).toEqual(salts.filter((_, i) => i % 2 === 0));
  });

  it("refuses a stored salt key that was altered or made elsewhere", async () => {
    const elsewhere = saltKeyService({ sealingSecret: new Uint8Array(32).fill(8), randomness });
    for (const storedSaltKey of [await newSaltKey(saltKeys()), sealedBefore(randomness.bytes(32))]) {
      for (const at of storedSaltKey.keys()) {
        const altered = storedSaltKey.with(at, (storedSaltKey[at] as number) ^ 1);
        expect(() => saltsUnder(saltKeys(), altered)).toThrowError(unopened);
      }
      expect(() => saltsUnder(saltKeys(), storedSaltKey.subarray(1))).toThrowError(unopened);
      expect(() => saltsUnder(elsewhere, storedSaltKey)).toThrowError(unopened);
    }
    expect(() => saltsUnder(saltKeys(), new Uint8Array())).toThrowError(unopened);
  });

  it("refuses a stored salt key that stands in another holder's row, or another tenant's", async () => {
    const storedSaltKey = await newSaltKey(saltKeys());
    const another: SaltHolder = { subjectKey: new Uint8Array(32).fill(6) as SubjectKey };
    expect(() => saltsUnder(saltKeys(), storedSaltKey, another)).toThrowError(unopened);
    expect(() => saltsUnder(saltKeys(), storedSaltKey, nobody)).toThrowError(unopened);
    const leaf = { ...someone, storedSaltKey, activityKey };
    expect(() => saltKeys().leafSalts(closing(1, "town" as TenantId), [leaf])).toThrowError(unopened);
  });
});

function saltsUnder(keys: SaltKeyService, storedSaltKey: Uint8Array, holder = someone) {
  return keys.leafSalts(closing(), [{ ...holder, storedSaltKey, activityKey }]);
}

async function newSaltKey(keys: SaltKeyService): Promise<Uint8Array> {
  return (await keys.newSaltKeys(tenant, [someone]))[0] as Uint8Array;
}
