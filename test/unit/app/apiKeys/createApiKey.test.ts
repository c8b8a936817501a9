import { expect, it } from "vitest";
import { createApiKey, secretHashOf } from "../../../../src/app/apiKeys/createApiKey.ts";
import type { Role } from "../../../../src/app/apiKeys/roles.ts";
import type { Context } from "../../../../src/app/context.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";

const NOW = 1_750_000_000 as UnixSeconds;
const TENANT = tenantId("keys");

/** Makes a key, and answers what was stored of it. */
async function made(more: { label?: string; roles?: readonly Role[]; expiresAt?: number | null } = {}) {
  const stored: unknown[][] = [];
  const db = {
    query: (_sql: string, parameters: unknown[]) => {
      stored.push(parameters);
      return Promise.resolve([]);
    },
  } as unknown as Context["db"];
  const asked = { label: "nightly", roles: ["read"] as const, expiresAt: null, ...more };
  const key = await createApiKey(
    { db, clock: { now: () => NOW }, randomness: { bytes: (length) => new Uint8Array(length).fill(0xab) } },
    { ...asked, tenant: TENANT, expiresAt: asked.expiresAt as UnixSeconds | null },
  );
  return { key, stored };
}
const refusal = (more: Parameters<typeof made>[0]) =>
  made(more).then(
    () => null,
    (error: unknown) => [(error as { code: string }).code, (error as Error).message],
  );

it("a key is told once: what is kept of its secret is the hash", async () => {
  const { key, stored } = await made({
    label: "cafe\u0301",
    roles: ["read", "ingest", "read"],
    expiresAt: NOW + 1,
  });
  const secret = Buffer.alloc(32, 0xab).toString("base64url");
  expect(key).toMatchObject({
    keyId: "abababababababab",
    token: `mt_abababababababab_${secret}`,
    label: "caf\u00e9",
    roles: ["read", "ingest"],
  });
  expect(stored[0]).toEqual([TENANT]);
  expect(stored[1]).toEqual([
    TENANT,
    "abababababababab",
    secretHashOf(secret),
    "caf\u00e9",
    "read,ingest",
    NOW,
    NOW + 1,
    null,
  ]);
  expect(JSON.stringify(stored)).not.toContain(secret);
});

it("its label, roles and end have bounds", async () => {
  const label = ["api-key.terms", "A key's label has 1 to 100 characters."];
  expect(await refusal({ label: "a".repeat(100) })).toBeNull();
  expect(await refusal({ label: "a".repeat(101) })).toEqual(label);
  expect(await refusal({ label: " \t" })).toEqual(label);
  expect(await refusal({ roles: [] })).toEqual(["api-key.terms", "A key needs at least one role."]);
  expect(await refusal({ expiresAt: NOW + 1 })).toBeNull();
  expect(await refusal({ expiresAt: NOW })).toEqual([
    "api-key.terms",
    "A key must not expire before it is made.",
  ]);
});
