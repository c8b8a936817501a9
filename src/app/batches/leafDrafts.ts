import { streamPooled } from "../../adapters/storage/batches/streamPooled.ts";
import type { LeafDraft } from "../../base/types/confidentialLeaf.ts";
import { readAhead } from "../../base/lib/readAhead.ts";
import { yieldToEventLoop } from "../../base/lib/yieldToEventLoop.ts";
import { groupLeaves } from "../../stages/pool/groupLeaves.ts";
import type { Closing } from "../../stages/pool/ports.ts";
import type { Context } from "../context.ts";

/**
 * Reductions that are read and salted at one go: what is done with their leaves takes some ten milliseconds.
 */
export const ROWS_AT_ONCE = 1_000;

/**
 * The leaves of a closing with everything behind them, in leaf order: what the tree is built from and what
 * verifiers recompute.
 */
export async function* leafDrafts(
  context: Pick<Context, "db" | "tenant" | "keys">,
  closing: Closing,
): AsyncIterable<LeafDraft[]> {
  for await (const groups of groupLeaves(
    // A database server reads the next rows while these are hashed.
    readAhead(streamPooled(context.db, context.tenant, closing.closingId, ROWS_AT_ONCE)),
  )) {
    await yieldToEventLoop();
    const salts = await context.keys.salts.leafSalts(
      { tenant: context.tenant, closingId: closing.closingId },
      groups,
    );
    yield groups.map(
      ({ activityKey, methodologyId, milligrams, day, subjectKey, records, evidence }, index): LeafDraft => ({
        activityKey,
        methodologyId,
        milligrams,
        day,
        subjectKey,
        records,
        evidence,
        salt: salts[index] as Uint8Array,
      }),
    );
  }
}
