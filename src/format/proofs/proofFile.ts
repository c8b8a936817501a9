import type { z } from "zod";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { Address, BatchId, Hex } from "../../base/types/ids.ts";
import type { Retirement } from "../../base/types/retirement.ts";
import { canonicalJson, parseCanonicalJson } from "../canonicalJson.ts";
import type { InclusionProof } from "./inclusionProof.ts";
import { keccak } from "../keccak.ts";
import { batchIdOf, encodeManifest, refuseNewerManifest, type Manifest } from "../batch/manifest.ts";
import { recordsOfForm } from "../batch/record.ts";
import { checkManifest } from "../batch/checkManifest.ts";
import { proofContentSchema } from "./proofFileSchema.ts";
import type { RangeProof } from "./rangeProof.ts";
import { spanContentSchema } from "./spanFileSchema.ts";
import type { SpanProof } from "./openSpans.ts";
import type { RetirementDisclosure } from "../onchain/retirementDisclosure.ts";
import { decodeWith, encodeWith } from "../schema.ts";
import type { Strike } from "../batch/strikes.ts";

/** One act in a batch, with what its holder chose to disclose. */
export interface ActProof extends InclusionProof {
  readonly disclosed?: {
    readonly salt: Uint8Array;
    readonly records: readonly ActivityRecord[];
    readonly signatures: readonly Hex[];
  };
}

/**
 * What the file shows about one batch: `acts` in a proof of acts; in one of a retirement either `ranges`, all
 * leaves behind it, or `spans`, their ends. Neither has any where no gram stands behind it.
 */
export interface ProofPart {
  readonly batchId: BatchId;
  readonly manifest: Manifest;
  readonly ranges?: readonly RangeProof[];
  readonly spans?: readonly SpanProof[];
  readonly acts?: readonly ActProof[];
  /** The whole list behind the batch's strikesHash, in order. */
  readonly strikes: readonly Strike[];
  /**
   * The verifiers whose addresses, with the manifest's methodologies, are behind the batch's provenanceHash;
   * ascending. Left out where the batch was not committed when the file was made.
   */
  readonly attesters?: readonly Address[];
}

/** Words of a contract's storage at one block, with Merkle Patricia proofs as `eth_getProof` gives them. */
export interface AccountProof {
  readonly address: Address;
  /** RLP of the trie nodes from the state root down. */
  readonly accountProof: readonly Hex[];
  readonly storage: readonly { readonly slot: Hex; readonly value: Hex; readonly proof: readonly Hex[] }[];
}

/** The block that a proof stands on. Which block is to be trusted is the verifier's to know. */
export interface BlockEvidence {
  /** RLP of the header; its keccak-256 is the block hash. */
  readonly header: Hex;
  readonly headerScheme: "rlp";
  readonly accounts: readonly AccountProof[];
}

/**
 * The older one for acts and listings, byte for byte as ever; the newer one where a part has spans or an
 * authority recognises the retirement.
 */
export type ProofFormat = "microtonne-proof/1" | "microtonne-proof/2";

/**
 * Content of a `*.proof.json`. It proves nothing by itself: trust inputs come from the verifier's own side.
 */
export interface ProofFile {
  readonly format: ProofFormat;
  readonly kind: "act" | "retirement";
  /** Decimal string. */
  readonly chainId: string;
  /** Ascending by batch id. */
  readonly parts: readonly ProofPart[];
  readonly retirement?: {
    readonly record: Retirement;
    /**
     * Behind `beneficiaryHash` and `documentHash`, both under one 32-byte salt; a recognition stands in
     * `microtonne-proof/2` alone.
     */
    readonly disclosed?: RetirementDisclosure;
  };
  readonly block?: BlockEvidence;
}

const NEWER_FORMAT = "microtonne-proof/2";
const NEWEST_VERSION = 2;
const MALFORMED = ["proof-file.malformed", "proof file"] as const;

