import { CheckFailedError } from "../../base/errors/errors.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import type { AdmissionOutcome, ChunkProgress, ReductionStore } from "../../stages/dedupe/ports.ts";
import { lockAdmission } from "./admissionLock.ts";
import { admissionOutcome } from "./admissionOutcome.ts";
import type { KeyHolder } from "./admissionOutcome.ts";
import { appendReductions } from "./appendReductions.ts";
import type { Database, Session } from "./database.ts";
import { recordMove } from "./dispositionMoves.ts";
import { saveChunk, storedChunk } from "./ingestChunks.ts";
import type { Admission } from "./ingestChunks.ts";
import { keyName, knownHolders, knownRecords, recordName } from "./knownKeys.ts";
import { preferIndexes } from "./planner.ts";
import { isUniqueViolation } from "./sqlState.ts";

/** The port of the dedupe stage over a database. */
export function reductionStore(db: Database, tenant: TenantId): ReductionStore {
  return { admit: (reductions, progress) => admitReductions(db, tenant, reductions, progress) };
}

/**
 * Admits one chunk of an ingest: what is new becomes `open`, what is here already is refused, and the chunk's counts, its ledger row and its
 * keys are written in the same transaction. A refused reduction leaves nothing behind. Among rows of one chunk the first by order wins. A
 * chunk that is stored already is answered from what is stored.
 * @throws CheckFailedError `ingest.rows-lost` where rows read are not rows rejected + reductions given
 * @throws StateError `ingest.unknown`, `ingest.finished`, `ingest.chunk-order` for a chunk that is not the next one, `ingest.chunk-differs`
 * where the stored chunk was read from other rows
 */
export async function admitReductions(
  db: Database,
  tenant: TenantId,
  reductions: readonly Reduction[],
  progress: ChunkProgress,
): Promise<Admission> {
  if (progress.rowsRead !== progress.rejected + reductions.length) {
    throw new CheckFailedError(
      "ingest.rows-lost",
      `Chunk ${String(progress.chunk)} read ${String(progress.rowsRead)} rows, but ${String(progress.rejected)} were rejected and ` +
        `${String(reductions.length)} are to be admitted.`,
    );
  }
  try {
    return await db.transaction((tx) => admitOnce(tx, tenant, reductions, progress, "shared"));
  } catch (error) {
    // Another transaction stored one of these keys after they were looked up. Nobody can do that while this one runs alone.
    if (!isUniqueViolation(error)) throw error;
    return db.transaction((tx) => admitOnce(tx, tenant, reductions, progress, "alone"));
  }
}

async function admitOnce(
  tx: Session,
  tenant: TenantId,
  reductions: readonly Reduction[],
  progress: ChunkProgress,
  mode: "shared" | "alone",
): Promise<Admission> {
  await lockAdmission(tx, tenant, mode);
  const stored = await storedChunk(tx, tenant, progress);
  if (stored !== null) return stored;

  await preferIndexes(tx);
  const records = await knownRecords(tx, tenant, reductions);
  const fresh = reductions.filter(({ record }) => !records.has(recordName(record.provider, record.recordId)));
  const holders = await knownHolders(
    tx,
    tenant,
    fresh.map((reduction) => reduction.activityKey),
  );

  const accepted: Reduction[] = [];
  const claims: Reduction[] = [];
  const outcomes = reductions.map((reduction): AdmissionOutcome => {
    const { record } = reduction;
    const name = recordName(record.provider, record.recordId);
    if (records.has(name)) return "duplicate.record-id";
    const key = keyName(reduction.activityKey);
    const holding = holders.get(key);
    const outcome = admissionOutcome(reduction, holding ?? []);
    if (outcome !== "accepted") return outcome;
    records.add(name);
    accepted.push(reduction);
    if (holding === undefined) {
      holders.set(key, [openHolder(reduction)]);
      claims.push(reduction);
    } else {
      holding.push(openHolder(reduction));
    }
    return outcome;
  });

  const milligrams = accepted.reduce((sum, reduction) => sum + reduction.milligrams, 0n);
  if (accepted.length > 0) {
    await appendReductions(tx, tenant, accepted, claims);
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

function openHolder(reduction: Reduction): KeyHolder {
  const { record } = reduction;
  return {
    provider: record.provider,
    methodologyId: reduction.methodologyId,
    hasSubject: reduction.subjectKey !== null,
    scenario: record.scenario,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    quantity: record.quantity,
    unit: record.unit,
    closed: false,
  };
}
