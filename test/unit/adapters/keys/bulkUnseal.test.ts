import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BulkUnseal } from "../../../../src/adapters/keys/bulkUnseal.ts";
import { seal, unseal } from "../../../../src/adapters/keys/sealing.ts";

const word = fc.uint8Array({ minLength: 32, maxLength: 32 });
const nonce = fc.uint8Array({ minLength: 12, maxLength: 12 });

describe("opening many sealed secrets", () => {
  it("gives what was sealed, as the platform gives it, under any secret", () => {
    const sealedOnes = fc.array(fc.tuple(nonce, word), { maxLength: 9 });
    fc.assert(
      fc.property(word, sealedOnes, (secretBytes, list) => {
        const secret = createSecretKey(secretBytes);
        const sealed = list.map(([salt, plain]) => seal(secret, salt, plain));
        const opened = new BulkUnseal(secret).open(sealed);
        expect(Buffer.from(opened as Uint8Array)).toEqual(Buffer.concat(list.map(([, plain]) => plain)));
        expect(sealed.map((one) => unseal(secret, one))).toEqual(list.map(([, plain]) => plain));
      }),
    );
  });

  it("gives nothing at all where a bit of any is another one", () => {
    const secret = createSecretKey(randomBytes(32));
    const bulk = new BulkUnseal(secret);
    const sealed = Array.from({ length: 3 }, () => seal(secret, randomBytes(12), randomBytes(32)));
    for (const place of [0, 1, 2]) {
      for (let bit = 0; bit < 8 * 60; bit++) {
        const one = sealed[place] as Uint8Array;
        const turned = one.with(bit >> 3, (one[bit >> 3] as number) ^ (1 << (bit & 7)));
        expect(bulk.open(sealed.with(place, turned))).toBeNull();
      }
    }
    expect(bulk.open(sealed)).not.toBeNull();
  });

  it("gives nothing where two secrets' parts are mixed, or the length is another one", () => {
    const secret = createSecretKey(randomBytes(32));
    const bulk = new BulkUnseal(secret);
    const [a, b] = [0, 1].map(() => seal(secret, randomBytes(12), randomBytes(32))) as [
      Uint8Array,
      Uint8Array,
    ];
    const mixed = (at: number) => Uint8Array.from([...a.subarray(0, at), ...b.subarray(at)]);
    for (const at of [12, 28, 44]) expect(bulk.open([mixed(at)])).toBeNull();
    for (const odd of [new Uint8Array(), a.subarray(0, 59), Uint8Array.from([...a, 0])])
      expect(bulk.open([a, odd])).toBeNull();
    const bound = seal(secret, randomBytes(12), randomBytes(32), Uint8Array.of(1));
    expect(bulk.open([bound])).toBeNull();
    const elsewhere = seal(createSecretKey(randomBytes(32)), randomBytes(12), randomBytes(32));
    expect(bulk.open([elsewhere])).toBeNull();
  });
});
