import { concatBytes, toHex, utf8 } from "../base/lib/bytes.ts";
import type { Hex } from "../base/types/ids.ts";
import { subjectCommitment } from "./batch/keys.ts";
import { HmacBatch } from "./hmacBatch.ts";
import { keccak } from "./keccak.ts";
import type { KeySchemeYear } from "./v1/manifest.ts";

/** Everybody can make it: the keys of the scheme `hmac-dev` hide nothing. */
const ROOT = keccak(utf8("microtonne hmac-dev, local networks only"));

function derived(purpose: string): Uint8Array {
  return new HmacBatch(ROOT).of([utf8(`microtonne/hmac-dev/${purpose}`)])[0] as Uint8Array;
}

/** The key from which the scheme `hmac-dev` makes subject keys, 32 bytes. */
export function developmentSubjectKey(): Uint8Array {
  return derived("subject");
}

/** The key from which it makes firms' ids, 32 bytes. */
export function developmentFirmKey(): Uint8Array {
  return derived("firm");
}

/** The key from which it makes the activity keys of a UTC year, 32 bytes. */
export function developmentDedupeKey(year: number): Uint8Array {
  return derived(`dedupe/${String(year)}`);
}

/** A secret that everybody knows has no public key; a commitment to it stands in its place. */
function commitment(key: Uint8Array): Hex {
  return toHex(keccak(concatBytes(utf8("microtonne/hmac-dev/commitment"), key)));
}

/** What a manifest says of the scheme's keys of a year. */
export function developmentKeyScheme(year: number): KeySchemeYear {
  const subject = subjectCommitment([{ kind: "hmac-dev", publicKey: commitment(developmentSubjectKey()) }]);
  return { year, subject, dedupe: commitment(developmentDedupeKey(year)) };
}

/** True where a key scheme rests, in any of its years, on keys that everybody can make. */
export function hasDevelopmentKeys(keyScheme: readonly KeySchemeYear[]): boolean {
  return keyScheme.some(({ year, subject, dedupe }) => {
    const development = developmentKeyScheme(year);
    return subject === development.subject || dedupe === development.dedupe;
  });
}
