import { z } from "zod";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import { CONTRACT_NAMES, type ContractAddresses } from "../../base/types/deployment.ts";
import type { Address, BatchId, Hex, ProviderId, RegionCode, TenantId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson, parseCanonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import { checkManifest } from "./checkManifest.ts";
import { methodologySchema } from "./methodology.ts";
import { RECORD_SCHEMA } from "./record.ts";
import * as field from "../schema.ts";

/** What a manifest says of the leaves' form. */
export const LEAF_SCHEMA = "microtonne-leaf/1";

/** A provider as it stands in a manifest; leaves point at it by its index. */
export type ManifestProvider = {
  readonly id: ProviderId;
  readonly name: string;
} & (UnsignedProvider | SignedProvider);

interface UnsignedProvider {
  /** Not all of its records in this batch are signed. */
  readonly algorithm: "none";
  readonly signingKey: null;
  readonly validFrom: null;
  readonly validTo: null;
}
interface SignedProvider {
  /** Every record of it in this batch carries a signature (`recordEvidence.ts`). */
  readonly algorithm: "ed25519";
  /** The 32-byte public key; of several that signed records of this batch the newest. */
  readonly signingKey: Hex;
  /** As in `ProviderKeyWindow` (`base/types/providerKey.ts`). */
  readonly validFrom: UnixSeconds;
  readonly validTo: UnixSeconds | null;
}

/** Public commitments to the keys that made the activity keys of one UTC year. */
export interface KeySchemeYear {
  readonly year: number;
  readonly subject: Hex;
  readonly dedupe: Hex;
}

/**
 * All that a batch says about itself; the hash of its canonical bytes is the batch id. Closed schema
 * `microtonne-batch/1`.
 */
export interface Manifest {
  readonly format: "microtonne-batch/1";
  /** Decimal string. */
  readonly chainId: string;
  /** Lower case. */
  readonly contracts: ContractAddresses;
  readonly tenant: TenantId;
  /** Lower case. */
  readonly operator: Address;
  readonly region: RegionCode;
  /**
   * First and last day, both inclusive, in one calendar year; days of `timeZone` by the rules of that tzdata
   * version.
   */
  readonly vintage: {
    readonly startDay: Day;
    readonly endDay: Day;
    readonly timeZone: string;
    readonly tzdata: string;
  };
  readonly leafCount: number;
  readonly totalMilligrams: Milligrams;
  readonly root: Hex;
  /** keccak-256 of all leaf bytes in order. */
  readonly leavesHash: Hex;
  /** Share that stays unminted until the claim period is over, in ten-thousandths. */
  readonly bufferBps: number;
  readonly claimPeriodDays: number;
  /** Ascending by year. */
  readonly keyScheme: readonly KeySchemeYear[];
  /** Milligrams of acts without a subject: no key compares them across platforms. */
  readonly subjectlessMilligrams: Milligrams;
  /** In full, ascending by id. */
  readonly methodologies: readonly Methodology[];
  /** Ascending by id. */
  readonly providers: readonly ManifestProvider[];
  readonly schemas: {
    readonly leaf: typeof LEAF_SCHEMA;
    readonly record: typeof RECORD_SCHEMA;
    readonly scenarioClasses: Hex;
  };
  readonly previousBatchId: BatchId | null;
  readonly archive: { readonly bundleLeaves: 256; readonly tileNodes: 256 };
  /** Fixed when closing starts, so that a resumed close gives the same bytes. */
  readonly createdAt: UnixSeconds;
}

const namedProvider = { id: field.providerField, name: z.string().min(1).max(200) };
const providerSchema = z.discriminatedUnion("algorithm", [
  z.strictObject({
    ...namedProvider,
    algorithm: z.literal("none"),
    signingKey: z.null(),
    validFrom: z.null(),
    validTo: z.null(),
  }),
  z.strictObject({
    ...namedProvider,
    algorithm: z.literal("ed25519"),
    signingKey: field.word32,
    validFrom: field.unixSecondsField,
    validTo: field.unixSecondsField.nullable(),
  }),
]);
const contractsSchema = z.strictObject(
  Object.fromEntries(CONTRACT_NAMES.map((name) => [name, field.address])) as Record<
    keyof ContractAddresses,
    typeof field.address
  >,
);
const yearSchema = z.strictObject({
  year: z.int().min(1970).max(9999),
  subject: field.word32,
  dedupe: field.word32,
});
const vintageSchema = z.strictObject({
  startDay: field.dayField,
  endDay: field.dayField,
  timeZone: field.timeZoneField,
  tzdata: z.string().regex(/^[A-Za-z0-9.-]{1,16}$/, "must be a tzdata version such as 2025b"),
});

/** Field by field; rules between fields are in `checkManifest.ts`. */
export const manifestSchema = z.strictObject({
  format: z.literal("microtonne-batch/1"),
  chainId: field.decimalInteger,
  contracts: contractsSchema,
  tenant: field.tenantField,
  operator: field.address,
  region: field.regionField,
  vintage: vintageSchema,
  leafCount: field.uint32,
  totalMilligrams: field.milligramsField,
  root: field.word32,
  leavesHash: field.word32,
  bufferBps: z.int().min(0).max(10_000),
  claimPeriodDays: field.uint32,
  keyScheme: z.array(yearSchema).min(1).max(3),
  subjectlessMilligrams: field.milligramsField,
  methodologies: z.array(methodologySchema).min(1).max(1000),
  providers: z.array(providerSchema).min(1).max(100_000),
  schemas: z.strictObject({
    leaf: z.literal(LEAF_SCHEMA),
    record: z.literal(RECORD_SCHEMA),
    scenarioClasses: field.word32,
  }),
  previousBatchId: field.batchIdField.nullable(),
  archive: z.strictObject({ bundleLeaves: z.literal(256), tileNodes: z.literal(256) }),
  createdAt: field.unixSecondsField,
});

/**
 * A manifest out of parsed JSON. @throws InputError `manifest.malformed`, or `manifest.…` for a rule between
 * fields
 */
export function parseManifest(value: unknown): Manifest {
  const manifest: Manifest = field.decodeWith(manifestSchema, value, "manifest.malformed", "manifest");
  checkManifest(manifest);
  return manifest;
}

/** The manifest as a JSON value. @throws InputError as `parseManifest` */
function manifestJson(manifest: Manifest): z.input<typeof manifestSchema> {
  checkManifest(manifest);
  // The encoder wants mutable arrays; it does not change them.
  return field.encodeWith(
    manifestSchema,
    manifest as z.output<typeof manifestSchema>,
    "manifest.malformed",
    "manifest",
  );
}

/** Canonical bytes of `manifest.json`. @throws InputError as `parseManifest` and `canonicalJson` */
export function encodeManifest(manifest: Manifest): Uint8Array {
  return utf8(canonicalJson(manifestJson(manifest)));
}

/** The manifest behind canonical bytes. @throws InputError as `parseManifest` and `parseCanonicalJson` */
export function decodeManifest(bytes: Uint8Array): Manifest {
  return parseManifest(parseCanonicalJson(bytes));
}

/** keccak-256 of the manifest's bytes; as an integer it is the ERC-1155 id. */
export function batchIdOf(manifestBytes: Uint8Array): BatchId {
  return toHex(keccak(manifestBytes)) as BatchId;
}

/** Milligrams that stay unminted at first: floor(total * bps / 10^4). @throws InputError `manifest.buffer` */
export function bufferMilligramsDown(total: Milligrams, bufferBps: number): Milligrams {
  if (!Number.isInteger(bufferBps) || bufferBps < 0 || bufferBps > 10_000) {
    throw new InputError(
      "manifest.buffer",
      `A buffer of ${String(bufferBps)} ten-thousandths is outside 0 to 10000.`,
    );
  }
  return ((total * BigInt(bufferBps)) / 10_000n) as Milligrams;
}
