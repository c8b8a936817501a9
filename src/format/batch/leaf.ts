import { fromHex, toHex } from "../../base/lib/bytes.ts";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import { MAX_MILLIGRAMS } from "../../base/lib/mass.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ActivityKey, MethodologyId, SubjectKey } from "../../base/types/ids.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";
import { keccak, keccakOfEach, keccakOfRagged } from "../keccak.ts";
import { canonicalRecords, RECORD_SCHEMA, type RecordSchemaName } from "./record.ts";

/** Bytes of every leaf. Inner nodes hash 80, so neither passes for the other. */
export const LEAF_BYTES = 179;
const LEAF_VERSION = 0x01;
/** Where each field begins, behind the version's byte: 32 bytes but for the last four, of 8, 4, 2 and 4. */
export const LEAF_AT = {
  activityKey: 1,
  nextActivityKey: 33,
  methodologyId: 65,
  holderCommitment: 97,
  recordHash: 129,
  milligrams: 161,
  day: 169,
  scenarioClass: 173,
  providerIndex: 175,
} as const;
/** `nextActivityKey` of a batch's last leaf: 32 bytes of 0xff. */
export const LAST_ACTIVITY_KEY: Uint8Array = new Uint8Array(32).fill(0xff);

/** One act, or several reports of one act, as published. */
export interface Leaf {
  readonly activityKey: ActivityKey;
  /**
   * The next leaf's key, `LAST_ACTIVITY_KEY` in the last leaf: an inclusion proof of this leaf proves the
   * absence of all keys between.
   */
  readonly nextActivityKey: Uint8Array;
  readonly methodologyId: MethodologyId;
  readonly holderCommitment: Uint8Array;
  readonly recordHash: Uint8Array;
  /** > 0. */
  readonly milligrams: Milligrams;
  /** Of the start, in the batch's time zone. */
  readonly day: Day;
  /** uint16 code of `scenario-classes.json`. */
  readonly scenarioClass: number;
  /** uint32 index into the manifest's provider list. */
  readonly providerIndex: number;
}

/** The 179 bytes. @throws InputError `leaf.malformed` naming the field */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  return encodeLeaves([leaf]);
}

/** 179 bytes of each leaf, one after the other. @throws InputError `leaf.malformed` naming the field */
export function encodeLeaves(leaves: readonly Leaf[]): Uint8Array {
  const bytes = new Uint8Array(LEAF_BYTES * leaves.length);
  const view = new DataView(bytes.buffer);
  // Mostly the next leaf has the same methodology, or one of a few.
  const methodologies = new Map<MethodologyId, Uint8Array>();
  let at = 0;
  for (const leaf of leaves) {
    let methodology = methodologies.get(leaf.methodologyId);
    if (methodology === undefined) {
      methodology = word("methodologyId", fromHex(leaf.methodologyId));
      methodologies.set(leaf.methodologyId, methodology);
    }
    bytes[at] = LEAF_VERSION;
    bytes.set(word("activityKey", leaf.activityKey), at + LEAF_AT.activityKey);
    bytes.set(word("nextActivityKey", leaf.nextActivityKey), at + LEAF_AT.nextActivityKey);
    bytes.set(methodology, at + LEAF_AT.methodologyId);
    bytes.set(word("holderCommitment", leaf.holderCommitment), at + LEAF_AT.holderCommitment);
    bytes.set(word("recordHash", leaf.recordHash), at + LEAF_AT.recordHash);
    if (leaf.milligrams <= 0n || leaf.milligrams > MAX_MILLIGRAMS)
      throw malformed("milligrams", "is not from 1 to 2^63 - 1");
    view.setBigUint64(at + LEAF_AT.milligrams, leaf.milligrams);
    view.setUint32(at + LEAF_AT.day, unsigned("day", leaf.day, 32));
    view.setUint16(at + LEAF_AT.scenarioClass, unsigned("scenarioClass", leaf.scenarioClass, 16));
    view.setUint32(at + LEAF_AT.providerIndex, unsigned("providerIndex", leaf.providerIndex, 32));
    at += LEAF_BYTES;
  }
  return bytes;
}

