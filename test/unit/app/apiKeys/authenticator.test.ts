import { expect, it } from "vitest";
import { authenticator } from "../../../../src/app/apiKeys/authenticator.ts";
import { secretHashOf } from "../../../../src/app/apiKeys/createApiKey.ts";
import type { Context } from "../../../../src/app/context.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";

const SECRET = "s".repeat(43);
const TOKEN = `mt_0123456789abcdef_${SECRET}`;
const BEGUN = 1_750_000_000;

/** A database of one key, whose row others may change, and a clock that stands still until it is set. */
function keyRing(expiresAt: number | null) {
  const row = {
    tenant: parseConfig({}).tenant,
    key_id: "0123456789abcdef",
    secret_hash: secretHashOf(SECRET),
    label: "a key",
    roles: "read",
    created_at: BigInt(BEGUN),
    expires_at: expiresAt === null ? null : BigInt(expiresAt),
    revoked_at: null as bigint | null,
  };
  let now = BEGUN;
  const db = { query: () => Promise.resolve([{ ...row }]) } as unknown as Context["db"];
  const { authenticate, forget } = authenticator({ db, clock: { now: () => now as UnixSeconds } });
  return {
    at: async (seconds: number) => {
      now = BEGUN + seconds;
      return (await authenticate(TOKEN))?.keyId ?? null;
    },
    revokeElsewhere: (seconds: number) => (row.revoked_at = BigInt(BEGUN + seconds)),
    forget: () => forget("0123456789abcdef"),
  };
}

it("a key that another process revoked is known for five seconds more and no longer", async () => {
  const ring = keyRing(null);
  expect(await ring.at(0)).toBe("0123456789abcdef");
  ring.revokeElsewhere(1);
  expect(await ring.at(4)).toBe("0123456789abcdef");
  expect(await ring.at(5)).toBeNull();
});

it("a key that was revoked here is forgotten at once", async () => {
  const ring = keyRing(null);
  expect(await ring.at(0)).toBe("0123456789abcdef");
  ring.revokeElsewhere(1);
  ring.forget();
  expect(await ring.at(1)).toBeNull();
});

it("a key ends with the second that it expires in", async () => {
  const ring = keyRing(BEGUN + 3);
  expect(await ring.at(2)).toBe("0123456789abcdef");
  expect(await ring.at(3)).toBeNull();
});
