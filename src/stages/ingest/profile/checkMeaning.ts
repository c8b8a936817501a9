import { ASSET_KINDS } from "../../../format/batch/classes/assetKinds.ts";
import { InputError } from "../../../base/errors/errors.ts";
import { zoneOf } from "../../../base/lib/time/zone.ts";
import { knownClass, type ClassList } from "../../../format/batch/classes/classLists.ts";
import { MAX_ATTRIBUTES } from "../../../format/batch/records/additions.ts";
import { ATTESTATION_ATTRIBUTES, isAttestationAttribute } from "../../../format/signing/attestations.ts";
import type { ColumnList, FieldRef } from "../schema/fieldSchema.ts";
import { PERIOD_FIELDS } from "../groups/groupings.ts";
import { profileOfCase } from "../map/mapRow.ts";
import { additionRefs } from "../map/mapAdditions.ts";
import { signatureRefs } from "../map/mapSignature.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { clockOf } from "../fields/rowZone.ts";
import { timeParser } from "../fields/timeFormat.ts";
import { quantityReader } from "../fields/units.ts";

/**
 * What the schema can't see: names that must exist and settings that must fit together.
 * @throws InputError `profile.time-format`, `profile.unit`, `profile.reference`, `scenario.unknown`,
 * `zone.unknown`
 */
export function checkMeaning(profile: Profile, classes: ClassList): void {
  const { format, time } = profile;
  timeParser(time.format);
  if (time.zone !== null) zoneOf(time.zone);
  for (const spelled of Object.values(time.zoneColumn?.map ?? {}))
    if (!clockOf(spelled, time)) zoneOf(spelled);
  if (time.ambiguous === "in-order" && !profile.readings)
    throw reference("time.ambiguous: in-order is for the section readings; use earlier, later or reject.");
  if (format.kind === "csv" && format.header !== (format.columns === null)) {
    throw reference("A CSV format needs either header: true, or header: false and the list of its columns.");
  }
  if (format.kind === "xlsx" && format.headerRow > 0 !== (format.columns === null)) {
    throw reference("An XLSX format needs either a headerRow, or headerRow: 0 and the list of its columns.");
  }
  if (profile.signature && profile.subject && profile.signature.nonce === null) {
    throw reference("With a subject, signature.nonce must name the column of the nonce that blinds it.");
  }
  checkGroups(profile);
  checkAdditions(profile);
  checkSections(profile, classes);
  for (const one of profile.cases) {
    for (const name of one.joins ?? []) {
      if (!profile.joins.some((join) => join.name === name))
        throw reference(`A case names the join ${name}, which is not in the profile.`);
    }
    if ("tap" in one.when && !profile.pairing) throw reference("A case for taps needs the section pairing.");
    checkSections(
      profileOfCase(
        { ...profile, joins: profile.joins.filter(({ name }) => one.joins?.includes(name) ?? true) },
        one,
      ),
      classes,
    );
  }
}

/** What only the key service may see must not come into a record by another way. */
function checkAdditions(profile: Profile): void {
  const { asset, subject, recordId, attributes = {}, attestations = [] } = profile;
  if (asset && !ASSET_KINDS.includes(asset.kind))
    throw reference(`asset.kind ${asset.kind} is no kind of asset; known are ${ASSET_KINDS.join(", ")}.`);
  const same = (a: FieldRef, b: FieldRef): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (asset && recordId.columns.some((column) => same(column, asset.column)))
    throw reference(
      "recordId.columns must not name the asset's column: its number would stand in the record.",
    );
  const count = Object.keys(attributes).length + attestations.length * ATTESTATION_ATTRIBUTES;
  if (count > MAX_ATTRIBUTES)
    throw reference(
      `Attributes and attestations make ${String(count)} attributes of a record, which has at most ` +
        `${String(MAX_ATTRIBUTES)}; each attestor takes ${String(ATTESTATION_ATTRIBUTES)}.`,
    );
  for (const [name, one] of Object.entries(attributes)) {
    if (isAttestationAttribute(name))
      throw reference(`The attribute ${name} is an attestor's; name its column under attestations.`);
    for (const secret of [asset?.column, subject?.column])
      if ("column" in one && secret !== undefined && same(one.column, secret))
        throw reference(`The attribute ${name} must not be the column of the subject or of the asset.`);
  }
}

function checkGroups({ pairing, readings, quantity, recordId, time, cases, joins }: Profile): void {
  if (pairing && readings) throw reference("A profile has pairing or readings, not both.");
  const taken = (pairing && "entry") ?? (readings && "period");
  if (joins.some(({ name }) => name === taken))
    throw reference(`The join may not be called ${String(taken)}: that name is taken.`);
  if (pairing) {
    if (recordId.act.length > 0 || recordId.columns.some((column) => typeof column === "object")) {
      throw reference("With pairing, recordId.columns must name each tap by its own columns.");
    }
    const fares = cases.some(({ when }) => "tap" in when && when.tap === "exit-only");
    if ((pairing.exitWithoutEntry === "fare") !== fares) {
      throw reference("pairing.exitWithoutEntry: fare and a case for `tap: exit-only` belong together.");
    }
  }
  if (readings) {
    quantityReader(readings.value.unit, "kWh");
    if (time.zone === null)
      throw reference("With readings, time.zone must name the zone whose days and months are compared.");
    if (!("below" in quantity))
      throw reference("With readings, the quantity must be what lies below a baseline.");
  }
}

