import { z } from "zod";
import {
  EVIDENCE_GRADES,
  type ActivityRecord,
  type RecordAdditions,
} from "../../../base/types/activityRecord.ts";
import { ASSET_KIND, VERSION_LABEL, WORD32 } from "../../../base/lib/textPatterns.ts";
import { canonicalJson } from "../../canonicalJson.ts";
import { word32 } from "../../schema.ts";
import { attributeName, attributeValue } from "../methodologies/attributes.ts";

export const MAX_ATTRIBUTES = 16;

/** What a record says where it says nothing of these: as whatever was stored before there were any. */
const DEFAULTS: RecordAdditions = {
  evidence: "declared",
  consentText: null,
  asset: null,
  attributes: {},
  revision: 0,
  previousRevision: null,
};
const NAMES = Object.keys(DEFAULTS) as (keyof RecordAdditions)[];

/** A record with all that `microtonne-record/2` says of it. */
export function fullRecord(record: ActivityRecord): ActivityRecord & RecordAdditions {
  return { ...DEFAULTS, ...record };
}

/** True where a record says what `microtonne-record/1` has no member for. */
export function hasAdditions(record: ActivityRecord): boolean {
  return NAMES.some((name) => record[name] !== undefined);
}

/** True where only a signature over the whole of `microtonne-record/2` covers what a record says. */
export function needsSecondForm({ asset, attributes, revision }: ActivityRecord): boolean {
  return (
    (asset ?? null) !== null ||
    (revision ?? 0) !== 0 ||
    (attributes !== undefined && Object.keys(attributes).length > 0)
  );
}

/** The record as `microtonne-record/1` tells it. */
export function firstForm(record: ActivityRecord): ActivityRecord {
  const { provider, recordId, scenario, startedAt, endedAt, quantity, unit } = record;
  return { provider, recordId, scenario, startedAt, endedAt, quantity, unit };
}

/** Members of `microtonne-record/2` beside those of `/1`. */
export const additionMembers = {
  evidence: z.enum(EVIDENCE_GRADES),
  consentText: z.string().regex(VERSION_LABEL, "must match [A-Za-z0-9][A-Za-z0-9._-]{0,31}").nullable(),
  asset: z
    .strictObject({
      kind: z.string().regex(ASSET_KIND, "must match [a-z][a-z0-9-]{1,31}"),
      key: word32,
    })
    .nullable(),
  attributes: z
    .record(attributeName, attributeValue)
    .refine((all) => Object.keys(all).length <= MAX_ATTRIBUTES, "must be at most 16 attributes"),
  revision: z.int().min(0),
  previousRevision: word32.nullable(),
};
const additionsSchema = z.strictObject(additionMembers);

/** Whether the additions of a record are as the schema asks, without the schema where they are few. */
export function fitsAdditions(record: ActivityRecord): boolean {
  const { evidence, consentText, asset, attributes, revision, previousRevision } = fullRecord(record);
  if (!fitRevisions(revision, previousRevision)) return false;
  if (asset !== null || Object.keys(attributes).length > 0)
    return additionsSchema.safeParse({ evidence, consentText, asset, attributes, revision, previousRevision })
      .success;
  return (
    EVIDENCE_GRADES.includes(evidence) &&
    (consentText === null || VERSION_LABEL.test(consentText)) &&
    Number.isSafeInteger(revision) &&
    (previousRevision === null || WORD32.test(previousRevision))
  );
}

/** Every revision but the first names the one before it. */
export function fitRevisions(revision: number, previousRevision: string | null): boolean {
  return (revision === 0) === (previousRevision === null) && revision >= 0;
}

/** `attributes` as canonical JSON. @throws InputError as `canonicalJson` */
export function attributesText(attributes: RecordAdditions["attributes"]): string {
  return Object.keys(attributes).length === 0 ? "{}" : canonicalJson(attributes);
}
