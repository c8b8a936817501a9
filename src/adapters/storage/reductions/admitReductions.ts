import type { TenantId } from "../../../base/types/ids.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type { ChunkProgress, DecideAdmission, DecideChunk } from "../../../stages/dedupe/ports.ts";
import type { DayRules, OpenSubjectDays } from "../../../stages/plausibility/ports.ts";
import { lockAdmission } from "./admissionLock.ts";
import { appendReductions } from "./appendReductions.ts";
import type { Database, Session } from "../engine/database.ts";
import { recordMove } from "./recordMove.ts";
import { findStanding, saveChunk } from "../ingests/ingestChunks.ts";
import type { Admission } from "../ingests/ingestChunks.ts";
import { knownHolders, knownRecords, nameKeys } from "./knownKeys.ts";
import { preferIndexes } from "../engine/preferIndexes.ts";
import { isUniqueViolation } from "../engine/sqlState.ts";
import { loadSubjectDays, saveSubjectDays } from "./subjectDays.ts";
import { CheckFailedError } from "../../../base/errors/errors.ts";

/** What the transaction asks the stages; it fetches what they need to know and stores what they say. */
export interface AdmissionDecisions {
  readonly decideChunk: DecideChunk;
  readonly decideAdmission: DecideAdmission;
  readonly openSubjectDays: OpenSubjectDays;
}

interface Chunk {
  readonly reductions: readonly Reduction[];
  readonly progress: ChunkProgress;
  readonly rules: DayRules | null;
  readonly decisions: AdmissionDecisions;
}

/**
 * Admits one chunk of an ingest. What is new becomes `open`, what is here already is refused, and the chunk's
 * counts, its ledger row and its keys are written in the same transaction. A refused reduction leaves nothing
 * behind. Acts that name a subject are judged by `rules` besides, beside the subject's other acts; null
 * judges none. A chunk that is stored already is answered from what is stored.
 * @throws StateError `ingest.unknown`, and as `decisions.decideChunk`
 */
export async function admitReductions(
  db: Database,
  tenant: TenantId,
  reductions: readonly Reduction[],
  progress: ChunkProgress,
  rules: DayRules | null,
  decisions: AdmissionDecisions,
): Promise<Admission> {
  const chunk = { reductions, progress, rules, decisions };
  try {
    return await db.transaction((tx) => admitOnce(tx, tenant, chunk, "shared"));
  } catch (error) {
    // Another transaction stored one of these keys after they were looked up. Nobody can do that while this
    // one runs alone.
    if (!isUniqueViolation(error)) throw error;
    return db.transaction((tx) => admitOnce(tx, tenant, chunk, "alone"));
  }
}

async function admitOnce(
  tx: Session,
  tenant: TenantId,
  { reductions, progress, rules, decisions }: Chunk,
  mode: "shared" | "alone",
): Promise<Admission> {
  await lockAdmission(tx, tenant, mode);
  const { standing, stored } = await findStanding(tx, tenant, progress);
  const place = decisions.decideChunk(progress, reductions.length, standing);
  if (place === "stored") {
    // Whoever decides otherwise than on what was just read must not get the chunk admitted a second time.
    if (stored === null)
      throw new CheckFailedError(
        "ingest.chunk-missing",
        `Chunk ${String(progress.chunk)} was taken for stored, and it is not. Nothing was admitted.`,
      );
    return stored;
  }

  await preferIndexes(tx);
  const records = await knownRecords(tx, tenant, reductions);
  const named = reductions.map((reduction) => nameKeys(reduction));
  const fresh = named.filter(({ record }) => !records.has(record)).map(({ reduction }) => reduction);
  const days = rules === null ? null : decisions.openSubjectDays(rules, fresh);
  if (days !== null) await loadSubjectDays(tx, tenant, days);
  // A subject's day says which minutes it has acts in, and where it does not know one, the claim's unique
  // index does: then all keys are looked up.
  const asked =
    days === null || mode === "alone" ? fresh : fresh.filter((reduction) => days.mayBeClaimed(reduction));
  const holders = await knownHolders(
    tx,
    tenant,
    asked.map(({ activityKey }) => activityKey),
  );
  const { outcomes, accepted, claims, counts } = decisions.decideAdmission(named, { records, holders }, days);
  if (accepted.length > 0) {
    await appendReductions(tx, tenant, accepted, claims);
    if (days !== null) await saveSubjectDays(tx, tenant, days);
    await recordMove(tx, tenant, {
      from: null,
      to: "open",
      reductions: BigInt(accepted.length),
      milligrams: counts.milligrams,
      reference: `ingest ${progress.ingestId}, chunk ${String(progress.chunk)}`,
    });
  }
  return { outcomes, result: await saveChunk(tx, tenant, progress, outcomes, counts) };
}
