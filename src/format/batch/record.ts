import { z } from "zod";
import { compareBytes, utf8 } from "../../base/lib/bytes.ts";
import { formatDecimal, MICRO_PLACES } from "../../base/lib/decimal.ts";
import { SCENARIO_NAME, UNIT_NAME } from "../../base/lib/textPatterns.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { ActivityRecord, Unit } from "../../base/types/activityRecord.ts";
import { RECORD_SCHEMA_1 } from "../v1/manifest.ts";
import { record1Schema } from "../v1/record1Schema.ts";
import { MAX_RECORD_ID_BYTES } from "../v1/recordFields.ts";
import { classUnit1 } from "../v1/scenarioClasses.ts";
import { canonicalJson, parseCanonicalJson } from "../canonicalJson.ts";
import { attributesText, firstForm, fitsAdditions, fullRecord, hasAdditions } from "./records/additions.ts";
import { record2Schema } from "./records/record2Schema.ts";
import { decodeWith } from "../schema.ts";

/** Name of the first form as it stands in manifests; single records don't repeat it. */
export const RECORD_SCHEMA = RECORD_SCHEMA_1;
/** Name of the second form. */
export const RECORD_SCHEMA_2 = "microtonne-record/2";
/** What a manifest's `schemas.record` may be. */
export type RecordSchemaName = typeof RECORD_SCHEMA | typeof RECORD_SCHEMA_2;

/** Either form, by its members; which one it must be is the manifest's to say, and the record hash's. */
export const anyRecordSchema = z.union([record2Schema, record1Schema]);
const LISTS = {
  [RECORD_SCHEMA]: z.array(record1Schema).min(1),
  [RECORD_SCHEMA_2]: z.array(record2Schema).min(1),
};

/**
 * The canonical JSON array of the records behind one leaf, of the schema that the batch's manifest names,
 * sorted by the UTF-8 bytes of their record ids (the order that databases and other languages sort in;
 * JavaScript's own order of code units differs beyond U+FFFF).
 * @throws InputError `record.malformed`, `record.mixed` for records of different acts, `record.duplicate`,
 * `scenario.unknown` for a class that the first form has not got, or as `canonicalJson`
 */
export function canonicalRecords(
  records: readonly ActivityRecord[],
  schema: RecordSchemaName = RECORD_SCHEMA,
): string {
  const [first] = records;
  if (first !== undefined && records.length === 1 && isPlain(first))
    return `[${schema === RECORD_SCHEMA ? plainText(first) : plainText2(first)}]`;
  const sorted = records
    .map((record) => ({ key: utf8(record.recordId), record }))
    .toSorted((a, b) => compareBytes(a.key, b.key));
  checkTogether(sorted.map(({ record }) => record));
  return canonicalJson(sorted.map(({ key, record }) => toJson(key.length, record, schema)));
}

/**
 * Records out of what `canonicalRecords` wrote.
 * @throws InputError `record.malformed`, `record.not-sorted`, or as `canonicalRecords` and
 * `parseCanonicalJson`
 */
export function parseRecords(bytes: Uint8Array, schema: RecordSchemaName = RECORD_SCHEMA): ActivityRecord[] {
  const records: ActivityRecord[] = decodeWith(
    LISTS[schema],
    parseCanonicalJson(bytes),
    "record.malformed",
    "list of records",
  );
  if (compareBytes(utf8(canonicalRecords(records, schema)), bytes) !== 0) {
    throw new InputError("record.not-sorted", "The records are not in the order of their record ids.");
  }
  return records;
}

/** Records as a schema tells them: with all that it has members for, and nothing else. */
export function recordsOfForm(
  records: readonly ActivityRecord[],
  schema: RecordSchemaName,
): ActivityRecord[] {
  return records.map((record) => (schema === RECORD_SCHEMA ? firstForm(record) : fullRecord(record)));
}

