import type { StoredBatch } from "../../adapters/storage/batches/batches.ts";
import { knownClosing } from "../../adapters/storage/batches/knownClosing.ts";
import type { LeafDraft } from "../../base/types/confidentialLeaf.ts";
import type { Context } from "../context.ts";
import { EvidenceReader } from "../providers/evidenceReader.ts";
import { leafDrafts } from "./leafDrafts.ts";

/** What stands behind the leaves of a sealed batch, in leaf order. */
export async function* confidentialLeaves(context: Context, batch: StoredBatch): AsyncIterable<LeafDraft[]> {
  const { closing } = await knownClosing(context.db, context.tenant, batch.closingId);
  const reader = new EvidenceReader(context.db, context.tenant);
  for await (const drafts of leafDrafts(context, closing)) {
    const signatures = await reader.encode(drafts.map(({ evidence }) => evidence));
    yield drafts.map((draft, index) => ({ ...draft, signatures: signatures[index] ?? [] }));
  }
}