function checkSections(profile: Profile, classes: ClassList): void {
  const { scenario, quantity, rules, start, end } = profile;
  for (const own of [start, end]) if (own && "format" in own && own.format !== null) timeParser(own.format);
  const scenarios = "constant" in scenario ? [scenario.constant] : Object.values(scenario.map ?? {});
  for (const name of scenarios) {
    const { unit } = knownClass(name, classes);
    if ("as" in quantity && unit !== quantity.as) {
      throw new InputError(
        "profile.unit",
        `The scenario ${name} is counted in ${unit}, the profile's quantity in ${quantity.as}.`,
      );
    }
  }
  if ("unit" in quantity) quantityReader(quantity.unit, quantity.as);
  if ("units" in quantity)
    for (const unit of Object.values(quantity.units)) quantityReader(unit, quantity.as);
  checkLists(profile);
  if (rules.maxSpeedKmh !== null && "as" in quantity && !["km", "passenger-km"].includes(quantity.as)) {
    throw new InputError("profile.unit", "rules.maxSpeedKmh needs a quantity that is a distance.");
  }
  checkReferences(profile);
}

function checkLists({ quantity, readings, format, headings, aliases }: Profile): void {
  const isTable = format.kind === "csv" || format.kind === "xlsx";
  const lists = [
    ...("sum" in quantity ? [quantity.sum.plus, quantity.sum.minus] : []),
    ...(readings && "columns" in readings.value ? [readings.value.columns] : []),
  ];
  if (!isTable && lists.some((list) => !Array.isArray(list)))
    throw reference("JSON members stand in no order; list them, not first and last.");
  if (lists[0] && Array.isArray(lists[0]) && lists[0].length === 0)
    throw reference("A sum needs at least one column.");
  if (!isTable && headings.length > 0) throw reference("Headings are rows of tables; JSON has none.");
  if (!isTable && Object.keys(aliases).length > 0)
    throw reference("Aliases are names of a table's columns; JSON members have one name.");
}

function checkReferences(profile: Profile): void {
  const known = new Map<string, ReadonlySet<string>>();
  if (profile.pairing) known.set("entry", new Set(Object.keys(profile.pairing.entry)));
  if (profile.readings) known.set("period", new Set(PERIOD_FIELDS));
  const check = (ref: FieldRef): void => {
    if (typeof ref === "object" && known.get(ref.join)?.has(ref.field) !== true) {
      throw reference(`No join ${ref.join} with a field ${ref.field} is in the profile, or it comes later.`);
    }
    if (typeof ref === "number" && profile.format.kind !== "csv" && profile.format.kind !== "xlsx") {
      throw reference("JSON members have no position; name them.");
    }
  };
  for (const { name, column, fields, inline } of profile.joins) {
    check(column);
    if (known.has(name)) throw reference("Two joins have the same name.");
    known.set(
      name,
      new Set(
        fields ? Object.keys(fields) : Object.values(inline ?? {}).flatMap((entry) => Object.keys(entry)),
      ),
    );
  }
  for (const ref of fieldRefs(profile)) check(ref);
}

/** Every field that a profile reads, but for the keys of joins. */
function fieldRefs(profile: Profile): FieldRef[] {
  const {
    recordId,
    subject,
    scenario,
    time,
    start,
    end,
    quantity,
    filters,
    rules,
    pairing,
    readings,
    signature,
  } = profile;
  const refs: FieldRef[] = [...recordId.columns, ...start.columns, ...filters.map(({ column }) => column)];
  refs.push(...rules.columns.map(({ column }) => column));
  if (subject) refs.push(subject.column);
  if (signature) refs.push(...signatureRefs(signature));
  refs.push(...additionRefs(profile));
  if ("column" in scenario) refs.push(scenario.column);
  if (end) refs.push(...("columns" in end ? end.columns : [end.duration.column]));
  if ("column" in quantity) refs.push(quantity.column);
  if ("unitColumn" in quantity && quantity.unitColumn !== null) refs.push(quantity.unitColumn);
  if (time.zoneColumn) refs.push(time.zoneColumn.column);
  if ("below" in quantity) refs.push(quantity.below.baseline, quantity.below.used);
  if ("times" in quantity && quantity.times !== null) refs.push(quantity.times);
  if ("sum" in quantity) refs.push(...listed(quantity.sum.plus), ...listed(quantity.sum.minus));
  if ("greatCircle" in quantity) {
    for (const place of [quantity.greatCircle.from, quantity.greatCircle.to]) {
      refs.push(...("column" in place ? [place.column] : [place.latitude, place.longitude]));
    }
  }
  if (pairing)
    refs.push(pairing.by, pairing.kind.column, ...pairing.at.columns, ...Object.values(pairing.entry));
  if (readings) refs.push(readings.meter, ...readings.at.columns);
  if (readings)
    refs.push(...("column" in readings.value ? [readings.value.column] : listed(readings.value.columns)));
  return refs;
}

function listed(list: ColumnList): readonly FieldRef[] {
  return Array.isArray(list) ? list : [list.first, list.last];
}

function reference(sentence: string): InputError {
  return new InputError("profile.reference", sentence);
}
