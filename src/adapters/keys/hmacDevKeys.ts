import { createHmac, createSecretKey } from "node:crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { UsageError } from "../../base/errors/errors.ts";
import { bigEndian, concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { isLocalChain, LOCAL_CHAIN_ID } from "../../base/lib/localChain.ts";
import type { ActivityKey, SubjectKey } from "../../base/types/ids.ts";
import { keccak } from "../../format/keccak.ts";
import type { ActivityKeyService, SubjectKeyService } from "../../stages/dedupe/ports.ts";

/**
 * Key scheme `hmac-dev`: keys derived from bytes that everybody knows (test/vectors), so that a newcomer's
 * machine needs no secrets and vectors stay the same. It hides nothing; batches made with it are refused
 * outside a local network. Salt keys are real secrets even here: they are sealed (AES-256-GCM) under
 * `sealingSecret`, 32 bytes from the data folder.
 * @throws UsageError `keys.not-local` on any other chain
 */
export function hmacDevKeys(options: { chainId: number }): SubjectKeyService & ActivityKeyService {
  if (!isLocalChain(options.chainId)) {
    throw new UsageError(
      "keys.not-local",
      `The key scheme hmac-dev hides nothing and works on the local chain ${String(LOCAL_CHAIN_ID)} ` +
        `only, not on chain ${String(options.chainId)}. That network needs the ` +
        "key service of its registry, and this version has none to choose.",
    );
  }
  const root = keccak(utf8("microtonne hmac-dev, local networks only"));
  const subjectRoot = hmac(sha256, root, utf8("microtonne/hmac-dev/subject"));
  const dedupeKey = (year: number): Uint8Array =>
    hmac(sha256, root, utf8(`microtonne/hmac-dev/dedupe/${String(year)}`));
  // 64-bit words are slow in JavaScript, so SHA-512 is the platform's.
  const subjectSecret = createSecretKey(subjectRoot);
  // A keyed state is copied for each message: half the work of starting from the key.
  const keyedYears = new Map<number, ReturnType<typeof hmac.create>>();
  const keyedYear = (year: number) => {
    let keyed = keyedYears.get(year);
    if (!keyed) keyedYears.set(year, (keyed = hmac.create(sha256, dedupeKey(year))));
    return keyed;
  };
  const commitment = (key: Uint8Array) =>
    toHex(keccak(concatBytes(utf8("microtonne/hmac-dev/commitment"), key)));

  return {
    subjectKeys: (identifiers) =>
      Promise.resolve(
        identifiers.map(({ scope, identifier }) => {
          const scopeBytes = utf8(scope);
          const message = concatBytes(bigEndian(scopeBytes.length, 2), scopeBytes, utf8(identifier));
          return keccak(createHmac("sha512", subjectSecret).update(message).digest()) as SubjectKey;
        }),
      ),
    activityKeys: (messages) =>
      Promise.resolve(
        messages.map(({ year, message }) => keyedYear(year).clone().update(message).digest() as ActivityKey),
      ),
    keyScheme: (years) =>
      Promise.resolve(
        [...new Set(years)]
          .toSorted((a, b) => a - b)
          .map((year) => ({ year, subject: commitment(subjectRoot), dedupe: commitment(dedupeKey(year)) })),
      ),
  };
}
