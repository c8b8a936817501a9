import { saveSignedFile, type DigestBundle } from "../../adapters/storage/providers/signedFiles.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { fromHex } from "../../base/lib/bytes.ts";
import { WORD_BYTES } from "../../base/lib/sizes.ts";
import type { StoredEvidence } from "../../base/types/storedEvidence.ts";
import { DIGESTS_PER_BUNDLE } from "../../format/signing/digestTree.ts";
import { signedFileId } from "../../format/signing/fileSignature.ts";
import type { CheckedFile, SignatureContext } from "./checkFileSignature.ts";
import { digestOf, sameDigest } from "./recordDigests.ts";
import type { Signing } from "./openSigning.ts";

/**
 * The second reading of a file whose signature holds: its digests are kept, and each record must be the one
 * that was signed, so that nothing else gets in where the file is exchanged between the two readings.
 */
export async function fileSigning(context: SignatureContext, checked: CheckedFile): Promise<Signing> {
  const { signature, publicKey, arrivedAt, digests, bundleRoots } = checked;
  const file = signedFileId(signature);
  const fileSalt = fromHex(signature.fileSalt);
  try {
    await saveSignedFile(
      context.db,
      context.tenant,
      {
        file,
        provider: signature.provider,
        publicKey,
        profileHash: fromHex(signature.profileHash),
        saltHash: fromHex(signature.saltHash),
        records: signature.records,
        root: fromHex(signature.root),
        signedAt: signature.signedAt,
        signature: fromHex(signature.signature),
      },
      async function* bundles(): AsyncIterable<DigestBundle> {
        const length = DIGESTS_PER_BUNDLE * WORD_BYTES;
        for (const [i, root] of bundleRoots.entries())
          yield { root, digests: await digests.read(i * length, length) };
      },
    );
  } catch (error) {
    await digests.close();
    throw error;
  }
  let next = 0;
  return {
    now: signature.signedAt,
    async judge(outcomes) {
      const records = outcomes.filter((outcome) => outcome.kind === "record");
      const kept = await digests.read(next * WORD_BYTES, records.length * WORD_BYTES);
      const evidence = new Map<number, StoredEvidence>();
      for (const [i, outcome] of records.entries()) {
        const { digest, subjectDigest } = digestOf(outcome, fileSalt);
        if (!sameDigest(kept, i, digest)) throw changed();
        evidence.set(outcome.row, {
          kind: "file",
          publicKey,
          subjectDigest,
          arrivedAt,
          file,
          index: next + i,
        });
      }
      next += records.length;
      return { outcomes, refused: [], evidence };
    },
    finish() {
      if (next !== signature.records) throw changed();
    },
    close: () => digests.close(),
  };
}

function changed(): CheckFailedError {
  return new CheckFailedError(
    "signature.changed",
    "The file was changed while it was read. What was taken is signed and stays; give the whole file " +
      "again, when nobody writes to it.",
  );
}
