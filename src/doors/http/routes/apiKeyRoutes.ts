import { z } from "zod";
import { createApiKey } from "../../../app/apiKeys/createApiKey.ts";
import { describeApiKeys } from "../../../app/apiKeys/describeApiKeys.ts";
import { revokeApiKey } from "../../../app/apiKeys/revokeApiKey.ts";
import { ROLES } from "../../../app/apiKeys/roles.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { ok, route } from "../pipeline/route.ts";
import { timeText } from "../schemas/common.ts";

const key = z
  .object({
    keyId: z.string(),
    label: z.string(),
    roles: z.array(z.enum(ROLES)),
    createdAt: timeText,
    expiresAt: timeText.nullable(),
    revokedAt: timeText.nullable(),
  })
  .meta({ id: "ApiKey" });
const order = z.strictObject({
  label: z.string().min(1).max(100).meta({ description: "What the key is for." }),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
  expiresAt: z.iso
    .datetime()
    .nullable()
    .default(null)
    .meta({ description: "ISO 8601, UTC. Null: until it is revoked." }),
});

/** The tenant's own keys. */
export const apiKeyRoutes = [
  route({
    method: "get",
    path: "/v1/api-keys",
    operationId: "listApiKeys",
    tag: "Keys",
    summary: "All keys, revoked ones included",
    role: "admin",
    answers: { 200: { description: "Oldest first; never a token.", json: z.object({ keys: z.array(key) }) } },
    handle: async ({ context }) => ok({ keys: await describeApiKeys(context) }),
  }),
  route({
    method: "post",
    path: "/v1/api-keys",
    operationId: "createApiKey",
    tag: "Keys",
    summary: "Make a key",
    description:
      "The token is shown in this answer and never again; only its hash is kept. So this request takes " +
      "no Idempotency-Key.",
    role: "admin",
    body: order,
    answers: {
      201: {
        description: "The key with its token.",
        json: key.extend({ token: z.string() }).meta({ id: "NewApiKey" }),
      },
    },
    async handle({ context, body }) {
      const expiresAt =
        body.expiresAt === null ? null : (Math.floor(Date.parse(body.expiresAt) / 1000) as UnixSeconds);
      return {
        status: 201,
        headers: { "Cache-Control": "no-store" },
        json: await createApiKey(context, { ...body, tenant: context.tenant, expiresAt }),
      };
    },
  }),
  route({
    method: "delete",
    path: "/v1/api-keys/{key}",
    operationId: "revokeApiKey",
    tag: "Keys",
    summary: "Revoke a key, for good",
    description: "It stops working at once in this process and within five seconds in others.",
    role: "admin",
    params: z.strictObject({ key: z.string().min(1).max(40).meta({ description: "The key's id." }) }),
    answers: { 200: { description: "The key.", json: key } },
    async handle({ service, context, params }) {
      const revoked = await revokeApiKey(context, params.key);
      service.forgetKey(revoked.keyId);
      return ok(revoked);
    },
  }),
];
