import { CheckFailedError, StateError, UsageError } from "../../../base/errors/errors.ts";
import { fromHex } from "../../../base/lib/bytes.ts";
import type { RetirementId, TenantId } from "../../../base/types/ids.ts";
import type { Retirement, RetirementLine } from "../../../base/types/retirement.ts";
import type { Intent } from "../../../stages/outbox/ports.ts";
import type { Database, Session } from "../engine/database.ts";
import { recordEvent } from "../events/recordEvent.ts";
import { unknownRetirement } from "./knownRetirement.ts";
import { findRetirement } from "./findRetirement.ts";
import { enqueueIntent } from "../outbox/outbox.ts";
import type {
  DecideFailure,
  DecideFinal,
  RetirementPlan,
  RetirementState,
} from "../../../stages/retire/ports.ts";

/**
 * Enters a retirement and the intent that asks the chain for it, both or none.
 * @throws UsageError `retirement.amounts` for no amount, `retirement.known` for an id that is there already
 */
export async function insertRetirement(
  db: Session,
  tenant: TenantId,
  plan: RetirementPlan,
  intent: Intent,
): Promise<void> {
  if (plan.amounts.length === 0)
    throw new UsageError("retirement.amounts", "A retirement needs an amount of at least one batch.");
  const id = fromHex(plan.retirementId, 32);
  await db.transaction(async (tx) => {
    const entered = await tx.query(
      `INSERT INTO retirements (tenant, retirement_id, holder, nonce, beneficiary_hash, document_hash,
       purpose, reporting_year, country,
         disclosed, requested_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tenant, retirement_id) DO NOTHING
       RETURNING 1`,
      [
        tenant,
        id,
        fromHex(plan.holder, 20),
        fromHex(plan.nonce, 32),
        fromHex(plan.beneficiaryHash, 32),
        fromHex(plan.documentHash, 32),
        plan.purpose,
        plan.reportingYear,
        plan.country,
        plan.disclosed,
        plan.requestedAt,
      ],
    );
    if (entered.length === 0)
      throw new UsageError("retirement.known", `Retirement ${plan.retirementId} has been requested already.`);
    for (const [line, amount] of plan.amounts.entries()) {
      await tx.query(
        `INSERT INTO retirement_lines (tenant, retirement_id, line, batch_id, milligrams)
         VALUES ($1, $2, $3, $4, $5)`,
        [tenant, id, line, fromHex(amount.batchId, 32), amount.milligrams],
      );
    }
    await enqueueIntent(tx, tenant, intent);
    const { retirementId, purpose, reportingYear, country } = plan;
    const batches = plan.amounts.map((amount) => ({
      batchId: amount.batchId,
      milligrams: amount.milligrams.toString(),
    }));
    const total = plan.amounts.reduce((sum, amount) => sum + amount.milligrams, 0n).toString();
    const data = { retirementId, milligrams: total, purpose, reportingYear, country, batches };
    await recordEvent(tx, tenant, { type: "retirement.requested", data });
  });
}

/**
 * Takes over the final record of a requested retirement. Doing it again with the same record changes nothing;
 * where a reorg gave the retirement another time or range, the chain's newest word replaces the older one,
 * the proof of the older one goes, and the event is `retirement.revised` instead of `retirement.final`.
 * @throws UsageError `retirement.unknown`
 * @throws CheckFailedError as `decide`, `retirement.overlap` where a serial range is used up already
 */
