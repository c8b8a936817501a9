import { CheckFailedError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type { ChunkProgress } from "../../../stages/dedupe/ports.ts";
import type { DayRules } from "../../../stages/plausibility/ports.ts";
import { lockAdmission } from "./admissionLock.ts";
import { appendReductions } from "./appendReductions.ts";
import type { Database, Session } from "../engine/database.ts";
import { decideAdmission } from "../../../stages/dedupe/decideAdmission.ts";
import { recordMove } from "./dispositionMoves.ts";
import { saveChunk, storedChunk } from "../ingests/ingestChunks.ts";
import type { Admission } from "../ingests/ingestChunks.ts";
import { knownHolders, knownRecords, nameKeys } from "./knownKeys.ts";
import { preferIndexes } from "../engine/planner.ts";
import { isUniqueViolation } from "../engine/sqlState.ts";
import { SubjectDays } from "./subjectDays.ts";

/**
 * Admits one chunk of an ingest. What is new becomes `open`, what is here already is refused, and the chunk's
 * counts, its ledger row and its keys are written in the same transaction. A refused reduction leaves nothing
 * behind. Among rows of one chunk the first by order wins. Acts that name a subject are judged by `rules`
 * besides, beside the subject's other acts; null judges none. A chunk that is stored already is answered from
 * what is stored.
 * @throws CheckFailedError `ingest.rows-lost` where rows read are not rows rejected + reductions given
 * @throws StateError `ingest.unknown`, `ingest.finished`, `ingest.chunk-order` for a chunk that is not the
 * next one, `ingest.chunk-differs` where the stored chunk was read from other rows
 */
export async function admitReductions(
  db: Database,
  tenant: TenantId,
  reductions: readonly Reduction[],
  progress: ChunkProgress,
  rules: DayRules | null,
): Promise<Admission> {
  if (progress.rowsRead !== progress.rejected + reductions.length) {
    throw new CheckFailedError(
      "ingest.rows-lost",
      `Chunk ${String(progress.chunk)} read ${String(progress.rowsRead)} rows, but ${String(progress.rejected)} were rejected and ` +
        `${String(reductions.length)} are to be admitted.`,
    );
  }
  try {
    return await db.transaction((tx) => admitOnce(tx, tenant, reductions, progress, rules, "shared"));
  } catch (error) {
    // Another transaction stored one of these keys after they were looked up. Nobody can do that while this
    // one runs alone.
    if (!isUniqueViolation(error)) throw error;
    return db.transaction((tx) => admitOnce(tx, tenant, reductions, progress, rules, "alone"));
  }
}

async function admitOnce(
  tx: Session,
  tenant: TenantId,
  reductions: readonly Reduction[],
  progress: ChunkProgress,
  rules: DayRules | null,
  mode: "shared" | "alone",
): Promise<Admission> {
  await lockAdmission(tx, tenant, mode);
  const stored = await storedChunk(tx, tenant, progress);
  if (stored !== null) return stored;

  await preferIndexes(tx);
  const records = await knownRecords(tx, tenant, reductions);
  const named = reductions.map((reduction) => nameKeys(reduction));
  const fresh = named.filter(({ record }) => !records.has(record));
  const candidates =
    rules === null
      ? []
      : fresh.filter(({ reduction }) => reduction.subjectKey !== null).map(({ reduction }) => reduction);
  const days =
    rules === null || candidates.length === 0 ? null : await SubjectDays.load(tx, tenant, rules, candidates);
  // A subject's day says which minutes it has acts in, and where it does not know one, the claim's unique
  // index does: then all keys are looked up.
  const asked =
    days === null || mode === "alone" ? fresh : fresh.filter(({ reduction }) => days.mayBeClaimed(reduction));
  const holders = await knownHolders(
    tx,
    tenant,
    asked.map(({ reduction }) => reduction.activityKey),
  );
  const { outcomes, accepted, claims } = decideAdmission(named, records, holders, days);
  const milligrams = accepted.reduce((sum, reduction) => sum + reduction.milligrams, 0n);
  if (accepted.length > 0) {
    await appendReductions(tx, tenant, accepted, claims);
    await days?.save(tx, tenant);
    await recordMove(tx, tenant, {
      from: null,
      to: "open",
      reductions: BigInt(accepted.length),
      milligrams,
      reference: `ingest ${progress.ingestId}, chunk ${String(progress.chunk)}`,
    });
  }
  return { outcomes, result: await saveChunk(tx, tenant, progress, outcomes, milligrams) };
}
