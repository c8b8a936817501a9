import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ActivityKey, RegionCode, SubjectKey } from "../../base/types/ids.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import { knownClass } from "../../format/batch/classLists.ts";
import { activityMessage, subjectlessMessage } from "../../format/batch/keys.ts";
import type { NoteCode } from "../../stages/ingest/notes.ts";
import type { PartRow, RowOutcome } from "../../stages/ingest/readActivities.ts";
import { checkAct } from "../../stages/plausibility/checkAct.ts";
import type { Implausible } from "../../stages/plausibility/reasonCodes.ts";
import { isCatalogued } from "../../stages/quantify/catalogue.ts";
import { isQuantified, quantifyDown, type Quantified } from "../../stages/quantify/quantify.ts";
import type { QuantifyRefusal } from "../../stages/quantify/reasonCodes.ts";
import type { Context } from "../context.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";

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
 * Judges, counts and keys the rows of a chunk. Rows that ingest refused, those that no methodology counts and
 * those that can't be true come out as refused, in file order.
 */
export async function quantifyRows(
  {
    keys,
    methodologies,
    plausibility,
    classLists,
  }: Pick<Context, "keys" | "methodologies" | "plausibility" | "classLists">,
  region: RegionCode,
  outcomes: readonly RowOutcome[],
): Promise<{ keyed: KeyedRow[]; refused: RefusedRow[] }> {
  const refused: RefusedRow[] = [];
  const counted: RecordOutcome[] = [];
  const worth: Counted[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === "rejected") {
      refused.push(outcome);
      continue;
    }
    const { row, raw, record, subject, notes, parts } = outcome;
    const found = judged({ methodologies, plausibility }, record, region);
    if ("methodologyId" in found) counted.push({ row, raw, subject, notes, parts, record, region, ...found });
    else {
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
      const subjectKey = subjectKeys[index];
      return subjectKey
        ? activityMessage(subjectKey, knownClass(record.scenario, classLists.newest).code, record.startedAt)
        : subjectlessMessage(record);
    }),
  );
  const keyed = counted.map(({ row, raw, notes, parts, record }, index): KeyedRow => {
    const { methodologyId, milligrams, day } = worth[index] as Counted;
    const subjectKey = subjectKeys[index] ?? null;
    const activityKey = activityKeys[index] as ActivityKey;
    return {
      row,
      raw,
      notes,
      parts,
      reduction: { record, methodologyId, region, milligrams, day, subjectKey, activityKey },
    };
  });
  return { keyed, refused };
}

type Counted = Quantified & Pick<Reduction, "methodologyId">;

/**
 * What a record saves under the version that counts it, or why nothing: it is asked whether the act can be
 * true before what it is worth.
 */
function judged(
  { methodologies, plausibility }: Pick<Context, "methodologies" | "plausibility">,
  record: ActivityRecord,
  region: RegionCode,
): Counted | QuantifyRefusal | Implausible {
  const version = methodologies.methodologyFor(record, region);
  if (!isCatalogued(version)) return version;
  const implausible = checkAct(plausibility, record, region, version.methodology.timeZone);
  if (implausible) return implausible;
  const quantified = quantifyDown(record, version.methodology, {
    changes: methodologies.changesDuring(record, version),
  });
  return isQuantified(quantified) ? { ...quantified, methodologyId: version.id } : quantified;
}