/** ASCII that JSON writes as it is. */
const PLAIN_TEXT = /^[ !#-[\]-~]*$/;

/**
 * Whether `plainText` and `plainText2` write the canonical JSON of a record: nearly always, and ten times as
 * fast.
 */
function isPlain({ provider, recordId, startedAt, endedAt }: ActivityRecord): boolean {
  return (
    PLAIN_TEXT.test(recordId) &&
    PLAIN_TEXT.test(provider) &&
    isCount(startedAt) &&
    (endedAt === null || isCount(endedAt))
  );
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}

function plainText(record: ActivityRecord): string {
  const { provider, recordId, scenario, startedAt, endedAt, quantity, unit } = record;
  checkFields(recordId.length, record, RECORD_SCHEMA);
  return (
    `{"endedAt":${String(endedAt)},"provider":"${provider}",` +
    `"quantity":"${formatDecimal(quantity, MICRO_PLACES)}","recordId":"${recordId}",` +
    `"scenario":"${scenario}","startedAt":${String(startedAt)},"unit":"${unit}"}`
  );
}

function plainText2(record: ActivityRecord): string {
  const { provider, recordId, scenario, startedAt, endedAt, quantity, unit } = record;
  checkFields(recordId.length, record, RECORD_SCHEMA_2);
  const { evidence = "declared", consentText = null, asset = null, attributes = {} } = record;
  const { revision = 0, previousRevision = null } = record;
  return (
    `{"asset":${asset === null ? "null" : `{"key":"${asset.key}","kind":"${asset.kind}"}`},` +
    `"attributes":${attributesText(attributes)},"consentText":${quoted(consentText)},` +
    `"endedAt":${String(endedAt)},"evidence":"${evidence}","previousRevision":${quoted(previousRevision)},` +
    `"provider":"${provider}","quantity":"${formatDecimal(quantity, MICRO_PLACES)}",` +
    `"recordId":"${recordId}","revision":${String(revision)},"scenario":"${scenario}",` +
    `"startedAt":${String(startedAt)},"unit":"${unit}"}`
  );
}

/** Of a text without anything to escape. */
function quoted(text: string | null): string {
  return text === null ? "null" : `"${text}"`;
}

/** Plain fields instead of the schema's codec: this runs once for every act of a batch. */
function toJson(idBytes: number, record: ActivityRecord, schema: RecordSchemaName): Record<string, unknown> {
  checkFields(idBytes, record, schema);
  const form = schema === RECORD_SCHEMA ? firstForm(record) : fullRecord(record);
  return { ...form, quantity: formatDecimal(record.quantity, MICRO_PLACES) };
}

function checkFields(idBytes: number, record: ActivityRecord, schema: RecordSchemaName): void {
  const { provider, scenario, startedAt, endedAt, quantity, unit } = record;
  const fits =
    quantity >= 0n &&
    idBytes > 0 &&
    idBytes <= MAX_RECORD_ID_BYTES &&
    (endedAt === null || endedAt >= startedAt) &&
    (schema === RECORD_SCHEMA
      ? !hasAdditions(record) && firstUnitOf(scenario) === unit
      : SCENARIO_NAME.test(scenario) && UNIT_NAME.test(unit) && fitsAdditions(record));
  if (!fits) {
    throw new InputError("record.malformed", `A record of provider ${provider} breaks the schema ${schema}.`);
  }
}

/** The unit of a class of the first list, whatever later lists have. @throws InputError `scenario.unknown` */
function firstUnitOf(scenario: string): Unit {
  const unit = classUnit1(scenario);
  if (unit !== null) return unit;
  throw new InputError(
    "scenario.unknown",
    `${JSON.stringify(scenario.slice(0, 80))} is no scenario class of ${RECORD_SCHEMA}.`,
  );
}

/**
 * Records of one leaf are one act, reported in parts: same provider, scenario and start minute, each record
 * once.
 */
function checkTogether(sorted: readonly ActivityRecord[]): void {
  const first = sorted[0];
  if (!first) throw new InputError("record.malformed", "A leaf needs at least one record.");
  for (let i = 1; i < sorted.length; i++) {
    const record = sorted[i] as ActivityRecord;
    const sameMinute = Math.floor(record.startedAt / 60) === Math.floor(first.startedAt / 60);
    if (record.provider !== first.provider || record.scenario !== first.scenario || !sameMinute) {
      throw new InputError(
        "record.mixed",
        `Records of one leaf differ in provider, scenario or start minute (provider ${first.provider}).`,
      );
    }
    if (record.recordId === (sorted[i - 1] as ActivityRecord).recordId) {
      throw new InputError(
        "record.duplicate",
        `A record id of provider ${first.provider} stands twice in one leaf.`,
      );
    }
  }
}
