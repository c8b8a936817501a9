import { CheckFailedError } from "../../../base/errors/errors.ts";
import { utcDay } from "../../../base/lib/time/calendar.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type {
  AdmissionDecision,
  AdmissionOutcome,
  AssetMonths,
  CapUse,
  ChunkProgress,
  DecideAdmission,
  DecideChunk,
  IsHereAfter,
  OpenAssetMonths,
  OpenCapUse,
} from "../../../stages/dedupe/ports.ts";
import type { DayRules, OpenSubjectDays, SubjectDays } from "../../../stages/plausibility/ports.ts";
import type { Database, Session } from "../engine/database.ts";
import { preferIndexes } from "../engine/preferIndexes.ts";
import { isUniqueViolation } from "../engine/sqlState.ts";
import { findStanding, saveChunk } from "../ingests/ingestChunks.ts";
import type { Admission } from "../ingests/ingestChunks.ts";
import { findRecords, type FoundRecords, type RecordOwner } from "../records/findRecords.ts";
import { HASH_BYTES, tagRecords } from "../records/recordKeys.ts";
import { tenantEntry } from "../records/tenantEntry.ts";
import { lockAdmission } from "./admissionLock.ts";
import { admissionMemory, type AdmissionMemory } from "./admissionMemory.ts";
import { appendFacts } from "./appendFacts.ts";
import { loadAssetMonths, saveAssetMonths } from "./assetClaims.ts";
import { loadCapUse, saveCapUse } from "./capUse.ts";
import { KeyedReduction } from "./keyedReductions.ts";
import { knownHolders, type KnownHolders } from "./knownHolders.ts";
import { recordMove } from "./recordMove.ts";
import { loadSubjectDays, saveSubjectDays } from "./days/subjectDays.ts";

/** What the transaction asks the stages; it fetches what they need to know and stores what they say. */
export interface AdmissionDecisions {
  readonly decideChunk: DecideChunk;
  readonly decideAdmission: DecideAdmission;
  readonly isHereAfter: IsHereAfter;
  readonly openSubjectDays: OpenSubjectDays;
  readonly openAssetMonths: OpenAssetMonths;
  readonly openCapUse: OpenCapUse;
}

interface Chunk {
  readonly reductions: readonly Reduction[];
  readonly progress: ChunkProgress;
  readonly rules: DayRules | null;
  readonly decisions: AdmissionDecisions;
  readonly keyWidth: number;
  readonly memory: AdmissionMemory;
}

/** What became of a chunk, and, but for one that was stored already, what is to be remembered of it. */
interface Admitted {
  readonly admission: Admission;
  readonly learnt: { readonly stored: readonly KeyedReduction[]; readonly surprised: boolean } | null;
}

/**
 * How a chunk is admitted. `hopeful`: as if all records were new but those that may have come through this
 * process before, for the unique indexes tell where they are not; where the chunk before had duplicates that
 * were not foreseen, all records are looked up first. `careful`: with everything looked up. `alone`: so,
 * while no other admission of the tenant runs: nobody can store a key after it was looked up.
 */
const CARES = ["hopeful", "careful", "alone"] as const;
type Care = (typeof CARES)[number];

/**
 * Admits one chunk of an ingest. What is new becomes `open`, what is here already is refused, and the
 * chunk's counts, its ledger row and its keys are written in the same transaction. A refused reduction
 * leaves nothing behind. Acts that name a subject are judged by `rules` besides, beside the subject's other
 * acts; null judges none. What names an asset is judged beside what else counts it in its month, and what
 * its methodology caps in a day or a year enters with what the caps leave of it. A chunk that is stored
 * already is answered from what is stored.
 * @param keyWidth bytes that record keys have of their hash: the same for all that a database holds
 * @throws StateError `ingest.unknown`, and as `decisions.decideChunk`
 */
export async function admitReductions(
  db: Database,
  tenant: TenantId,
  reductions: readonly Reduction[],
  progress: ChunkProgress,
  rules: DayRules | null,
  decisions: AdmissionDecisions,
  keyWidth: number = HASH_BYTES,
): Promise<Admission> {
  const memory = admissionMemory(db, tenant);
  const chunk = { reductions, progress, rules, decisions, keyWidth, memory };
  for (const care of CARES) {
    try {
      const { admission, learnt } = await db.transaction((tx) => admitChunk(tx, tenant, chunk, care));
      if (learnt !== null) memory.learn(progress.ingestId, learnt.stored, learnt.surprised);
      return admission;
    } catch (error) {
      // A key is stored that was not looked up, or that another transaction has stored since.
      if (!isUniqueViolation(error) || care === "alone") throw error;
    }
  }
  throw new CheckFailedError("ingest.chunk-missing", "The chunk was not admitted.");
}