/**
 * The fields behind 179 bytes. The order of key and next key is not judged here: a leaf that breaks it must
 * stay readable as evidence.
 * @throws CheckFailedError `leaf.length`, `leaf.version`, `leaf.zero-size`, `leaf.too-large`
 */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  const milligrams = leafSize(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, LEAF_BYTES);
  return {
    activityKey: bytes.slice(LEAF_AT.activityKey, LEAF_AT.nextActivityKey) as ActivityKey,
    nextActivityKey: bytes.slice(LEAF_AT.nextActivityKey, LEAF_AT.methodologyId),
    methodologyId: toHex(bytes.subarray(LEAF_AT.methodologyId, LEAF_AT.holderCommitment)) as MethodologyId,
    holderCommitment: bytes.slice(LEAF_AT.holderCommitment, LEAF_AT.recordHash),
    recordHash: bytes.slice(LEAF_AT.recordHash, LEAF_AT.milligrams),
    milligrams,
    day: view.getUint32(LEAF_AT.day) as Day,
    scenarioClass: view.getUint16(LEAF_AT.scenarioClass),
    providerIndex: view.getUint32(LEAF_AT.providerIndex),
  };
}

/**
 * Milligrams of a leaf, read from its bytes and never from a prover. @throws CheckFailedError as `decodeLeaf`
 */
export function leafSize(bytes: Uint8Array): Milligrams {
  if (bytes.length !== LEAF_BYTES)
    throw new CheckFailedError(
      "leaf.length",
      `A leaf has ${String(LEAF_BYTES)} bytes, not ${String(bytes.length)}.`,
    );
  checkLeafVersion(bytes[0]);
  const size = new DataView(bytes.buffer, bytes.byteOffset, LEAF_BYTES).getBigUint64(LEAF_AT.milligrams);
  if (size === 0n) throw new CheckFailedError("leaf.zero-size", "A leaf has no milligrams.");
  if (size > MAX_MILLIGRAMS)
    throw new CheckFailedError("leaf.too-large", "A leaf has 2^63 milligrams or more.");
  return size as Milligrams;
}

/** A leaf's first byte. @throws CheckFailedError `leaf.version` */
export function checkLeafVersion(version: number | undefined): void {
  if (version !== LEAF_VERSION)
    throw new CheckFailedError("leaf.version", `Leaf version ${String(version)} is not known; version 1 is.`);
}

/** keccak-256 of the 179 bytes. */
export function leafHash(bytes: Uint8Array): Uint8Array {
  return keccak(bytes);
}

/** keccak-256(subject key, leaf salt), with 32 zero bytes where there is no subject. */
export function holderCommitment(subjectKey: SubjectKey | null, leafSalt: Uint8Array): Uint8Array {
  return holderCommitments([{ subjectKey, salt: leafSalt }])[0] as Uint8Array;
}

/**
 * keccak-256(leaf salt, canonical JSON array of the records), of the schema that the manifest names.
 * @throws InputError as `canonicalRecords`
 */
export function recordHash(
  leafSalt: Uint8Array,
  records: readonly ActivityRecord[],
  schema: RecordSchemaName = RECORD_SCHEMA,
): Uint8Array {
  return recordHashes([{ salt: leafSalt, records }], schema)[0] as Uint8Array;
}

/** `holderCommitment` of each. */
export function holderCommitments(
  leaves: readonly { readonly subjectKey: SubjectKey | null; readonly salt: Uint8Array }[],
): Uint8Array[] {
  const messages = new Uint8Array(64 * leaves.length);
  for (const [i, { subjectKey, salt }] of leaves.entries()) {
    if (subjectKey !== null) messages.set(word("subjectKey", subjectKey), 64 * i);
    messages.set(word("leafSalt", salt), 64 * i + 32);
  }
  return words(keccakOfEach(messages, 64));
}

/** `recordHash` of each. @throws InputError as `canonicalRecords` */
export function recordHashes(
  leaves: readonly { readonly salt: Uint8Array; readonly records: readonly ActivityRecord[] }[],
  schema: RecordSchemaName = RECORD_SCHEMA,
): Uint8Array[] {
  const texts = leaves.map(({ records }) => canonicalRecords(records, schema));
  // UTF-8 takes at most three bytes for each unit of a text.
  const most = texts.reduce((sum, text) => sum + 32 + 3 * text.length, 0);
  const messages = new Uint8Array(most);
  const encoder = new TextEncoder();
  let end = 0;
  const ends = leaves.map(({ salt }, i) => {
    messages.set(word("leafSalt", salt), end);
    end += 32 + encoder.encodeInto(texts[i] as string, messages.subarray(end + 32)).written;
    return end;
  });
  return words(keccakOfRagged(messages.subarray(0, end), ends));
}

function words(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * (i + 1)));
}

function word(field: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw malformed(field, "does not have 32 bytes");
  return bytes;
}

function unsigned(field: string, value: number, bits: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits)
    throw malformed(field, `is no unsigned integer of ${String(bits)} bits`);
  return value;
}

function malformed(field: string, fault: string): InputError {
  return new InputError("leaf.malformed", `A leaf can't be written: ${field} ${fault}.`);
}
