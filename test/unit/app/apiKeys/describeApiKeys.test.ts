import { describe, expect, it } from "vitest";
import { authenticator } from "../../../../src/app/apiKeys/authenticator.ts";
import { secretHashOf } from "../../../../src/app/apiKeys/createApiKey.ts";
import { describeApiKeys } from "../../../../src/app/apiKeys/describeApiKeys.ts";
import { revokeApiKey } from "../../../../src/app/apiKeys/revokeApiKey.ts";
import { knownRoles, ROLES } from "../../../../src/app/apiKeys/roles.ts";
import type { Context } from "../../../../src/app/context.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const NOW = 1_750_000_000;
const SECRET = "s".repeat(43);
const KEY_ID = "0123456789abcdef";
const ROW = {
  tenant: "keys",
  key_id: KEY_ID,
  secret_hash: secretHashOf(SECRET),
  label: "nightly",
  roles: "ingest,read,king",
  created_at: BigInt(NOW),
  expires_at: null as bigint | null,
  revoked_at: null as bigint | null,
};
/** A database that answers each question with these rows, and what it was asked. */
function place(rows: readonly unknown[]) {
  const asked: unknown[][] = [];
  const query = (_sql: string, parameters: unknown[]) => {
    asked.push(parameters);
    return Promise.resolve(rows);
  };
  const clock = { now: () => NOW as UnixSeconds };
  return { asked, context: { db: { query } as unknown as Context["db"], tenant: tenantId("keys"), clock } };
}
const DESCRIBED = {
  keyId: KEY_ID,
  label: "nightly",
  roles: ["read", "ingest"],
  createdAt: "2025-06-15T15:06:40Z",
  expiresAt: null,
  revokedAt: null,
};

describe("keys to the service", () => {
  it("are described without their secrets, with times as text", async () => {
    const ended = { ...ROW, expires_at: BigInt(NOW + 60), revoked_at: BigInt(NOW + 1) };
    expect(await describeApiKeys(place([ROW, ended]).context)).toEqual([
      DESCRIBED,
      { ...DESCRIBED, expiresAt: "2025-06-15T15:07:40Z", revokedAt: "2025-06-15T15:06:41Z" },
    ]);
  });

  it("are revoked by the tenant that has them, as of now", async () => {
    const { asked, context } = place([{ ...ROW, revoked_at: BigInt(NOW) }]);
    expect(await revokeApiKey(context, KEY_ID)).toEqual({ ...DESCRIBED, revokedAt: "2025-06-15T15:06:40Z" });
    expect(asked).toEqual([["keys", KEY_ID, NOW]]);
    const none = revokeApiKey(place([]).context, "x".repeat(50));
    await expect(none).rejects.toEqual(refusedFor("api-key.unknown"));
    await expect(none).rejects.toThrow(`There is no key "${"x".repeat(40)}" here.`);
  });

  it("have the roles that this program knows, in one order", () => {
    expect(ROLES).toEqual(["read", "ingest", "operate", "admin", "metrics"]);
    expect(knownRoles(["metrics", "admin", "operate", "ingest", "read"])).toEqual(ROLES);
    expect(knownRoles(["reads", ""])).toEqual([]);
  });
});

describe("a token", () => {
  const token = `mt_${KEY_ID}_${SECRET}`;

  it("says whose it is and what it may do", async () => {
    const { authenticate } = authenticator(place([ROW]).context);
    expect(await authenticate(token)).toEqual({ tenant: "keys", keyId: KEY_ID, roles: ["read", "ingest"] });
    expect(await authenticate(`mt_${KEY_ID}_${"t".repeat(43)}`)).toBeNull();
    expect(await authenticator(place([]).context).authenticate(token)).toBeNull();
  });

  it.each([
    "",
    `x${token}`,
    `${token}x`,
    `mt_${KEY_ID}_${SECRET.slice(1)}`,
    `mt_${KEY_ID.slice(1)}_${SECRET}`,
    `mt_${KEY_ID.toUpperCase()}_${SECRET}`,
    `mt_${KEY_ID}_${SECRET.slice(1)}+`,
    `mt-${KEY_ID}-${SECRET}`,
  ])("that is malformed is nobody's, and costs no look-up: %s", async (malformed) => {
    const { asked, context } = place([ROW]);
    expect(await authenticator(context).authenticate(malformed)).toBeNull();
    expect(asked).toEqual([]);
  });

  it("is looked up once while it is remembered, and each time where there is none", async () => {
    const known = place([ROW]);
    const one = authenticator(known.context);
    for (let times = 0; times < 3; times++) await one.authenticate(token);
    expect(known.asked).toEqual([[KEY_ID]]);
    const unknown = place([]);
    const other = authenticator(unknown.context);
    for (let times = 0; times < 3; times++) await other.authenticate(token);
    expect(unknown.asked).toHaveLength(3);
  });

  it("is remembered beside ten thousand others, and looked up anew behind them", async () => {
    const { asked, context } = place([ROW]);
    const { authenticate } = authenticator(context);
    const other = (n: number) => `mt_${n.toString(16).padStart(16, "0")}_${SECRET}`;
    for (let n = 0; n < 10_000; n++) await authenticate(other(n));
    await authenticate(other(0));
    expect(asked).toHaveLength(10_000);
    await authenticate(token);
    await authenticate(other(0));
    expect(asked).toHaveLength(10_002);
  });
});
