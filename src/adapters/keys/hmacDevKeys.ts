import { createHmac, createSecretKey } from "node:crypto";
import { UsageError } from "../../base/errors/errors.ts";
import { bigEndian, toHex, utf8 } from "../../base/lib/bytes.ts";
import { isLoopbackUrl } from "../../base/lib/isLoopbackUrl.ts";
import { FIRM_ID_BYTES } from "../../base/lib/sizes.ts";
import { isLocalChain, LOCAL_CHAIN_ID } from "../../base/lib/localChain.ts";
import type { ActivityKey, SubjectKey } from "../../base/types/ids.ts";
import { HmacBatch } from "../../format/hmacBatch.ts";
import {
  developmentDedupeKey,
  developmentFirmKey,
  developmentKeyScheme,
  developmentSubjectKey,
} from "../../format/developmentKeys.ts";
import { keccakOfEach } from "../../format/keccak.ts";
import type { ActivityKeyService, FirmKeyService, SubjectKeyService } from "../../stages/dedupe/ports.ts";

const SHA512_BYTES = 64;

/** Where development keys are asked for. */
export interface DevelopmentPlace {
  readonly chainId: number;
  /** The one chain beside the local one that somebody named for them; null: none. */
  readonly allowedChain?: number | null;
  /** Of the node; null: the embedded one. */
  readonly rpcUrl?: string | null;
}

/**
 * Key scheme `hmac-dev`: keys derived from bytes that everybody knows (test/vectors), so that a newcomer's
 * machine needs no secrets and vectors stay the same. It hides nothing; batches made with it are refused
 * outside a local network. Salt keys are real secrets even here: they are sealed (AES-256-GCM) under
 * `sealingSecret`, 32 bytes from the data folder.
 * @throws UsageError `keys.not-local` on any other chain, but for one that is named for it and whose node is
 * at a loopback address
 */
export function hmacDevKeys(
  place: DevelopmentPlace,
): SubjectKeyService & ActivityKeyService & FirmKeyService {
  if (!isAllowed(place)) {
    throw new UsageError(
      "keys.not-local",
      `The key scheme hmac-dev hides nothing and works on the local chain ${String(LOCAL_CHAIN_ID)} ` +
        `only, not on chain ${String(place.chainId)}. That network needs the ` +
        "key service of its registry, and this version has none to choose. To try a network of your own " +
        `out: MICROTONNE_DEVELOPMENT_KEYS_CHAIN=${String(place.chainId)}, with a node at a loopback address.`,
    );
  }
  // 64-bit words are slow in JavaScript, so SHA-512 is the platform's.
  const subjectSecret = createSecretKey(developmentSubjectKey());
  const firms = new HmacBatch(developmentFirmKey());
  const batches = new Map<number, HmacBatch>();
  const batchOf = (year: number): HmacBatch => {
    let batch = batches.get(year);
    if (!batch) batches.set(year, (batch = new HmacBatch(developmentDedupeKey(year))));
    return batch;
  };
  return {
    subjectKeys: (identifiers) => {
      const digests = new Uint8Array(SHA512_BYTES * identifiers.length);
      let [scope, prefix] = [null as string | null, new Uint8Array()];
      for (const [i, one] of identifiers.entries()) {
        // People of one file have one scope.
        if (one.scope !== scope) [scope, prefix] = [one.scope, scopePrefix(one.scope)];
        // One call instead of two: they cost more than the hashing.
        const message = Buffer.allocUnsafe(prefix.length + 3 * one.identifier.length);
        message.set(prefix);
        const length = prefix.length + message.write(one.identifier, prefix.length, "utf8");
        const hmacOf = createHmac("sha512", subjectSecret).update(message.subarray(0, length));
        digests.set(hmacOf.digest(), SHA512_BYTES * i);
      }
      if (identifiers.length === 0) return Promise.resolve([]);
      const hashes = keccakOfEach(digests, SHA512_BYTES);
      const width = hashes.length / identifiers.length;
      return Promise.resolve(
        identifiers.map((_, i) => hashes.slice(width * i, width * (i + 1)) as SubjectKey),
      );
    },
    activityKeys: (messages) => {
      const keys: ActivityKey[] = [];
      for (const [year, group] of Map.groupBy(messages.keys(), (i) => messages[i]?.year ?? 0)) {
        const hmacs = batchOf(year).of(group.map((i) => messages[i]?.message ?? new Uint8Array()));
        for (const [at, i] of group.entries()) keys[i] = hmacs[at] as ActivityKey;
      }
      return Promise.resolve(keys);
    },
    keyScheme: (years) =>
      Promise.resolve(
        [...new Set(years)].toSorted((a, b) => a - b).map((year) => developmentKeyScheme(year)),
      ),
    firmId: ({ scheme, code }) =>
      Promise.resolve(
        toHex((firms.of([utf8(`${scheme}${code}`)])[0] as Uint8Array).subarray(0, FIRM_ID_BYTES)),
      ),
  };
}

/** A network that others reach must not come to rest on secrets that everybody knows. */
function isAllowed({ chainId, allowedChain = null, rpcUrl = null }: DevelopmentPlace): boolean {
  if (isLocalChain(chainId)) return true;
  return allowedChain === chainId && rpcUrl !== null && isLoopbackUrl(rpcUrl);
}

function scopePrefix(scope: string): Uint8Array<ArrayBuffer> {
  const bytes = utf8(scope);
  return Uint8Array.from([...bigEndian(bytes.length, 2), ...bytes]);
}
