import { WHOLE_BPS, WHOLE_BPS_EXACT } from "../../base/lib/basisPoints.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { Address, BatchId, Hex, ProviderId, RegionCode } from "../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson, parseCanonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import {
  MANIFEST_FORMAT_1,
  type Ed25519Provider,
  type LEAF_SCHEMA,
  type Manifest1,
  type ManifestMembers,
  type UnsignedProvider,
} from "../v1/manifest.ts";
import { checkManifest } from "./checkManifest.ts";
import { MANIFEST_FORMAT, manifestSchema } from "./manifestSchema.ts";
import type { RECORD_SCHEMA_2 } from "./record.ts";
import * as field from "../schema.ts";
import type { z } from "zod";

/** What the leaves of a batch are; it holds one kind. Behaviour can be proved, and is never committed. */
export type BatchCategory = "act" | "project" | "behaviour";

/**
 * As `Ed25519Provider`, by China's GB/T 32918 and GB/T 32905. The id is reserved: this version can't
 * check such signatures, and says so.
 */
export interface Sm2Provider {
  readonly id: ProviderId;
  readonly name: string;
  readonly algorithm: "sm2-sm3";
  /** The 65-byte uncompressed public key, 0x04 first. */
  readonly signingKey: Hex;
  readonly validFrom: UnixSeconds;
  readonly validTo: UnixSeconds | null;
}

/** A provider as it stands in a manifest; leaves point at it by its index. */
export type ManifestProvider = UnsignedProvider | Ed25519Provider | Sm2Provider;

/** A list or a set of rules, by its version and what it hashes to. */
export interface ListVersion {
  /** From 1 on. */
  readonly version: number;
  readonly hash: Hex;
}

/** A project whose monitored reductions are the leaves of a batch. */
export interface ManifestProject {
  /** That of the provider whose records are its monitoring reports. */
  readonly id: ProviderId;
  readonly name: string;
  /** The registry's number. */
  readonly registration: string;
  /** First and last day, both inclusive. */
  readonly creditingPeriod: { readonly startDay: Day; readonly endDay: Day };
  readonly place: RegionCode;
  readonly baselineHash: Hex;
  /** Ascending names of scenario classes whose acts on the project's assets don't count beside it. */
  readonly excludes: readonly string[];
}

/**
 * All that a batch says about itself; the hash of its canonical bytes is the batch id. Closed schema
 * `microtonne-batch/2`.
 */
export interface Manifest2 extends ManifestMembers {
  readonly format: typeof MANIFEST_FORMAT;
  readonly category: BatchCategory;
  /** Where the acts took place; `region` is whose rule counts them. */
  readonly placeOfActs: RegionCode;
  /** ISO 3166-1 alpha-2: whose inventory the reduction is in. */
  readonly hostCountry: string;
  /** When the batch closed; the chain has what the country's registry says later. */
  readonly correspondingAdjustment: "none" | "authorised" | "applied";
  /** The last day of the vintage's zone on which it may be retired; null: none. */
  readonly useBy: Day | null;
  /** By what right the operator pools. */
  readonly title: {
    readonly kind: "consent-scope" | "programme" | "project-owner";
    readonly documentHash: Hex;
  };
  /** A batch of gifts, retired whole for its end; null elsewhere. */
  readonly campaign: { readonly id: ProviderId; readonly documentHash: Hex } | null;
  /** Ascending by id; none in a batch that is not of projects. */
  readonly projects: readonly ManifestProject[];
  /** The list by which leaves' codes are read (`scenarioClasses.ts`). */
  readonly scenarioClasses: ListVersion;
  /** The rules in force in the region when the batch closed. */
  readonly plausibility: ListVersion;
  /** The deployment whose batches this one goes on from; the chain id is a decimal string. */
  readonly previousDeployment: { readonly chainId: string; readonly registry: Address } | null;
  /** What the verification body said; null on a local network. */
  readonly verification: {
    readonly statementHash: Hex;
    readonly level: "limited" | "reasonable";
    readonly opinion: "unmodified" | "qualified";
  } | null;
  /** Who gets which files; the public archive leaves out those of participants. */
  readonly audience: {
    readonly leaves: "public" | "participants";
    readonly tiles: "public" | "participants";
  };
  /** Ascending by id; in a batch of projects these, one each. */
  readonly providers: readonly ManifestProvider[];
  readonly schemas: { readonly leaf: typeof LEAF_SCHEMA; readonly record: typeof RECORD_SCHEMA_2 };
}

/** A manifest of either format; `format` tells which. */
export type Manifest = Manifest1 | Manifest2;

const NEWEST_MANIFEST = 2;

/** The category of a batch; all batches of the first format are of acts. */
export function categoryOf(manifest: Manifest): BatchCategory {
  return manifest.format === MANIFEST_FORMAT_1 ? "act" : manifest.category;
}

/**
 * A manifest of either format out of parsed JSON. @throws InputError `manifest.newer` for a format of a later
 * version, `manifest.malformed`, or `manifest.…` for a rule between fields
 */
export function parseManifest(value: unknown): Manifest {
  refuseNewerManifest(value);
  const manifest: Manifest = field.decodeWith(manifestSchema, value, "manifest.malformed", "manifest");
  checkManifest(manifest);
  return manifest;
}

/**
 * Says so where JSON is a manifest of a later version. @throws InputError `manifest.newer`
 */
export function refuseNewerManifest(value: unknown): void {
  const format = typeof value === "object" && value !== null && "format" in value ? value.format : null;
  const [, version] = /^microtonne-batch\/([1-9][0-9]{0,8})$/.exec(String(format)) ?? [];
  if (version !== undefined && Number(version) > NEWEST_MANIFEST)
    throw new InputError(
      "manifest.newer",
      `The manifest was written by a newer version: it is microtonne-batch/${version}, and this version ` +
        `reads up to ${MANIFEST_FORMAT}. Get the newer version and read the batch with that.`,
    );
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
  if (!Number.isInteger(bufferBps) || bufferBps < 0 || bufferBps > WHOLE_BPS) {
    throw new InputError(
      "manifest.buffer",
      `A buffer of ${String(bufferBps)} ten-thousandths is outside 0 to ${String(WHOLE_BPS)}.`,
    );
  }
  return ((total * BigInt(bufferBps)) / WHOLE_BPS_EXACT) as Milligrams;
}
