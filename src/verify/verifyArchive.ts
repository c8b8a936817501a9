import { MANIFEST_PATH } from "../format/archive/archiveLayout.ts";
import { SHIPPED_CLASS_LISTS } from "../format/batch/classes/classLists.ts";
import { batchIdOf, decodeManifest } from "../format/batch/manifest.ts";
import type { ArchiveSource } from "../format/archive/readArchive.ts";
import { verifyArchive as recomputeArchive } from "../format/archive/verifyArchive.ts";
import { archiveSentences } from "./sentences/archiveSentences.ts";
import { checkBatchWords } from "./chain/checkBatchWords.ts";
import { openAnchor } from "./chain/openAnchor.ts";
import { batchFacts, blockFacts, uncounted } from "./proofFacts.ts";
import type { Trust } from "./trust.ts";
import type { BatchFacts, Verdict } from "./verdict.ts";

/**
 * Recomputes a whole archive, leaf by leaf, and holds it against the trust input. An archive holds no storage
 * proofs, so it can't be held against a block hash.
 * @param classLists the lists of scenario classes that the verifier knows
 * @throws CheckFailedError `archive.…` where the archive is wrong in itself, `verify.…` where it is not what
 * is trusted; InputError and UnavailableError as `verifyProof`
 */
export async function verifyArchive(
  source: ArchiveSource,
  trust: Trust | null,
  onProgress?: (leaves: number, of: number) => void,
  classLists = SHIPPED_CLASS_LISTS,
): Promise<Verdict> {
  const manifestBytes = await source.read(MANIFEST_PATH);
  const batch = { batchId: batchIdOf(manifestBytes), manifest: decodeManifest(manifestBytes) };
  const anchor = await openAnchor([batch], trust, undefined);
  const onChain = anchor.state && (await anchor.state.batch(batch.batchId, batch.manifest));
  const anchored = onChain && checkBatchWords({ ...batch, strikes: null, attesters: null }, onChain, null);
  await anchor.finish();
  const known: ArchiveSource = {
    read: (path, length) =>
      path === MANIFEST_PATH ? Promise.resolve(manifestBytes) : source.read(path, length),
  };
  await recomputeArchive(known, batch.batchId, onProgress, classLists);
  const facts: BatchFacts = {
    ...batchFacts(batch.batchId, batch.manifest, anchored),
    leaves: batch.manifest.leafCount,
    milligrams: batch.manifest.totalMilligrams.toString(),
    serials: [],
    spans: null,
    ...uncounted(batch.manifest),
  };
  return {
    ok: true,
    mode: anchor.mode,
    ...archiveSentences(facts, anchor, batch.manifest),
    facts: {
      kind: "archive",
      chainId: batch.manifest.chainId,
      batches: [facts],
      retirement: null,
      block: anchor.state && blockFacts(anchor.state.block),
    },
  };
}
