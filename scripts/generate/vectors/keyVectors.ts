import { createHmac } from "node:crypto";
import { bigEndian, concatBytes, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { ActivityKey, SubjectKey } from "../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { keccak } from "../../../src/format/keccak.ts";
import {
  activityMessage,
  subjectlessMessage,
  type ActivityKeyMessage,
} from "../../../src/format/batch/keys.ts";
import { scenarioClassListHash } from "../../../src/format/batch/classes/classLists.ts";
import { LISTED_CLASSES } from "../../../src/format/batch/classes/scenarioClasses.ts";
import versions from "../../../src/format/batch/classes/versions.json" with { type: "json" };

const ROOT_TEXT = "microtonne hmac-dev, local networks only";
const ROOT = keccak(utf8(ROOT_TEXT));
const SUBJECT_ROOT = hmac("sha256", ROOT, utf8("microtonne/hmac-dev/subject"));

/** Keys of the scheme `hmac-dev`, made here without the key service that they test. */
function devDedupeKey(year: number): Uint8Array {
  return hmac("sha256", ROOT, utf8(`microtonne/hmac-dev/dedupe/${String(year)}`));
}
export function devSubjectKey(scope: string, identifier: string): SubjectKey {
  const scopeBytes = utf8(scope);
  return keccak(
    hmac("sha512", SUBJECT_ROOT, concatBytes(bigEndian(scopeBytes.length, 2), scopeBytes, utf8(identifier))),
  ) as SubjectKey;
}
export function devActivityKey({ year, message }: ActivityKeyMessage): ActivityKey {
  return hmac("sha256", devDedupeKey(year), message) as ActivityKey;
}
export function devKeyScheme(years: readonly number[]) {
  const commitment = (key: Uint8Array) =>
    toHex(keccak(concatBytes(utf8("microtonne/hmac-dev/commitment"), key)));
  const kinds = `[{"kind":"hmac-dev","publicKey":"${commitment(SUBJECT_ROOT)}"}]`;
  return years.map((year) => ({
    year,
    subject: toHex(keccak(utf8(kinds))),
    dedupe: commitment(devDedupeKey(year)),
  }));
}

const utc = (text: string) => (Date.parse(text) / 1000) as UnixSeconds;

/** Messages and keys, around the turns of minutes and years. */
export function keyVectors(): Record<string, unknown> {
  const subject = devSubjectKey("deployment", "subject-0");
  const acts: [scenarioClass: number, startedAt: string][] = [
    [1, "2025-12-31T23:59:59Z"],
    [1, "2026-01-01T00:00:00Z"],
    [1, "2026-01-01T00:00:59Z"],
    [1, "2026-01-01T00:01:00Z"],
    [4, "2026-01-01T00:00:00Z"],
    [3, "1970-01-01T00:00:00Z"],
    [65535, "9999-12-31T23:59:59Z"],
  ];
  const records: [provider: string, recordId: string, startedAt: string][] = [
    ["wuhan-metro", "r-1", "2026-03-01T08:00:00Z"],
    ["wuhan-metr", "or-1", "2026-03-01T08:00:00Z"],
    ["wuhan-metro", "\u00e9\u4e2d\ud83d\ude00", "2025-12-31T16:00:00Z"],
  ];
  const keyed = (one: ActivityKeyMessage) => ({
    year: one.year,
    message: toHex(one.message),
    activityKey: toHex(devActivityKey(one)),
  });
  return {
    about:
      "Key messages and the keys of scheme hmac-dev, which hides nothing and is refused outside local " +
      "networks. rootKey = keccak256(ASCII rootText); dedupe key of year Y = HMAC-SHA-256(rootKey, " +
      "'microtonne/hmac-dev/dedupe/' + Y); activityKey = HMAC-SHA-256(dedupe key, message). " +
      "subjectRoot = HMAC-SHA-256(rootKey, 'microtonne/hmac-dev/subject'); subjectKey = " +
      "keccak256(HMAC-SHA-512(subjectRoot, uint16 length of scope, scope, identifier)). Commitment of " +
      "a key = keccak256('microtonne/hmac-dev/commitment', key). In a key scheme, dedupe is the " +
      "commitment of that year's dedupe key, subject is keccak256 of the canonical JSON [{kind: " +
      "'hmac-dev', publicKey: commitment of subjectRoot}]. Hash of a list of scenario classes = " +
      "keccak256 of its canonical JSON; that of version 1 is in v1/keys.json.",
    hmacDev: {
      rootText: ROOT_TEXT,
      rootKey: toHex(ROOT),
      subjectRoot: toHex(SUBJECT_ROOT),
      dedupeKeys: [2024, 2025, 2026, 2027].map((year) => ({ year, key: toHex(devDedupeKey(year)) })),
      keyScheme: devKeyScheme([2025, 2026]),
      subjects: [
        ["deployment", "subject-0"],
        ["wuhan-metro", "subject-0"],
      ].map(([scope, identifier]) => ({
        scope,
        identifier,
        subjectKey: toHex(devSubjectKey(scope as string, identifier as string)),
      })),
    },
    withSubject: acts.map(([scenarioClass, startedAt]) => ({
      subjectKey: toHex(subject),
      scenarioClass,
      startedAt: utc(startedAt),
      ...keyed(activityMessage(subject, scenarioClass, utc(startedAt))),
    })),
    withoutSubject: records.map(([provider, recordId, startedAt]) => ({
      provider,
      recordId,
      startedAt: utc(startedAt),
      ...keyed(subjectlessMessage({ provider: providerId(provider), recordId, startedAt: utc(startedAt) })),
    })),
    scenarioClasses: LISTED_CLASSES,
    scenarioClassVersions: versions,
    scenarioClassListHash: scenarioClassListHash(),
  };
}

function hmac(hash: "sha256" | "sha512", key: Uint8Array, message: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac(hash, key).update(message).digest());
}