/**
 * Canonical bytes of the file, `fileHash` added. @throws InputError `proof-file.malformed`, or as
 * `encodeManifest` and `canonicalJson`
 */
export function encodeProofFile(file: ProofFile): Uint8Array {
  // The encoder wants mutable arrays; it does not change them.
  const content =
    file.format === NEWER_FORMAT
      ? encodeWith(spanContentSchema, file as z.output<typeof spanContentSchema>, ...MALFORMED)
      : encodeWith(
          proofContentSchema,
          { ...file, parts: file.parts.map(inForm) } as z.output<typeof proofContentSchema>,
          ...MALFORMED,
        );
  checkParts(file);
  return utf8(canonicalJson({ ...content, fileHash: hashOf(content) }));
}

/** A part with the records that it discloses in the form that its manifest names. */
function inForm({ acts, ...part }: ProofPart): ProofPart {
  if (acts === undefined) return part;
  const schema = part.manifest.schemas.record;
  const formed = acts.map(({ disclosed, ...act }) =>
    disclosed
      ? { ...act, disclosed: { ...disclosed, records: recordsOfForm(disclosed.records, schema) } }
      : act,
  );
  return { ...part, acts: formed };
}

/** The format in which a file is written: the older one wherever it can hold it. */
export function proofFormatOf(parts: readonly ProofPart[], disclosed?: RetirementDisclosure): ProofFormat {
  const isNewer = parts.some(({ spans }) => spans !== undefined) || disclosed?.recognition !== undefined;
  return isNewer ? NEWER_FORMAT : "microtonne-proof/1";
}

/**
 * The file behind its bytes. Only its shape and its own hashes are checked: proofs are not.
 * @throws CheckFailedError `proof-file.hash` where a byte was changed, `proof-file.batch-id`; InputError
 * `proof-file.newer` and `manifest.newer` for a format of a later version, `proof-file.malformed`, or as
 * `parseCanonicalJson` and `parseManifest`
 */
export function decodeProofFile(bytes: Uint8Array): ProofFile {
  const value = parseCanonicalJson(bytes);
  const { fileHash, ...content } =
    typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  // Before the hash, which a later format may make otherwise.
  checkNotNewer(content["format"]);
  const { parts } = content;
  if (Array.isArray(parts)) for (const part of parts as unknown[]) refuseNewerPart(part);
  if (fileHash !== hashOf(content)) {
    throw new CheckFailedError(
      "proof-file.hash",
      "The file's own hash does not match: it was changed or damaged. Ask for it again.",
    );
  }
  const file: ProofFile =
    content["format"] === NEWER_FORMAT
      ? decodeWith(spanContentSchema, content, ...MALFORMED)
      : decodeWith(proofContentSchema, content, ...MALFORMED);
  checkParts(file);
  return file;
}

function checkNotNewer(format: unknown): void {
  const [, version] = /^microtonne-proof\/([1-9][0-9]{0,8})$/.exec(String(format)) ?? [];
  if (version !== undefined && Number(version) > NEWEST_VERSION)
    throw new InputError(
      "proof-file.newer",
      `The proof file was written by a newer version: it is microtonne-proof/${version}, and this version ` +
        `reads up to ${NEWER_FORMAT}. Get the newer version and check the file with that.`,
    );
}

function refuseNewerPart(part: unknown): void {
  if (typeof part === "object" && part !== null && "manifest" in part) refuseNewerManifest(part.manifest);
}

function hashOf(content: unknown): Hex {
  return toHex(keccak(utf8(canonicalJson(content))));
}

function checkParts(file: ProofFile): void {
  for (const { batchId, manifest } of file.parts) {
    checkManifest(manifest);
    if (batchIdOf(encodeManifest(manifest)) !== batchId) {
      throw new CheckFailedError(
        "proof-file.batch-id",
        `The manifest in the file does not hash to batch ${batchId}.`,
      );
    }
  }
}
