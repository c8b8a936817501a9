import { concatBytes, fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import { MAX_MILLIGRAMS } from "../../base/lib/mass.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ActivityKey, MethodologyId, SubjectKey } from "../../base/types/ids.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";
import { keccak } from "../keccak.ts";
import { canonicalRecords } from "./record.ts";

/** Bytes of every leaf. Inner nodes hash 80, so neither passes for the other. */
export const LEAF_BYTES = 179;
const LEAF_VERSION = 0x01;
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
  const bytes = new Uint8Array(LEAF_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = LEAF_VERSION;
  bytes.set(word("activityKey", leaf.activityKey), 1);
  bytes.set(word("nextActivityKey", leaf.nextActivityKey), 33);
  bytes.set(word("methodologyId", fromHex(leaf.methodologyId)), 65);
  bytes.set(word("holderCommitment", leaf.holderCommitment), 97);
  bytes.set(word("recordHash", leaf.recordHash), 129);
  if (leaf.milligrams <= 0n || leaf.milligrams > MAX_MILLIGRAMS)
    throw malformed("milligrams", "is not from 1 to 2^63 - 1");
  view.setBigUint64(161, leaf.milligrams);
  view.setUint32(169, unsigned("day", leaf.day, 32));
  view.setUint16(173, unsigned("scenarioClass", leaf.scenarioClass, 16));
  view.setUint32(175, unsigned("providerIndex", leaf.providerIndex, 32));
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
    activityKey: bytes.slice(1, 33) as ActivityKey,
    nextActivityKey: bytes.slice(33, 65),
    methodologyId: toHex(bytes.subarray(65, 97)) as MethodologyId,
    holderCommitment: bytes.slice(97, 129),
    recordHash: bytes.slice(129, 161),
    milligrams,
    day: view.getUint32(169) as Day,
    scenarioClass: view.getUint16(173),
    providerIndex: view.getUint32(175),
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
  const size = new DataView(bytes.buffer, bytes.byteOffset, LEAF_BYTES).getBigUint64(161);
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
  return keccak(
    concatBytes(word("subjectKey", subjectKey ?? new Uint8Array(32)), word("leafSalt", leafSalt)),
  );
}

/** keccak-256(leaf salt, canonical JSON array of the records). @throws InputError as `canonicalRecords` */
export function recordHash(leafSalt: Uint8Array, records: readonly ActivityRecord[]): Uint8Array {
  return keccak(concatBytes(word("leafSalt", leafSalt), utf8(canonicalRecords(records))));
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
