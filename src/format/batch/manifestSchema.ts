import { ascends } from "../../base/lib/ascends.ts";
import { z } from "zod";
import { COUNTRY_CODE, SCENARIO_NAME } from "../../base/lib/textPatterns.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import * as field from "../schema.ts";
import {
  ed25519ProviderSchema,
  LEAF_SCHEMA,
  manifest1Members,
  manifestMembers,
  signedProviderMembers,
  unsignedProviderSchema,
  type ManifestContracts,
} from "../v1/manifest.ts";
import { RECORD_SCHEMA_2 } from "./record.ts";
import { anyMethodologySchema, methodologySchema } from "./methodology.ts";

/** Manifests field by field; rules between fields are in `checkManifest.ts`. */

/** The format that batches are written in. */
export const MANIFEST_FORMAT = "microtonne-batch/2";

/** Methodologies of one batch, whatever their schema. */
const MAX_METHODOLOGIES = 1000;
/** What a registry keeps of a claim period: 16 bits of days. */
const MAX_CLAIM_PERIOD_DAYS = 65_535;
/** Contracts that a deployment consists of. */
const MAX_CONTRACTS = 64;

const contractEntry = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Z][A-Za-z0-9]{0,63}$/,
      "must be a contract's name: a capital letter, then letters and digits",
    ),
  address: field.address,
});
const contractsField = z.codec(
  z
    .array(contractEntry)
    .min(1)
    .max(MAX_CONTRACTS)
    .refine((list) => ascends(list.map(({ name }) => name)), "must ascend by name"),
  z.custom<ManifestContracts>((value) => typeof value === "object" && value !== null, "must be contracts"),
  {
    decode: (list) =>
      Object.fromEntries(list.map(({ name, address }) => [name, address])) as ManifestContracts,
    encode: (contracts) =>
      Object.entries<Address>(contracts)
        .map(([name, address]) => ({ name, address }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  },
);
const listVersion = z.strictObject({ version: z.int().min(1), hash: field.word32 });
const sm2ProviderSchema = z.strictObject({
  ...signedProviderMembers,
  algorithm: z.literal("sm2-sm3"),
  signingKey: z.custom<Hex>(
    (value) => typeof value === "string" && /^0x04[0-9a-f]{128}$/.test(value),
    "must be 0x04 and 128 lower-case hex digits",
  ),
});
const publicText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text !== "" && text.trim() === text, "must be a text without space at its ends");
const projectSchema = z.strictObject({
  id: field.providerField,
  name: publicText(200),
  registration: publicText(100),
  creditingPeriod: z.strictObject({ startDay: field.dayField, endDay: field.dayField }),
  place: field.regionField,
  baselineHash: field.word32,
  excludes: z.array(z.string().regex(SCENARIO_NAME, "must be a scenario class")).max(1000),
});
const audience = z.enum(["public", "participants"]);

const manifest1Schema = z.strictObject({
  ...manifest1Members,
  methodologies: z.array(methodologySchema).min(1).max(MAX_METHODOLOGIES),
});
const manifest2Schema = z.strictObject({
  ...manifestMembers,
  format: z.literal(MANIFEST_FORMAT),
  claimPeriodDays: z.int().min(0).max(MAX_CLAIM_PERIOD_DAYS),
  category: z.enum(["act", "project", "behaviour"]),
  placeOfActs: field.regionField,
  hostCountry: z.string().regex(COUNTRY_CODE, "must be an ISO 3166-1 alpha-2 code"),
  correspondingAdjustment: z.enum(["none", "authorised", "applied"]),
  useBy: field.dayField.nullable(),
  title: z.strictObject({
    kind: z.enum(["consent-scope", "programme", "project-owner"]),
    documentHash: field.word32,
  }),
  campaign: z.strictObject({ id: field.providerField, documentHash: field.word32 }).nullable(),
  projects: z.array(projectSchema).max(100_000),
  scenarioClasses: listVersion,
  plausibility: listVersion,
  contracts: contractsField,
  previousDeployment: z.strictObject({ chainId: field.decimalInteger, registry: field.address }).nullable(),
  verification: z
    .strictObject({
      statementHash: field.word32,
      level: z.enum(["limited", "reasonable"]),
      opinion: z.enum(["unmodified", "qualified"]),
    })
    .nullable(),
  audience: z.strictObject({ leaves: audience, tiles: audience }),
  methodologies: z.array(anyMethodologySchema).min(1).max(MAX_METHODOLOGIES),
  providers: z
    .array(
      z.discriminatedUnion("algorithm", [unsignedProviderSchema, ed25519ProviderSchema, sm2ProviderSchema]),
    )
    .min(1)
    .max(100_000),
  schemas: z.strictObject({ leaf: z.literal(LEAF_SCHEMA), record: z.literal(RECORD_SCHEMA_2) }),
});

/** A manifest of either format. */
export const manifestSchema = z.discriminatedUnion("format", [manifest1Schema, manifest2Schema]);
