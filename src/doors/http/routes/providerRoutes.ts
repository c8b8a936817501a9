import { z } from "zod";
import { addProviderKey } from "../../../app/providers/addProviderKey.ts";
import { listProviderKeys } from "../../../app/providers/listProviderKeys.ts";
import { revokeProviderKey } from "../../../app/providers/revokeProviderKey.ts";
import { providerId as asProvider } from "../../../base/lib/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { ok, route } from "../pipeline/route.ts";
import { massText, providerId, timeText, word } from "../schemas/common.ts";

const key = z
  .object({
    provider: providerId,
    keyId: word,
    publicKey: word,
    validFrom: timeText,
    validTo: timeText.nullable().meta({ description: "Exclusive; null where no end is fixed." }),
    required: z.boolean().meta({ description: "True: nothing unsigned is taken from the provider." }),
    revokedAt: timeText.nullable(),
    reason: z.enum(["retired", "compromised"]).nullable(),
  })
  .meta({ id: "ProviderKey" });
const time = z.iso.datetime().nullable().default(null);
const params = z.strictObject({ provider: providerId });
const seconds = (text: string | null): UnixSeconds | null =>
  text === null ? null : (Math.floor(Date.parse(text) / 1000) as UnixSeconds);

/** The book of providers' signing keys: only public keys. */
export const providerRoutes = [
  route({
    method: "get",
    path: "/v1/provider-keys",
    operationId: "listProviderKeys",
    tag: "Providers",
    summary: "The keys with which providers sign what they send",
    role: "read",
    query: z.strictObject({ provider: providerId.optional() }),
    answers: { 200: { description: "By provider and beginning.", json: z.object({ keys: z.array(key) }) } },
    handle: async ({ context, query }) =>
      ok({
        keys: await listProviderKeys(
          context,
          query.provider === undefined ? null : asProvider(query.provider),
        ),
      }),
  }),
  route({
    method: "post",
    path: "/v1/providers/{provider}/keys",
    operationId: "addProviderKey",
    tag: "Providers",
    summary: "Take a provider's public key into the book",
    role: "admin",
    params,
    body: z.strictObject({
      publicKey: z.string().max(66).meta({ description: "Ed25519, 0x and 64 hex digits." }),
      validFrom: time.meta({ description: "Null: now." }),
      validTo: time.meta({ description: "Null: no end." }),
      required: z.boolean().default(true),
    }),
    idempotent: true,
    answers: { 201: { description: "The key.", json: key } },
    handle: async ({ context, params: { provider }, body }) => ({
      status: 201,
      json: await addProviderKey(context, {
        provider: asProvider(provider),
        publicKey: body.publicKey,
        validFrom: seconds(body.validFrom),
        validTo: seconds(body.validTo),
        required: body.required,
      }),
    }),
  }),
  route({
    method: "post",
    path: "/v1/providers/{provider}/keys/{key}/revoke",
    operationId: "revokeProviderKey",
    tag: "Providers",
    summary: "Revoke a provider's key, and learn which records that concerns",
    role: "admin",
    params: params.extend({
      key: z.string().min(1).max(80).meta({ description: "The key's id, or its first digits." }),
    }),
    body: z.strictObject({
      reason: z.enum(["retired", "compromised"]),
      at: time.meta({ description: "From when on. Null: from now on." }),
    }),
    idempotent: true,
    answers: {
      200: {
        description: "The key, and the records that arrived after a compromise.",
        json: z
          .object({
            key,
            open: z.int(),
            elsewhere: z.int(),
            batches: z.array(z.object({ batchId: word, records: z.int(), milligrams: massText })),
          })
          .meta({ id: "RevokedProviderKey" }),
      },
    },
    handle: async ({ context, params: { provider, key: keyId }, body }) =>
      ok(
        await revokeProviderKey(context, {
          provider: asProvider(provider),
          keyId,
          reason: body.reason,
          at: seconds(body.at),
        }),
      ),
  }),
];
