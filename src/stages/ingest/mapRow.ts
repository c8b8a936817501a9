import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../base/types/quantities.ts";
import { scenarioClass } from "../../format/scenarioClasses.ts";
import { fieldReader, labelOf, type ColumnIndex, type RowInHand } from "./columns.ts";
import { joiner, joinIndex, type LoadedJoin } from "./joins.ts";
import { recordIdMapper, scenarioMapper, subjectMapper, type Bind } from "./mapIdentity.ts";
import { quantityMapper } from "./mapQuantity.ts";
import { endMapper, startMapper } from "./mapTime.ts";
import type { FieldRef, Profile } from "./profileSchema.ts";
import { Refusal } from "./reasonCodes.ts";
import { compileRules } from "./rules.ts";

/** A mapped row: the record, and the subject's identifier for the key service. */
export interface MappedRecord {
  readonly record: ActivityRecord;
  readonly identifier: string | null;
}
/** A compiled profile. Called once per row; makes nothing but its answer. */
export type RowMapper = (fields: readonly string[]) => MappedRecord | Refusal;

/**
 * Compiles a profile against a file's columns. Parts are tried in this order, and the first refusal is the row's: filters, joins, filters on
 * joined fields, record id, subject, scenario, start, end, quantity, unit, rules.
 * @throws InputError `input.header` where the file lacks a column
 */
export function compileProfile(profile: Profile, columns: ColumnIndex, joins: readonly LoadedJoin[], now: UnixSeconds): RowMapper {
  const index = joinIndex(joins);
  const bind: Bind = (ref) => fieldReader(ref, columns, index);
  const provider = profile.provider.id;
  const passesEarly = filtersOf(profile, bind, (ref) => typeof ref !== "object");
  const passesLate = filtersOf(profile, bind, (ref) => typeof ref === "object");
  const join = joiner(joins, columns);
  const mapId = recordIdMapper(profile, bind);
  const mapSubject = subjectMapper(profile, bind);
  const mapScenario = scenarioMapper(profile, bind);
  const mapStart = startMapper(profile, bind);
  const mapEnd = endMapper(profile, bind);
  const { label: quantityLabel, map: mapQuantity } = quantityMapper(profile, bind);
  const mismatch = new Refusal("unit.mismatch", quantityLabel);
  const rules = compileRules(profile, bind, { ...timeLabels(profile), quantity: quantityLabel }, now);
  const row: RowInHand = { fields: [], joined: [] };

  return (fields) => {
    row.fields = fields;
    const problem = passesEarly(row) ?? join(row) ?? passesLate(row);
    if (problem) return problem;
    const recordId = mapId(row);
    if (recordId instanceof Refusal) return recordId;
    const identifier = mapSubject(row);
    if (identifier instanceof Refusal) return identifier;
    const scenario = mapScenario(row);
    if (scenario instanceof Refusal) return scenario;
    const startedAt = mapStart(row);
    if (startedAt instanceof Refusal) return startedAt;
    const endedAt = mapEnd(row, startedAt);
    if (endedAt instanceof Refusal) return endedAt;
    const quantity = mapQuantity(row);
    if (quantity instanceof Refusal) return quantity;
    const { micro, unit } = quantity;
    if (scenarioClass(scenario).unit !== unit) return mismatch;
    const act = { start: startedAt, end: endedAt, micro };
    for (const rule of rules) {
      const refusal = rule(act, row);
      if (refusal) return refusal;
    }
    return { record: { provider, recordId, scenario, startedAt, endedAt, quantity: BigInt(micro) as MicroUnits, unit }, identifier };
  };
}

function filtersOf({ filters }: Profile, bind: Bind, chosen: (ref: FieldRef) => boolean): (row: RowInHand) => Refusal | null {
  const tests = filters
    .filter(({ column }) => chosen(column))
    .map((filter) => {
      const reader = bind(filter.column);
      const values = new Set("in" in filter ? filter.in : filter.notIn);
      return { reader, values, wanted: "in" in filter, excluded: new Refusal("filter.excluded", reader.label) };
    });
  return (row) => {
    for (const { reader, values, wanted, excluded } of tests) {
      const value = reader.read(row);
      if (typeof value !== "string") return value;
      if (values.has(value) !== wanted) return excluded;
    }
    return null;
  };
}

function timeLabels({ start, end }: Profile): { start: string; end: string } {
  const of = (columns: readonly FieldRef[]): string => columns.map(labelOf).join(" + ");
  if (!end) return { start: of(start.columns), end: of(start.columns) };
  return { start: of(start.columns), end: "columns" in end ? of(end.columns) : labelOf(end.duration.column) };
}
