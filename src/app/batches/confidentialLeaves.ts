import type { StoredBatch } from "../../adapters/storage/batches/batches.ts";
import { knownClosing } from "../../adapters/storage/batches/knownClosing.ts";
import type { LeafDraft } from "../../base/types/confidentialLeaf.ts";
import type { MethodologyId } from "../../base/types/ids.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";
import { methodologyIdOf } from "../../format/batch/methodology.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";
import type { Context } from "../context.ts";
import { EvidenceReader } from "../providers/evidenceReader.ts";
import { leafDrafts } from "./leafDrafts.ts";

/** What stands behind the leaves of a sealed batch, in leaf order. */
export async function* confidentialLeaves(context: Context, batch: StoredBatch): AsyncIterable<LeafDraft[]> {
  const { closing } = await knownClosing(context.db, context.tenant, batch.closingId);
  const reader = new EvidenceReader(context.db, context.tenant);
  const capped = cappedMethodologies(batch);
  for await (const drafts of leafDrafts(context, closing)) {
    const signatures = await reader.encode(drafts.map(({ evidence }) => evidence));
    yield drafts.map((draft, index) => ({
      ...draft,
      ...(capped.has(draft.methodologyId) && { cutTo: draft.milligrams }),
      signatures: signatures[index] ?? [],
    }));
  }
}

/** Those that cap days or years: of their leaves a verifier is told what the caps left. */
function cappedMethodologies({ manifest }: StoredBatch): ReadonlySet<MethodologyId> {
  const capped = decodeManifest(manifest).methodologies.filter((one) => periodCapsOf(one) !== null);
  return new Set(capped.map((methodology) => methodologyIdOf(methodology)));
}
