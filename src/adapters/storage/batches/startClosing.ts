import { StateError } from "../../../base/errors/errors.ts";
import { milligrams } from "../../../base/lib/mass.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Closing } from "../../../stages/pool/ports.ts";
import { lockAdmission } from "../reductions/admissionLock.ts";
import { batchHead } from "./batches.ts";
import { closingFacts } from "./closingFacts.ts";
import { findClosing, insertClosing } from "./closings.ts";
import type { ClosingRequest } from "./closings.ts";
import type { Database } from "../engine/database.ts";
import { recordMove } from "../reductions/recordMove.ts";

/**
 * `started` is false where an earlier closing is unfinished: then `closing` is that one, to be resumed first.
 */
export interface StartedClosing {
  readonly started: boolean;
  readonly closing: Closing;
}

/**
 * Freezes the open reductions of a region whose day (in the methodology's zone) is in the range: they become
 * `pooled` and belong to this closing for good, in one transaction with its row and the ledger's, and without
 * a change of theirs (`closingFacts`). From then on their activity keys take no further acts. What arrived
 * under a key after its compromise is left out, for good as well, and so is what a methodology counted that
 * was withdrawn since.
 * @throws StateError `closing.nothing-open` where no open reduction matches, `closing.head-moved` where
 * `previousBatchId` is not the batch sealed last
 */
export async function startClosing(
  db: Database,
  tenant: TenantId,
  request: ClosingRequest,
): Promise<StartedClosing> {
  return db.transaction(async (tx) => {
    await lockAdmission(tx, tenant, "alone");
    const unfinished = await findClosing(tx, tenant);
    if (unfinished !== null) return { started: false, closing: unfinished };
    const head = await batchHead(tx, tenant);
    if (head !== request.previousBatchId) {
      throw new StateError(
        "closing.head-moved",
        `The batch sealed last is ${head ?? "none"}, not ${request.previousBatchId ?? "none"}. Read ` +
          "the head again and start anew.",
      );
    }
    const number = await insertClosing(tx, tenant, request);
    await tx.query(
      `INSERT INTO closing_exclusions (tenant, closing, provider, public_key, arrived_from)
       SELECT tenant, $2, provider, public_key, revoked_at FROM provider_keys
       WHERE tenant = $1 AND revocation = 'compromised'`,
      [tenant, number],
    );
    await tx.query(
      `INSERT INTO closing_withdrawals (tenant, closing, methodology)
       SELECT $1, $2, id FROM rules WHERE kind = 'methodology' AND state = 'withdrawn' AND region = $3`,
      [tenant, number, request.region],
    );
    const opened = { ...request, reductions: 0, milligrams: milligrams(0n) };
    const { facts, parameters } = await closingFacts(tx, tenant, { number, sealed: false, closing: opened });
    const [sum] = await tx.query<{ reductions: bigint; milligrams: bigint | null }>(
      `SELECT count(*) AS reductions, sum(f.milligrams)::bigint AS milligrams FROM ${facts}`,
      parameters,
    );
    if (sum === undefined || sum.milligrams === null) {
      throw new StateError(
        "closing.nothing-open",
        `No open reduction of region ${request.region} falls into these days. Ingest some first, or ` +
          "see `microtonne batch list`: an earlier call may have closed them.",
      );
    }
    await tx.query(
      "UPDATE closings SET reductions = $3, milligrams = $4 WHERE tenant = $1 AND closing = $2",
      [tenant, number, sum.reductions, sum.milligrams],
    );
    await recordMove(tx, tenant, {
      from: "open",
      to: "pooled",
      reductions: sum.reductions,
      milligrams: sum.milligrams,
      reference: `closing ${String(number)}`,
    });
    return {
      started: true,
      closing: { ...request, reductions: Number(sum.reductions), milligrams: milligrams(sum.milligrams) },
    };
  });
}
