import { createSecretKey, type KeyObject } from "node:crypto";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import type { Randomness } from "../../base/lib/system.ts";
import type { TenantId } from "../../base/types/ids.ts";
import { hmacOfEach } from "../../format/hmacOfEach.ts";
import type { SaltKeyService, StoredSaltKey } from "../../stages/dedupe/ports.ts";
import { DerivedSaltKeys, NONCE_BYTES } from "./derivedSaltKeys.ts";
import { SEALING_NONCE_BYTES, SEALING_TAG_BYTES, unseal } from "./sealing.ts";

const KEY_BYTES = 32;
/** Of a row of an earlier version. */
const SEALED_BYTES = SEALING_NONCE_BYTES + KEY_BYTES + SEALING_TAG_BYTES;
const PURPOSE = utf8("microtonne/leaf-salt/1");
/** Purpose, closing id, activity key. */
const MESSAGE_BYTES = PURPOSE.length + 32 + 32;

/**
 * Salt keys of subjects, under `sealingSecret`, 32 bytes from the operator's data folder. Real secrets on
 * every network, the local one included. New ones are derived (`DerivedSaltKeys`); those of earlier versions
 * are 60 bytes, 32 random ones sealed by AES-256-GCM, and open as they did.
 */
export function saltKeyService(options: {
  sealingSecret: Uint8Array;
  randomness: Randomness;
}): SaltKeyService {
  const sealing = createSecretKey(options.sealingSecret);
  const derived = new DerivedSaltKeys(options.sealingSecret);
  return {
    newSaltKeys: (tenant, holders) =>
      // Asking for random bytes costs more than all else, so all come at once.
      Promise.resolve(derived.rows(tenant, holders, options.randomness.bytes(NONCE_BYTES * holders.length))),
    leafSalts: ({ tenant, closingId }, leaves) => {
      const keys = openAll(derived, sealing, tenant, leaves);
      const messages = new Uint8Array(MESSAGE_BYTES * leaves.length);
      for (const [i, { activityKey }] of leaves.entries()) {
        messages.set(PURPOSE, MESSAGE_BYTES * i);
        messages.set(closingId, MESSAGE_BYTES * i + PURPOSE.length);
        messages.set(activityKey, MESSAGE_BYTES * i + PURPOSE.length + 32);
      }
      const salts = hmacOfEach(keys, messages, MESSAGE_BYTES);
      keys.fill(0);
      return Promise.resolve(leaves.map((_, i) => salts.subarray(32 * i, 32 * (i + 1))));
    },
  };
}

/** The keys of leaves, 32 bytes each one after the other. @throws CheckFailedError `keys.unseal` */
function openAll(
  derived: DerivedSaltKeys,
  sealing: KeyObject,
  tenant: TenantId,
  leaves: readonly StoredSaltKey[],
): Uint8Array {
  const [byDerivation, bySeal] = partition(leaves);
  const rows = byDerivation.map((i) => (leaves[i] as StoredSaltKey).storedSaltKey);
  const holders = byDerivation.map((i) => leaves[i] as StoredSaltKey);
  const opened = derived.keysOf(tenant, holders, rows);
  if (opened === null) throw unopened();
  if (bySeal.length === 0) return opened;
  const keys = new Uint8Array(KEY_BYTES * leaves.length);
  for (const [at, i] of byDerivation.entries())
    keys.set(opened.subarray(KEY_BYTES * at, KEY_BYTES * (at + 1)), KEY_BYTES * i);
  opened.fill(0);
  for (const i of bySeal)
    keys.set(unsealSaltKey(sealing, (leaves[i] as StoredSaltKey).storedSaltKey), KEY_BYTES * i);
  return keys;
}

/** Places of derived ones and of sealed ones. */
function partition(leaves: readonly StoredSaltKey[]): [byDerivation: number[], bySeal: number[]] {
  const [byDerivation, bySeal]: [number[], number[]] = [[], []];
  for (const [i, { storedSaltKey }] of leaves.entries())
    (DerivedSaltKeys.isRow(storedSaltKey) ? byDerivation : bySeal).push(i);
  return [byDerivation, bySeal];
}

function unsealSaltKey(secret: KeyObject, sealed: Uint8Array): Uint8Array {
  // What opens is as long as what was sealed, and a key that is too short would be filled up with zeros.
  if (sealed.length !== SEALED_BYTES) throw unopened();
  try {
    return unseal(secret, sealed);
  } catch (cause) {
    throw unopened(cause);
  }
}

function unopened(cause?: unknown): CheckFailedError {
  return new CheckFailedError(
    "keys.unseal",
    "A stored salt key does not open with the sealing secret of this data folder: the folder's key " +
      "file was replaced or the row was altered.",
    { cause },
  );
}
