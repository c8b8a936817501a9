import { bigEndian, concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import { MILLISECONDS_PER_MINUTE, SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { Hex, SubjectKey } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";

/** One act, ready to be keyed by the key service that holds the dedupe key of `year`. */
export interface ActivityKeyMessage {
  /** UTC year of the act's start minute: it chooses the key. */
  readonly year: number;
  /** What HMAC-SHA-256 runs over. */
  readonly message: Uint8Array;
}

/** Kinds of subject identifier (phone, card, plate) have a key each. */
export interface SubjectKeyOfKind {
  readonly kind: string;
  readonly publicKey: Hex;
}

/**
 * What a key scheme says of the keys that made subject keys: keccak-256 of the canonical JSON of their list.
 * @throws InputError `key.malformed` where the kinds do not ascend, each once, or there are none
 */
export function subjectCommitment(keys: readonly SubjectKeyOfKind[]): Hex {
  if (keys.length === 0 || keys.some(({ kind }, i) => i > 0 && kind <= (keys[i - 1]?.kind ?? "")))
    throw new InputError(
      "key.malformed",
      "Kinds of subject keys ascend, each once, and there is one at least.",
    );
  return toHex(keccak(utf8(canonicalJson(keys.map(({ kind, publicKey }) => ({ kind, publicKey }))))));
}

const WITH_SUBJECT = 0x01;
const WITHOUT_SUBJECT = 0x02;

/**
 * Message of an act with a known subject: 0x01, subject key, uint16 class, uint64 minute (start / 60, floor);
 * 43 bytes.
 * @throws InputError `key.malformed`
 */
export function activityMessage(
  subjectKey: SubjectKey,
  scenarioClassCode: number,
  startedAt: UnixSeconds,
): ActivityKeyMessage {
  if (subjectKey.length !== 32) throw new InputError("key.malformed", "A subject key has 32 bytes.");
  if (!Number.isInteger(scenarioClassCode) || scenarioClassCode < 1 || scenarioClassCode > 0xffff) {
    throw new InputError("key.malformed", `${String(scenarioClassCode)} is no scenario class code.`);
  }
  const year = startYear(startedAt);
  const message = new Uint8Array(43);
  message[0] = WITH_SUBJECT;
  message.set(subjectKey, 1);
  message[33] = scenarioClassCode >> 8;
  message[34] = scenarioClassCode & 0xff;
  // Byte by byte: acts come by the million.
  let minute = Math.floor(startedAt / SECONDS_PER_MINUTE);
  for (let at = message.length - 1; minute > 0; at--) {
    message[at] = minute % 256;
    minute = Math.floor(minute / 256);
  }
  return { year, message };
}

/**
 * Message of an act without a subject: 0x02, keccak-256(uint16 length of the provider id, provider id, record
 * id); 33 bytes. The start chooses the year only.
 * @throws InputError `key.malformed`
 */
export function subjectlessMessage(
  record: Pick<ActivityRecord, "provider" | "recordId" | "startedAt">,
): ActivityKeyMessage {
  const { provider, recordId, startedAt } = record;
  const providerBytes = utf8(provider);
  const hash = keccak(concatBytes(bigEndian(providerBytes.length, 2), providerBytes, utf8(recordId)));
  return { year: startYear(startedAt), message: concatBytes(Uint8Array.of(WITHOUT_SUBJECT), hash) };
}

function startYear(startedAt: UnixSeconds): number {
  if (!Number.isSafeInteger(startedAt) || startedAt < 0) {
    throw new InputError(
      "key.malformed",
      `${String(startedAt)} is no start time in whole seconds since 1970.`,
    );
  }
  return new Date(Math.floor(startedAt / SECONDS_PER_MINUTE) * MILLISECONDS_PER_MINUTE).getUTCFullYear();
}