async function admitChunk(tx: Session, tenant: TenantId, chunk: Chunk, care: Care): Promise<Admitted> {
  const { reductions, progress, decisions, memory } = chunk;
  await lockAdmission(tx, tenant, care === "alone" ? "alone" : "shared");
  const { standing, stored, startedAt, lastHadDuplicates } = await findStanding(tx, tenant, progress);
  const place = decisions.decideChunk(progress, reductions.length, standing);
  if (place === "stored") {
    // Whoever decides otherwise than on what was just read must not get the chunk admitted a second time.
    if (stored === null)
      throw new CheckFailedError(
        "ingest.chunk-missing",
        `Chunk ${String(progress.chunk)} was taken for stored, and it is not. Nothing was admitted.`,
      );
    return { admission: stored, learnt: null };
  }

  await preferIndexes(tx);
  const entry = await tenantEntry(tx, tenant);
  const owner = { tenant, entry };
  const tags = tagRecords(
    entry.recordSecret,
    reductions.map(({ record }) => record),
    chunk.keyWidth,
  );
  const named = reductions.map((reduction, at) => new KeyedReduction(reduction, tags, at));
  const looksFirst = care !== "hopeful" || (memory.wasSurprised(progress.ingestId) ?? lastHadDuplicates);
  const decided = await decideChunk(tx, owner, chunk, named, care, looksFirst);
  const { outcomes, accepted, cuts, counts } = decided.decision;
  if (accepted.length > 0) {
    const today = utcDay(startedAt);
    const admitted = named.flatMap((one, index) =>
      outcomes[index] === "accepted" ? [one.cutTo(cuts.get(index))] : [],
    );
    await appendFacts(tx, owner, admitted, { ...decided.records, ...decided.known }, today);
    if (decided.days !== null) await saveSubjectDays(tx, owner, decided.days, today, memory.days);
    await saveAssetMonths(tx, owner, decided.assets);
    await saveCapUse(tx, owner, decided.caps);
    await recordMove(tx, tenant, {
      from: null,
      to: "open",
      reductions: BigInt(accepted.length),
      milligrams: counts.milligrams,
      reference: `ingest ${progress.ingestId}, chunk ${String(progress.chunk)}`,
    });
  }
  const learnt = {
    stored: named.filter((_, index) => decisions.isHereAfter(outcomes[index] as AdmissionOutcome)),
    surprised:
      care !== "hopeful" || named.some((one, index) => isSurprise(one, outcomes[index], decided, memory)),
  };
  const result = await saveChunk(tx, tenant, progress, decided.decision);
  return { admission: { outcomes, cuts, result }, learnt };
}

/** A duplicate that nobody would have looked up who was hopeful. */
function isSurprise(
  one: KeyedReduction,
  outcome: AdmissionOutcome | undefined,
  { records, days }: Decided,
  memory: AdmissionMemory,
): boolean {
  if (outcome === "accepted") return false;
  if (outcome === "duplicate.record-id") return records.places.has(one.record) && !memory.mayHold(one);
  return days === null;
}

interface Decided {
  readonly decision: AdmissionDecision;
  readonly records: FoundRecords;
  readonly known: KnownHolders;
  readonly days: SubjectDays | null;
  readonly assets: AssetMonths;
  readonly caps: CapUse;
}

/**
 * What becomes of a chunk. Where records were not looked up first, those of which the stages say that they
 * may be here all the same are looked up then, and all is decided once more.
 */
async function decideChunk(
  tx: Session,
  owner: RecordOwner,
  chunk: Chunk,
  named: readonly KeyedReduction[],
  care: Care,
  looksFirst: boolean,
): Promise<Decided> {
  const find = (some: readonly KeyedReduction[]): Promise<FoundRecords> =>
    findRecords(
      tx,
      owner,
      some.map(({ reduction: { record }, hash }) => ({
        provider: record.provider,
        recordId: record.recordId,
        hash,
      })),
    );
  const asked = care === "hopeful" ? (looksFirst ? "likely" : "told") : "all";
  const foreseen = looksFirst ? named : named.filter((one) => chunk.memory.mayHold(one));
  const found = await find(foreseen);
  const decided = await decideOn(tx, owner, chunk, named, asked, found);
  if (looksFirst) return decided;
  const { outcomes } = decided.decision;
  const lookedUp = new Set(foreseen);
  const doubtful = named.filter(
    (one, index) => !chunk.decisions.isHereAfter(outcomes[index] as AdmissionOutcome) && !lookedUp.has(one),
  );
  const further = await find(doubtful);
  if (further.places.size === 0) return decided;
  const records = {
    places: new Map([...found.places, ...further.places]),
    attempts: new Map([...found.attempts, ...further.attempts]),
  };
  return decideOn(tx, owner, chunk, named, asked, records);
}

/**
 * Which activity keys are looked up. A subject's day says in which minutes the subject has acts, and where it
 * does not know one, the unique index of the facts does. `told`: those that the days tell of; `likely`: those
 * of acts without a day besides; `all`.
 */
type AskedKeys = "told" | "likely" | "all";

async function decideOn(
  tx: Session,
  owner: RecordOwner,
  { rules, decisions, memory }: Chunk,
  named: readonly KeyedReduction[],
  asked: AskedKeys,
  records: FoundRecords,
): Promise<Decided> {
  const fresh = named.filter(({ record }) => !records.places.has(record));
  const reductions = fresh.map(({ reduction }) => reduction);
  const assets = decisions.openAssetMonths(reductions);
  await loadAssetMonths(tx, owner, assets);
  const days = rules === null ? null : decisions.openSubjectDays(rules, reductions);
  if (days !== null) await loadSubjectDays(tx, owner, days, memory.days);
  const isAsked = ({ reduction }: KeyedReduction): boolean =>
    asked === "all" ||
    (days === null || reduction.subjectKey === null ? asked === "likely" : days.mayBeClaimed(reduction));
  const known = await knownHolders(tx, owner, fresh.filter(isAsked));
  const caps = decisions.openCapUse(reductions);
  await loadCapUse(tx, owner, caps);
  const stored = { records: new Set(records.places.keys()), holders: known.holders };
  const capped = caps.accounts.length === 0 ? null : caps;
  const decision = decisions.decideAdmission(named, stored, days, assets, capped);
  return { decision, records, known, days, assets, caps };
}
