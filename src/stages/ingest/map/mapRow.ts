import type { ActivityRecord } from "../../../base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../../base/types/quantities.ts";
import type { ClassList } from "../../../format/batch/classes/classLists.ts";
import { type Bind, type ColumnIndex, fieldReader, labelOf, type RowInHand } from "../fields/columns.ts";
import type { FieldRef } from "../schema/fieldSchema.ts";
import type { TapCase } from "../schema/groupSchema.ts";
import { joiner, joinIndex, type GivenFields, type LoadedJoin } from "./joins.ts";
import { recordIdMapper, scenarioMapper, subjectMapper } from "./mapIdentity.ts";
import { quantityMapper } from "./quantityMapper.ts";
import { additionsMapper, type NamedAsset } from "./mapAdditions.ts";
import { signatureMapper, type RowSignature } from "./mapSignature.ts";
import { endMapper, startMapper } from "./mapTime.ts";
import { notesOf, type NoteCode } from "../notes.ts";
import type { Profile, ProfileCase } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";
import { compileRules } from "./compileRules.ts";

/**
 * A mapped row: the record, the subject's identifier for the key service, and what is to be said about it.
 */
export interface MappedRecord {
  readonly record: ActivityRecord;
  readonly identifier: string | null;
  readonly notes: readonly NoteCode[];
  /** Where the profile says that rows name one. */
  readonly asset?: NamedAsset;
  /** Where the profile says that rows are signed. */
  readonly signature?: RowSignature;
}
/**
 * A compiled profile. Called once per row (or once per act of several rows, with what its group adds); makes
 * nothing but its answer. `given` are the fields of `CompileOptions.given`.
 */
export type RowMapper = (
  fields: readonly string[],
  given?: readonly string[],
  tap?: TapCase,
) => MappedRecord | Refusal;

export interface CompileOptions {
  /** What rows may name as their scenario. */
  readonly classes: ClassList;
  /** By which the future is judged. */
  readonly now: UnixSeconds;
  /** The file was found to have day and month exchanged, and the profile corrects that. */
  readonly exchangeDates: boolean;
  /** Fields that rows come with besides their columns. */
  readonly given: GivenFields | null;
}

/**
 * Compiles a profile against a file's columns. Parts are tried in this order, and the first refusal is the
 * row's: filters, joins, filters on joined fields, record id, subject, scenario, start, end, quantity, unit,
 * rules, then what the second form of records adds. A row that a case fits is read by that case.
 * @throws InputError `input.header` where the file lacks a column
 */
export function compileProfile(
  profile: Profile,
  columns: ColumnIndex,
  joins: readonly LoadedJoin[],
  options: CompileOptions,
): RowMapper {
  const plain = compileOne(profile, columns, joins, options);
  if (profile.cases.length === 0) return plain;
  const cases = profile.cases.map((one) => {
    const { when } = one;
    const reader = "tap" in when ? null : fieldReader(when.column, columns, new Map());
    const words = new Set("tap" in when ? [] : when.in);
    const fits = (row: RowInHand, tap: TapCase | undefined): boolean =>
      "tap" in when ? tap === when.tap : words.has((reader?.read(row) ?? "") as string);
    const used = joins.filter(({ join }) => one.joins === null || one.joins.includes(join.name));
    return { fits, map: compileOne(profileOfCase(profile, one), columns, used, options) };
  });
  return (fields, given, tap) => {
    const row = { fields, joined: [] };
    return (cases.find(({ fits }) => fits(row, tap))?.map ?? plain)(fields, given, tap);
  };
}

/** The profile as it is for the rows of one of its cases. */
export function profileOfCase(
  profile: Profile,
  { scenario, start, end, quantity, rules }: ProfileCase,
): Profile {
  return {
    ...profile,
    scenario: scenario ?? profile.scenario,
    start: start ?? profile.start,
    end: end === undefined ? profile.end : end,
    quantity: quantity ?? profile.quantity,
    rules: rules ?? profile.rules,
    cases: [],
  };
}

function compileOne(
  profile: Profile,
  columns: ColumnIndex,
  joins: readonly LoadedJoin[],
  options: CompileOptions,
): RowMapper {
  const index = joinIndex(joins, options.given);
  const bind: Bind = (ref) => fieldReader(ref, columns, index);
  const provider = profile.provider.id;
  const corrections = { exchange: options.exchangeDates, made: false };
  const passesEarly = compileFilters(profile, bind, (ref) => typeof ref !== "object");
  const passesLate = compileFilters(profile, bind, (ref) => typeof ref === "object");
  const join = joiner(joins, columns, index);
  const { fromRow: mapId, withAct } = recordIdMapper(profile, bind);
  const mapSubject = subjectMapper(profile, bind);
  const mapScenario = scenarioMapper(profile, bind, options.classes);
  const mapSignature = signatureMapper(profile, bind);
  const mapAdditions = additionsMapper(profile, bind);
  const mapStart = startMapper(profile, bind, corrections);
  const mapEnd = endMapper(profile, bind, corrections);
  const { label: quantityLabel, map: mapQuantity } = quantityMapper(profile, bind, columns);
  const mismatch = new Refusal("unit.mismatch", quantityLabel);
  const rules = compileRules(profile, bind, { ...timeLabels(profile), quantity: quantityLabel }, options.now);
  const row: RowInHand = { fields: [], joined: [] };

  return (fields, given, tap) => {
    row.fields = fields;
    if (given) row.joined[0] = given;
    corrections.made = false;
    const problem = passesEarly(row) ?? join(row) ?? passesLate(row);
    if (problem) return problem;
    const id = mapId(row);
    if (id instanceof Refusal) return id;
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
    if (options.classes.find(scenario)?.unit !== unit) return mismatch;
    const act = { start: startedAt, end: endedAt, micro };
    for (const rule of rules) {
      const refusal = rule(act, row);
      if (refusal) return refusal;
    }
    const recordId = withAct ? withAct(id, act) : id;
    if (recordId instanceof Refusal) return recordId;
    const added = mapAdditions === null ? null : mapAdditions(row);
    if (added instanceof Refusal) return added;
    const record = {
      provider,
      recordId,
      scenario,
      startedAt,
      endedAt,
      quantity: BigInt(micro) as MicroUnits,
      unit,
      ...added?.members,
    };
    const notes = notesOf(
      corrections.made,
      tap === "exit-only",
      profile.subject !== null && identifier === null,
    );
    if (!mapSignature && !added?.asset) return { record, identifier, notes };
    const signature = mapSignature?.(row);
    if (signature instanceof Refusal) return signature;
    return {
      record,
      identifier,
      notes,
      ...(added?.asset && { asset: added.asset }),
      ...(signature && { signature }),
    };
  };
}

/** The profile's filters on the references that are chosen: null where a row passes. */
export function compileFilters(
  { filters }: Profile,
  bind: Bind,
  chosen: (ref: FieldRef) => boolean,
): (row: RowInHand) => Refusal | null {
  const tests = filters
    .filter(({ column }) => chosen(column))
    .map((filter) => {
      const reader = bind(filter.column);
      const values = new Set("in" in filter ? filter.in : filter.notIn);
      return {
        reader,
        values,
        wanted: "in" in filter,
        excluded: new Refusal("filter.excluded", reader.label),
      };
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
