import { z } from "zod";
import { compareBytes, utf8 } from "../../base/lib/bytes.ts";
import { formatDecimal, isMinimalDecimal, MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { ActivityRecord, Unit } from "../../base/types/activityRecord.ts";
import type { MicroUnits } from "../../base/types/quantities.ts";
import { canonicalJson, parseCanonicalJson } from "../canonicalJson.ts";
import { scenarioClass, SCENARIO_CLASSES } from "./scenarioClasses.ts";
import { decodeWith, providerField, unixSecondsField } from "../schema.ts";

/** Name of the schema as it stands in the manifest; single records don't repeat it. */
export const RECORD_SCHEMA = "microtonne-record/1";
/** In UTF-8 bytes. */
export const MAX_RECORD_ID_BYTES = 128;

const quantityField = z.codec(
  z
    .string()
    .refine(
      (text) =>
        text.length <= 31 && isMinimalDecimal(text) && (text.split(".")[1] ?? "").length <= MICRO_PLACES,
      {
        message: "must be a minimal decimal with at most 6 places",
      },
    ),
  z.custom<MicroUnits>((value) => typeof value === "bigint" && value >= 0n, "must not be negative"),
  {
    decode: (text) => scaleDecimal(text, MICRO_PLACES) as MicroUnits,
    encode: (quantity) => formatDecimal(quantity, MICRO_PLACES),
  },
);

/** Closed schema `microtonne-record/1`: what a leaf's `recordHash` covers. */
export const recordSchema = z
  .strictObject({
    provider: providerField,
    recordId: z
      .string()
      .refine((id) => id !== "" && utf8(id).length <= MAX_RECORD_ID_BYTES, "must have 1 to 128 UTF-8 bytes"),
    scenario: z
      .string()
      .refine((name) => SCENARIO_CLASSES.some((entry) => entry.name === name), "must be a scenario class"),
    startedAt: unixSecondsField,
    endedAt: unixSecondsField.nullable(),
    quantity: quantityField,
    unit: z.custom<Unit>((value) => typeof value === "string", "must be a unit"),
  })
  .superRefine((value, context) => {
    const unit = SCENARIO_CLASSES.find(({ name }) => name === value.scenario)?.unit;
    if (unit !== undefined && unit !== value.unit) {
      context.addIssue({ code: "custom", path: ["unit"], message: "must be the unit of its scenario" });
    }
    if (value.endedAt !== null && value.endedAt < value.startedAt) {
      context.addIssue({ code: "custom", path: ["endedAt"], message: "must not be before startedAt" });
    }
  });
const recordsSchema = z.array(recordSchema).min(1);

/**
 * The canonical JSON array of the records behind one leaf, sorted by the UTF-8 bytes of their record ids (the
 * order that databases and other languages sort in; JavaScript's own order of code units differs beyond
 * U+FFFF).
 * @throws InputError `record.malformed`, `record.mixed` for records of different acts, `record.duplicate`, or
 * as `canonicalJson`
 */
export function canonicalRecords(records: readonly ActivityRecord[]): string {
  const [first] = records;
  if (first !== undefined && records.length === 1 && isPlain(first)) return `[${plainText(first)}]`;
  const sorted = records
    .map((record) => ({ key: utf8(record.recordId), record }))
    .toSorted((a, b) => compareBytes(a.key, b.key));
  checkTogether(sorted.map(({ record }) => record));
  return canonicalJson(sorted.map(({ key, record }) => toJson(key.length, record)));
}

/**
 * Records out of what `canonicalRecords` wrote.
 * @throws InputError `record.malformed`, `record.not-sorted`, or as `canonicalRecords` and
 * `parseCanonicalJson`
 */
export function parseRecords(bytes: Uint8Array): ActivityRecord[] {
  const records: ActivityRecord[] = decodeWith(
    recordsSchema,
    parseCanonicalJson(bytes),
    "record.malformed",
    "list of records",
  );
  if (compareBytes(utf8(canonicalRecords(records)), bytes) !== 0) {
    throw new InputError("record.not-sorted", "The records are not in the order of their record ids.");
  }
  return records;
}

/** ASCII that JSON writes as it is. */
const PLAIN_TEXT = /^[ !#-[\]-~]*$/;

/** Whether `plainText` writes the canonical JSON of a record: nearly always, and ten times as fast. */
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
  checkFields(recordId.length, record);
  return (
    `{"endedAt":${String(endedAt)},"provider":"${provider}",` +
    `"quantity":"${formatDecimal(quantity, MICRO_PLACES)}","recordId":"${recordId}",` +
    `"scenario":"${scenario}","startedAt":${String(startedAt)},"unit":"${unit}"}`
  );
}

/** Plain fields instead of the schema's codec: this runs once for every act of a batch. */
function toJson(idBytes: number, record: ActivityRecord): Record<string, unknown> {
  checkFields(idBytes, record);
  const { provider, recordId, scenario, startedAt, endedAt, quantity, unit } = record;
  return {
    provider,
    recordId,
    scenario,
    startedAt,
    endedAt,
    quantity: formatDecimal(quantity, MICRO_PLACES),
    unit,
  };
}

function checkFields(idBytes: number, record: ActivityRecord): void {
  const { provider, scenario, startedAt, endedAt, quantity, unit } = record;
  const fits =
    quantity >= 0n &&
    idBytes > 0 &&
    idBytes <= MAX_RECORD_ID_BYTES &&
    (endedAt === null || endedAt >= startedAt);
  if (!fits || scenarioClass(scenario).unit !== unit) {
    throw new InputError(
      "record.malformed",
      `A record of provider ${provider} breaks the schema ${RECORD_SCHEMA}.`,
    );
  }
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
