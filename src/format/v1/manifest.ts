import { WHOLE_BPS } from "../../base/lib/basisPoints.ts";
import { z } from "zod";
import type { Address, BatchId, Hex, ProviderId, RegionCode, TenantId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import * as field from "../schema.ts";
import { CORE_CONTRACT_NAMES, type CoreContractName } from "./contractNames.ts";

/**
 * The manifest of `microtonne-batch/1`, frozen: it is read and verified as ever, and written no more. What
 * its rules between members are stands in `batch/checkManifest.ts`, since later manifests keep them.
 */

/** What such a manifest says that it is. */
export const MANIFEST_FORMAT_1 = "microtonne-batch/1";
/** What a manifest says of the leaves' form; the same in all formats. */
export const LEAF_SCHEMA = "microtonne-leaf/1";
/** What such a manifest says of the records' form. */
export const RECORD_SCHEMA_1 = "microtonne-record/1";

/** Of a provider not all of whose records in this batch are signed. */
export interface UnsignedProvider {
  readonly id: ProviderId;
  readonly name: string;
  readonly algorithm: "none";
  readonly signingKey: null;
  readonly validFrom: null;
  readonly validTo: null;
}
/** Every record of the provider in this batch carries a signature (`recordEvidence.ts`). */
export interface Ed25519Provider {
  readonly id: ProviderId;
  readonly name: string;
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

/** Contracts by name, lower case. The core ones are always there. */
export type ManifestContracts = Readonly<Record<CoreContractName, Address>> &
  Readonly<Record<string, Address>>;

/** Members that all formats have. */
export interface ManifestMembers {
  /** Decimal string. */
  readonly chainId: string;
  readonly contracts: ManifestContracts;
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
  readonly previousBatchId: BatchId | null;
  readonly archive: { readonly bundleLeaves: 256; readonly tileNodes: 256 };
  /** Fixed when closing starts, so that a resumed close gives the same bytes. */
  readonly createdAt: UnixSeconds;
}

/** A manifest of `microtonne-batch/1`. */
export interface Manifest1 extends ManifestMembers {
  readonly format: typeof MANIFEST_FORMAT_1;
  /** Ascending by id. */
  readonly providers: readonly (UnsignedProvider | Ed25519Provider)[];
  readonly schemas: {
    readonly leaf: typeof LEAF_SCHEMA;
    readonly record: typeof RECORD_SCHEMA_1;
    /** Hash of the list by which leaves' codes are read (`v1/scenarioClasses.ts`). */
    readonly scenarioClasses: Hex;
  };
}

const namedProvider = { id: field.providerField, name: z.string().min(1).max(200) };
export const unsignedProviderSchema = z.strictObject({
  ...namedProvider,
  algorithm: z.literal("none"),
  signingKey: z.null(),
  validFrom: z.null(),
  validTo: z.null(),
});
/** Members of a provider that signs, but for algorithm and key. */
export const signedProviderMembers = {
  ...namedProvider,
  validFrom: field.unixSecondsField,
  validTo: field.unixSecondsField.nullable(),
};
export const ed25519ProviderSchema = z.strictObject({
  ...signedProviderMembers,
  algorithm: z.literal("ed25519"),
  signingKey: field.word32,
});

/** Fields of the members that all formats have and write in one way; methodologies come from `batch`. */
export const manifestMembers = {
  chainId: field.decimalInteger,
  tenant: field.tenantField,
  operator: field.address,
  region: field.regionField,
  vintage: z.strictObject({
    startDay: field.dayField,
    endDay: field.dayField,
    timeZone: field.timeZoneField,
    tzdata: z.string().regex(/^[A-Za-z0-9.-]{1,16}$/, "must be a tzdata version such as 2025b"),
  }),
  leafCount: field.uint32,
  totalMilligrams: field.milligramsField,
  root: field.word32,
  leavesHash: field.word32,
  bufferBps: z.int().min(0).max(WHOLE_BPS),
  claimPeriodDays: field.uint32,
  keyScheme: z
    .array(
      z.strictObject({
        year: z.int().min(1970).max(9999),
        subject: field.word32,
        dedupe: field.word32,
      }),
    )
    .min(1)
    .max(3),
  subjectlessMilligrams: field.milligramsField,
  previousBatchId: field.batchIdField.nullable(),
  archive: z.strictObject({ bundleLeaves: z.literal(256), tileNodes: z.literal(256) }),
  createdAt: field.unixSecondsField,
};

/** Fields of `microtonne-batch/1` but for `methodologies`. */
export const manifest1Members = {
  ...manifestMembers,
  format: z.literal(MANIFEST_FORMAT_1),
  contracts: z.strictObject(
    Object.fromEntries(CORE_CONTRACT_NAMES.map((name) => [name, field.address])) as Record<
      CoreContractName,
      typeof field.address
    >,
  ),
  providers: z
    .array(z.discriminatedUnion("algorithm", [unsignedProviderSchema, ed25519ProviderSchema]))
    .min(1)
    .max(100_000),
  schemas: z.strictObject({
    leaf: z.literal(LEAF_SCHEMA),
    record: z.literal(RECORD_SCHEMA_1),
    scenarioClasses: field.word32,
  }),
};
