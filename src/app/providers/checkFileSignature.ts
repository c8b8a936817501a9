import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { fromHex, toHex } from "../../base/lib/bytes.ts";
import { utcText } from "../../base/lib/calendar.ts";
import { providerKeyFault } from "../../base/lib/providerKeyFault.ts";
import { SECONDS_PER_DAY } from "../../base/lib/time.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { DigestTreeStream } from "../../format/signing/digestTree.ts";
import { verifyEd25519 } from "../../format/ed25519.ts";
import {
  fileStatementMessage,
  parseFileSignature,
  type FileSignature,
} from "../../format/signing/fileSignature.ts";
import { providerKeyId } from "../../format/signing/signedRecord.ts";
import type { ScratchFile } from "../../stages/ingest/ports.ts";
import { profileHash } from "../../stages/ingest/profile/profile.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { Context } from "../context.ts";
import { recordDigests } from "./recordDigests.ts";
import type { Reading } from "../process/prepareReading.ts";

/** By how much a provider's clock may be ahead of ours. */
export const MAX_AHEAD_SECONDS = 300;

export type SignatureContext = Pick<Context, "db" | "tenant" | "clock" | "config">;

/** A file whose signature holds, with the digests of all of its records. */
export interface CheckedFile {
  readonly signature: FileSignature;
  readonly publicKey: Uint8Array;
  readonly arrivedAt: UnixSeconds;
  /**
   * Digests of the records, 32 bytes each, one after another in the order of the tree. The caller closes it.
   */
  readonly digests: ScratchFile;
  readonly bundleRoots: readonly Uint8Array[];
}

/**
 * Checks a file against its signature, before anything of it is stored: that the statement is meant for us
 * and fresh, that the key is the provider's and good, that the signature holds, and (reading the whole file
 * once) that the records which the profile makes of it are the very ones that were signed.
 * @param sidecar bytes of the `.sig.json`
 * @throws InputError `file-signature.malformed`, or as `readActivities`
 * @throws CheckFailedError `signature.provider`, `signature.tenant`, `signature.profile`,
 * `signature.key-unknown`, `signature.invalid`, `signature.future`,
 *   `signature.stale`, `signature.key-expired`, `signature.key-revoked`, `signature.records`
 */
export async function checkFileSignature(
  context: SignatureContext,
  request: {
    readonly profile: Profile;
    readonly source: { open(): AsyncIterable<Uint8Array> };
    readonly sidecar: Uint8Array;
    readonly reading: Reading;
  },
): Promise<CheckedFile> {
  const { profile, source, reading } = request;
  const signature = parseFileSignature(request.sidecar);
  const now = context.clock.now();
  checkMeantForUs(context, profile, signature);
  const publicKey = await checkKey(context, signature, now);

  const digests = await reading.openScratch();
  try {
    const tree = new DigestTreeStream();
    const fileSalt = fromHex(signature.fileSalt);
    for await (const chunk of recordDigests(profile, source, reading, {
      now: signature.signedAt,
      fileSalt,
    })) {
      for (const digest of chunk.digests) tree.push(digest);
      if (chunk.digests.length > 0) await digests.append(Buffer.concat(chunk.digests));
    }
    const count = digests.size / 32;
    if (count !== signature.records) {
      throw refused(
        "records",
        `the profile makes ${String(count)} records of it, and ${String(signature.records)} were signed`,
        ASK_AGAIN,
      );
    }
    const { root, bundleRoots } = tree.finish();
    if (toHex(root) !== signature.root)
      throw refused("records", "its records are not the ones that were signed", ASK_AGAIN);
    return { signature, publicKey, arrivedAt: laterOf(now, signature.signedAt), digests, bundleRoots };
  } catch (error) {
    await digests.close();
    throw error;
  }
}

const ASK_AGAIN =
  "The file, or a lookup file that the profile reads beside it, was changed since it was signed. Ask " +
  "the provider for the file and its .sig.json again";

/**
 * The later of two times: what is said to be signed after it arrived counts as arrived then, so that a
 * revocation between the two hits it.
 */
export function laterOf(a: UnixSeconds, b: UnixSeconds): UnixSeconds {
  return a > b ? a : b;
}

function checkMeantForUs({ tenant }: SignatureContext, profile: Profile, signature: FileSignature): void {
  const { id } = profile.provider;
  if (signature.provider !== id) {
    throw refused(
      "provider",
      `it was signed by ${signature.provider}, and the profile is for ${id}`,
      "Name the right profile or provider",
    );
  }
  if (signature.tenant !== tenant) {
    throw refused(
      "tenant",
      `it was signed for the operator ${signature.tenant}, not for ${tenant}`,
      "Ask the provider to sign it for us",
    );
  }
  if (signature.profileHash !== profileHash(profile)) {
    throw refused(
      "profile",
      "it was signed under another profile, or another version of this one",
      "Agree with the provider on one profile",
    );
  }
}

/** The public key behind the signature, if it may sign now. */
async function checkKey(
  { db, tenant, config }: SignatureContext,
  signature: FileSignature,
  now: UnixSeconds,
): Promise<Uint8Array> {
  const { provider, keyId, signedAt } = signature;
  const key = (await providerKeys(db, tenant, provider)).find(
    ({ publicKey }) => providerKeyId(publicKey) === keyId,
  );
  if (!key) {
    throw refused(
      "key-unknown",
      `${provider} has no key ${keyId} here`,
      "If the provider confirms the key, add it: microtonne provider key add",
    );
  }
  if (!verifyEd25519(fromHex(signature.signature), fileStatementMessage(signature), key.publicKey)) {
    throw refused(
      "invalid",
      `the signature is not one of key ${keyId} over this statement`,
      "Ask the provider for the .sig.json again",
    );
  }
  if (signedAt > now + MAX_AHEAD_SECONDS) {
    throw refused(
      "future",
      `it was signed at ${utcText(signedAt)}, which is still to come`,
      "One of the two clocks is wrong",
    );
  }
  if (signedAt < now - config.signatureAgeDays * SECONDS_PER_DAY) {
    const most = `more than ${String(config.signatureAgeDays)} days ago`;
    throw refused(
      "stale",
      `it was signed at ${utcText(signedAt)}, ${most}`,
      "Ask the provider to sign it anew",
    );
  }
  const fault = providerKeyFault(key, signedAt, now);
  if (fault === "expired") {
    throw refused(
      "key-expired",
      `its key ${keyId} was not valid at ${utcText(signedAt)}`,
      "Ask the provider to sign it with a key that is",
    );
  }
  if (fault === "revoked") {
    throw refused(
      "key-revoked",
      `its key ${keyId} is revoked`,
      "Ask the provider to sign it with another key",
    );
  }
  return key.publicKey;
}

function refused(code: string, what: string, remedy: string): CheckFailedError {
  return new CheckFailedError(`signature.${code}`, `Nothing of the file was taken: ${what}. ${remedy}.`);
}
