import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import { fromHex, toHex } from "../../base/lib/bytes.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { DigestTreeStream } from "../../format/signing/digestTree.ts";
import { parseFileSignature, type FileSignature } from "../../format/signing/fileSignature.ts";
import type { ScratchFile } from "../../stages/ingest/ports.ts";
import { checkFileStatement } from "../../stages/ingest/providerKeys/checkFileStatement.ts";
import { fileSigningKey } from "../../stages/ingest/providerKeys/fileSigningKey.ts";
import { signatureRefusal } from "../../stages/ingest/providerKeys/signatureRefusal.ts";
import { arrivalTime } from "../../stages/ingest/providerKeys/signingClock.ts";
import { profileHash } from "../../stages/ingest/profile/profile.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { Context } from "../context.ts";
import { keyAssets } from "./keyAssets.ts";
import { recordDigests } from "./recordDigests.ts";
import type { Reading } from "../sources/prepareReading.ts";

export type SignatureContext = Pick<Context, "db" | "tenant" | "clock" | "config" | "keys">;

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
 * @throws CheckFailedError `signature.records`, or as `checkFileStatement` and `fileSigningKey`
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
  const { db, tenant, config } = context;
  checkFileStatement(signature, {
    provider: profile.provider.id,
    tenant,
    profileHash: profileHash(profile),
  });
  const keys = await providerKeys(db, tenant, signature.provider);
  const publicKey = fileSigningKey(signature, keys, now, config.signatureAgeDays);

  const digests = await reading.openScratch();
  try {
    const tree = new DigestTreeStream();
    const fileSalt = fromHex(signature.fileSalt);
    for await (const chunk of recordDigests(profile, source, reading, {
      now: signature.signedAt,
      fileSalt,
      keyed: (outcomes) => keyAssets(context.keys.subjects, outcomes),
    })) {
      for (const digest of chunk.digests) tree.push(digest);
      if (chunk.digests.length > 0) await digests.append(Buffer.concat(chunk.digests));
    }
    const count = digests.size / 32;
    if (count !== signature.records) {
      throw signatureRefusal(
        "records",
        `the profile makes ${String(count)} records of it, and ${String(signature.records)} were signed`,
        ASK_AGAIN,
      );
    }
    const { root, bundleRoots } = tree.finish();
    if (toHex(root) !== signature.root)
      throw signatureRefusal("records", "its records are not the ones that were signed", ASK_AGAIN);
    return { signature, publicKey, arrivedAt: arrivalTime(now, signature.signedAt), digests, bundleRoots };
  } catch (error) {
    await digests.close();
    throw error;
  }
}

const ASK_AGAIN =
  "The file, or a lookup file that the profile reads beside it, was changed since it was signed. Ask " +
  "the provider for the file and its .sig.json again";