export async function finishRetirement(
  db: Database,
  tenant: TenantId,
  record: Retirement,
  decide: DecideFinal,
): Promise<void> {
  const id = fromHex(record.retirementId, 32);
  await db.transaction(async (tx) => {
    await tx.query("SELECT 1 FROM retirements WHERE tenant = $1 AND retirement_id = $2 FOR UPDATE", [
      tenant,
      id,
    ]);
    const stored = await findRetirement(tx, tenant, record.retirementId);
    if (stored === null) throw unknownRetirement(record.retirementId);
    const outcome = decide(stored, record);
    if (outcome === "known") return;
    for (const [index, line] of record.lines.entries())
      await takeRange(tx, tenant, record.retirementId, index, line);
    await tx.query(
      `UPDATE retirements SET state = 'final', retired_at = $3, failure = NULL, proof = NULL WHERE tenant = $1
       AND retirement_id = $2`,
      [tenant, id, record.retiredAt],
    );
    await recordEvent(tx, tenant, {
      type: `retirement.${outcome}`,
      data: {
        retirementId: record.retirementId,
        milligrams: record.lines.reduce((sum, line) => sum + line.end - line.start, 0n).toString(),
        retiredAt: record.retiredAt,
        lines: record.lines.map(({ batchId, start, end }) => ({
          batchId,
          start: start.toString(),
          end: end.toString(),
        })),
      },
    });
  });
}

async function takeRange(
  tx: Session,
  tenant: TenantId,
  retirementId: RetirementId,
  index: number,
  line: RetirementLine,
): Promise<void> {
  const [id, batch] = [fromHex(retirementId, 32), fromHex(line.batchId, 32)];
  // One taker at a time per batch, else two could miss each other's range.
  await tx.query("SELECT 1 FROM batches WHERE tenant = $1 AND batch_id = $2 FOR UPDATE", [tenant, batch]);
  const overlapping = await tx.query(
    `SELECT 1 FROM retirement_lines
     WHERE tenant = $1 AND batch_id = $2 AND start_milligrams < $4 AND end_milligrams > $3
     AND retirement_id <> $5 LIMIT 1`,
    [tenant, batch, line.start, line.end, id],
  );
  if (overlapping.length > 0) {
    throw new CheckFailedError(
      "retirement.overlap",
      `A part of the range of batch ${line.batchId} is retired already.`,
    );
  }
  await tx.query(
    `UPDATE retirement_lines SET start_milligrams = $4, end_milligrams = $5 WHERE tenant = $1
     AND retirement_id = $2 AND line = $3`,
    [tenant, id, index, line.start, line.end],
  );
}

/**
 * Says that the chain refused a retirement, and why. The event `retirement.failed` is recorded the first
 * time.
 * @throws StateError as `decide`
 */
export async function failRetirement(
  db: Session,
  tenant: TenantId,
  retirementId: RetirementId,
  failure: string,
  decide: DecideFailure,
): Promise<void> {
  const id = fromHex(retirementId, 32);
  await db.transaction(async (tx) => {
    const [stored] = await tx.query<{ state: RetirementState }>(
      "SELECT state FROM retirements WHERE tenant = $1 AND retirement_id = $2 FOR UPDATE",
      [tenant, id],
    );
    const outcome = decide(retirementId, stored?.state ?? null);
    await tx.query(
      "UPDATE retirements SET state = 'failed', failure = $3 WHERE tenant = $1 AND retirement_id = $2",
      [tenant, id, failure],
    );
    if (outcome === "failed")
      await recordEvent(tx, tenant, { type: "retirement.failed", data: { retirementId } });
  });
}

/**
 * Keeps the proof file's bytes: nodes forget old state, so the proof is made once, at the final head.
 * @throws StateError `retirement.not-final`
 */
export async function saveRetirementProof(
  db: Session,
  tenant: TenantId,
  retirementId: RetirementId,
  proof: Uint8Array,
): Promise<void> {
  const saved = await db.query(
    `UPDATE retirements SET proof = $3 WHERE tenant = $1 AND retirement_id = $2 AND state = 'final'
     RETURNING 1`,
    [tenant, fromHex(retirementId, 32), proof],
  );
  if (saved.length === 0)
    throw new StateError(
      "retirement.not-final",
      `Retirement ${retirementId} is not final, so it has no proof yet.`,
    );
}

/** The proof file's bytes as they were made; null before. */
export async function findRetirementProof(
  db: Session,
  tenant: TenantId,
  retirementId: RetirementId,
): Promise<Uint8Array | null> {
  const [row] = await db.query<{ proof: Uint8Array | null }>(
    "SELECT proof FROM retirements WHERE tenant = $1 AND retirement_id = $2",
    [tenant, fromHex(retirementId, 32)],
  );
  return row?.proof ?? null;
}
