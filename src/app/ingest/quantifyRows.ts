import { yieldToEventLoop } from "../../base/lib/yieldToEventLoop.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ActivityKey, ProviderId, RegionCode, SubjectKey } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import { knownClass } from "../../format/batch/classes/classLists.ts";
import { anchorKey } from "../../format/batch/classes/anchorKey.ts";
import { activityMessage, subjectlessMessage } from "../../format/batch/keys.ts";
import { methodologyCategory } from "../../format/batch/methodology.ts";
import type { NoteCode } from "../../stages/ingest/notes.ts";
import type { PartRow, RecordOutcome, RowOutcome } from "../../stages/ingest/readActivities.ts";
import { checkAct } from "../../stages/plausibility/checkAct.ts";
import type { Implausible } from "../../stages/plausibility/reasonCodes.ts";
import { projectRecordRefusal } from "../../stages/projects/projectRecordRefusal.ts";
import { projectRefusalOf } from "../../stages/projects/projectMonthRefusal.ts";
import type { Project } from "../../stages/projects/ports.ts";
import type { ProjectRecordRefusal } from "../../stages/projects/reasonCodes.ts";
import { quantifyAttested } from "../../stages/quantify/quantifyAttested.ts";
import { isCatalogued } from "../../stages/quantify/catalogue.ts";
import { isQuantified, type Quantified } from "../../stages/quantify/quantify.ts";
import { capsSubjects } from "../../format/batch/methodologies/capsSubjects.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";
import { REFUSALS, type QuantifyRefusal } from "../../stages/quantify/reasonCodes.ts";
import type { Context } from "../context.ts";
import { assetClaim } from "./assetClaim.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";

/** The operator's projects, by id, and the time by which they are judged. */
export interface Projects {
  readonly projects: ReadonlyMap<ProviderId, Project>;
  /** By when a project's month must be over. */
  readonly now: UnixSeconds;
}

/** Rows that are judged at one go. */
const JUDGED_AT_ONCE = 50;

/** A row that became a reduction, with its place in the file. */
export interface KeyedRow {
  readonly row: number;
  readonly raw: string;
  readonly reduction: Reduction;
  readonly notes: readonly NoteCode[];
  /** The other rows of the act; their fate is this one's. */
  readonly parts: readonly PartRow[];
}

/**
 * Judges, counts and keys the rows of a chunk. Rows that ingest refused, those that no methodology counts,
 * those that can't be true and those of a project that does not stand come out as refused, in file order.
 */
export async function quantifyRows(
  {
    keys,
    methodologies,
    plausibility,
    classLists,
    projects,
    now,
  }: Pick<Context, "keys" | "methodologies" | "plausibility" | "classLists"> & Projects,
  region: RegionCode,
  outcomes: readonly RowOutcome[],
): Promise<{ keyed: KeyedRow[]; refused: RefusedRow[] }> {
  const refused: RefusedRow[] = [];
  const counted: RecordOutcome[] = [];
  const worth: Counted[] = [];
  let yieldedAt = 0;
  for (const [index, outcome] of outcomes.entries()) {
    // Attestors' signatures are checked on the way, a millisecond each.
    if (index - yieldedAt >= JUDGED_AT_ONCE) {
      yieldedAt = index;
      await yieldToEventLoop();
    }
    if (outcome.kind === "rejected") {
      refused.push(outcome);
      continue;
    }
    const { row, raw, record, parts } = outcome;
    const rules = { methodologies, plausibility, projects, now };
    const found = judged(rules, record, region, outcome.subject !== null);
    if ("methodologyId" in found) {
      counted.push(outcome);
      worth.push(found);
    } else {
      const { field, code, sentence } = found;
      for (const part of [...parts, { row, raw, rowId: record.recordId }])
        refused.push({ ...part, field, code, sentence });
    }
  }

  const named = counted.flatMap(({ subject }) => (subject ? [subject] : []));
  const namedKeys = (await keys.subjects.subjectKeys(named)).values();
  const subjectKeys: (SubjectKey | null)[] = counted.map(({ subject }) =>
    subject ? (namedKeys.next().value ?? null) : null,
  );
  const activityKeys = await keys.activities.activityKeys(
    counted.map(({ record }, index) => {
      const keyedBy = worth[index]?.anchor ?? subjectKeys[index];
      return keyedBy
        ? activityMessage(keyedBy, knownClass(record.scenario, classLists.newest).code, record.startedAt)
        : subjectlessMessage(record);
    }),
  );
  const keyed = counted.map(({ row, raw, notes, parts, record }, index): KeyedRow => {
    const { methodologyId, milligrams, day, anchor, claim, caps, isBehaviour } = worth[index] as Counted;
    const subjectKey = subjectKeys[index] ?? null;
    const activityKey = activityKeys[index] as ActivityKey;
    const counts = { record, methodologyId, region, milligrams, day, subjectKey, activityKey };
    return {
      row,
      raw,
      notes: isBehaviour ? [...notes, "note.behaviour"] : notes,
      parts,
      // An act that names no asset and has no cap makes no object more.
      reduction:
        anchor === null && claim === undefined && caps === undefined
          ? counts
          : { ...counts, ...(anchor && { anchored: true }), ...(claim && { claim }), ...(caps && { caps }) },
    };
  });
  return { keyed, refused };
}

type Counted = Quantified &
  Pick<Reduction, "methodologyId" | "claim" | "caps"> & {
    /** What it is keyed by instead of its subject; null for the subject. */
    readonly anchor: SubjectKey | null;
    readonly isBehaviour: boolean;
  };

/**
 * What a record saves under the version that counts it, or why nothing: it is asked whether the act can be
 * true before what it is worth.
 */
function judged(
  { methodologies, plausibility, projects, now }: Pick<Context, "methodologies" | "plausibility"> & Projects,
  record: ActivityRecord,
  region: RegionCode,
  namesSubject: boolean,
): Counted | QuantifyRefusal | Implausible | ProjectRecordRefusal {
  const version = methodologies.methodologyFor(record, region);
  if (!isCatalogued(version)) return version;
  const category = methodologyCategory(version.methodology);
  const project = projects.get(record.provider) ?? null;
  if (category === "project") {
    const refusal = projectRecordRefusal(record, project, region, version.methodology.timeZone, now);
    if (refusal) return refusal;
  } else if (category === "act" && project?.excludes.includes(record.scenario))
    return projectRefusalOf("project.excluded-class", "scenario");
  const implausible = checkAct(plausibility, record, region, version.methodology.timeZone, category);
  if (implausible) return implausible;
  const changes = methodologies.changesDuring(record, version);
  const quantified = quantifyAttested(record, version.methodology, changes);
  if (!isQuantified(quantified)) return quantified;
  const caps = periodCapsOf(version.methodology);
  if (caps !== null && !namesSubject && capsSubjects(caps)) return REFUSALS.subject;
  const claim = assetClaim(record, category, quantified.day, version.methodology.timeZone, project);
  return {
    ...quantified,
    methodologyId: version.id,
    anchor: anchorKey(record, category),
    isBehaviour: category === "behaviour",
    ...(claim && { claim }),
    ...(caps && { caps }),
  };
}
