/**
 * Every reason for which ingest refuses a row, with its sentence. The list is closed: tests produce each one,
 * and the operator's guide prints this table. Sentences never repeat what stood in the row, which may
 * identify a person; the rejects file carries the row itself.
 */
export const REASON_SENTENCES = {
  "row.empty": "The line is empty.",
  "row.too-long": "The row is longer than the cap on row length; it was skipped.",
  "row.nul":
    "The row contains NUL bytes; the file may be damaged, or written in UTF-16 without a mark, which " +
    "the profile's encoding must say.",
  "row.malformed":
    "The row can't be taken apart: a quote is not closed or stands where none may stand, or the JSON " +
    "is no object, or lacks the list of rows.",
  "row.columns": "The row has another number of columns than the header or the profile says.",
  "row.comment": "The line is a comment.",
  "row.header": "The row repeats the header, as where files were put one behind the other.",
  "row.heading": "The row is a heading whose fields the rows below it take.",
  "row.too-deep": "The JSON is nested deeper than the cap.",
  "row.repeated-member": "The JSON object names a member twice, so it could be read in two ways.",
  "field.missing": "A field that the profile requires is empty or absent.",
  "field.encoding": "The field has bytes that are not valid in the profile's encoding.",
  "field.type": "The JSON value must be a string, a number or a boolean.",
  "record-id.malformed":
    "The record id must be 1 to 128 UTF-8 bytes without control characters; parts must not contain the " +
    "separator. What looks like a number in scientific notation was rounded by a spreadsheet and is none.",
  "subject.missing": "The row names no subject, and the profile requires one.",
  "subject.malformed":
    "The subject must be 1 to 256 UTF-8 bytes without control characters, and of the profile's kind. What " +
    "looks like a number in scientific notation was rounded by a spreadsheet and is none.",
  "asset.malformed":
    "The asset's number must be letters and digits, at most 256 UTF-8 bytes, that blanks, dashes, dots or " +
    "strokes may part: Latin, Han, Hiragana and Hangul letters, or Cyrillic, Arabic or Thai ones by " +
    "themselves, and nothing that is not seen.",
  "attributes.malformed": "An attribute must be 1 to 64 characters without control characters.",
  "attestations.malformed":
    "What an attestor signed must be 96 bytes in hex or base64url: its public key, then the signature.",
  "filter.excluded": "The profile's filters leave rows of this kind out.",
  "lookup.missing": "The key is not in the lookup file.",
  "scenario.unknown":
    "The value stands for no scenario that the profile or the list of scenario classes knows.",
  "time.malformed": "The time does not match the profile's format.",
  "time.nonexistent": "The clock of the profile's time zone was set forward over this time, so it never was.",
  "time.ambiguous":
    "The clock of the profile's time zone was set back and showed this time twice, and the profile " +
    "does not say which counts.",
  "time.zone-unknown":
    "The time zone that the row names is none that the profile or the time-zone database knows.",
  "time.out-of-range": "The time lies before 1970 or before the first day that the profile accepts.",
  "time.end-missing": "The profile requires an end or a duration, and the row has none.",
  "time.end-before-start": "The act ends before it starts.",
  "time.future": "The act starts or ends in the future.",
  "duration.malformed":
    "The duration must be a number that is not negative, or in the spelling that the profile says.",
  "quantity.malformed": "The quantity must be a decimal number in the profile's spelling.",
  "quantity.negative": "The quantity is negative.",
  "quantity.zero": "The quantity is zero, or below one millionth of the unit.",
  "quantity.too-small": "The quantity is below the least that the profile accepts.",
  "quantity.too-large": "The quantity is above the most that the profile, or any act, can have.",
  "baseline.missing": "There is no baseline for this act or period, so nothing can be below it.",
  "baseline.not-below": "What was used is not below the baseline, so nothing was saved.",
  "baseline.gaps":
    "The period lacks readings, or has some that don't count; it is compared as a whole or not at all.",
  "reading.zero":
    "The meter read zero: it was off or out of order, and nothing says that anything was saved.",
  "reading.off-grid": "The reading's time lies between two intervals.",
  "reading.repeated": "The meter has another reading for this interval; the higher one counts.",
  "pair.entry-without-exit": "No exit of this card follows the entry.",
  "pair.entry-replaced": "The card entered again before it left, so nothing says where this ride ended.",
  "pair.exit-without-entry": "No entry of this card that is still open comes before the exit.",
  "pair.too-long": "More time lies between entry and exit than the profile accepts.",
  "pair.repeated": "The same tap stands in the file twice.",
  "unit.unknown": "The unit is none that the profile knows.",
  "unit.mismatch": "The scenario is not counted in this unit.",
  "coordinate.malformed": "The latitude or longitude is no plain number in its range.",
  "rule.too-fast": "Distance and duration mean a speed above the most that the profile accepts.",
  "rule.too-short": "The act is shorter than the profile accepts.",
  "rule.too-long": "The act lasts longer than the profile accepts.",
  "rule.out-of-bounds": "The value is no number within the bounds of the profile.",
} as const;

export type ReasonCode = keyof typeof REASON_SENTENCES;

/** Why one row was refused. Made once per reason and field when a profile is compiled, not once per row. */
export class Refusal {
  readonly code: ReasonCode;
  /** The column or columns concerned as the provider names them; null where the whole row is. */
  readonly field: string | null;
  readonly sentence: string;

  constructor(code: ReasonCode, field: string | null) {
    this.code = code;
    this.field = field;
    this.sentence = REASON_SENTENCES[code];
  }
}
