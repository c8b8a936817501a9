import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HmacBatch } from "../../../src/format/hmacBatch.ts";

describe("HMAC-SHA-256 of many messages", () => {
  it("is that of each, whatever their lengths", () => {
    const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), messages, (key, given) => {
        expect(new HmacBatch(key).of(given)).toEqual(given.map((message) => hmac(sha256, key, message)));
      }),
    );
  });
});
