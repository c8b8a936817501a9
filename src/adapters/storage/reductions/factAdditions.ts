import { utf8 } from "../../../base/lib/bytes.ts";
import type { ActivityRecord, EvidenceGrade, RecordAdditions } from "../../../base/types/activityRecord.ts";
import { canonicalJson } from "../../../format/canonicalJson.ts";

/** Columns that hold what `microtonne-record/2` says beside the members of `/1`. */
export interface AdditionColumns {
  readonly grade: EvidenceGrade;
  /** Empty for none. */
  readonly consent_text: string;
  readonly extra: Uint8Array;
}

type OwnAdditions = Partial<Omit<RecordAdditions, "evidence" | "consentText">>;

const NOTHING = new Uint8Array();

/**
 * `facts.extra`: canonical JSON of what is not as in most records, empty where all is. @throws InputError as
 * `canonicalJson`
 */
export function extraBytes({ asset, attributes, revision, previousRevision }: ActivityRecord): Uint8Array {
  // Nearly every act of a file.
  if (!asset && !attributes && !revision) return NOTHING;
  const own = {
    ...(asset && { asset: { ...asset } }),
    ...(attributes && Object.keys(attributes).length > 0 && { attributes }),
    ...(revision && { revision, previousRevision }),
  };
  return Object.keys(own).length === 0 ? NOTHING : utf8(canonicalJson(own));
}

/** What a record says besides, out of its columns; what is as in most records is left out. */
export function additionsOf({
  grade,
  consent_text: consentText,
  extra,
}: AdditionColumns): Partial<RecordAdditions> {
  if (grade === "declared" && consentText === "" && extra.length === 0) return {};
  const own = extra.length === 0 ? {} : (JSON.parse(new TextDecoder().decode(extra)) as OwnAdditions);
  return {
    ...(grade !== "declared" && { evidence: grade }),
    ...(consentText !== "" && { consentText }),
    ...own,
  };
}
