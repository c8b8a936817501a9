import { scaleDecimal } from "../../../base/lib/decimal.ts";
import { PLAIN_DECIMAL } from "../../../base/lib/textPatterns.ts";
import type { ActivityRecord } from "../../../base/types/activityRecord.ts";
import { attributeRefusal, type QuantifyRefusal } from "../reasonCodes.ts";

/** Decimal places of an attribute's number and of what it is held against. */
export const ATTRIBUTE_PLACES = 30;

/** Reads one attribute of records. */
export interface AttributeReader {
  readonly text: (record: ActivityRecord) => string | QuantifyRefusal;
  /** A plain decimal number times 10^30. */
  readonly number: (record: ActivityRecord) => bigint | QuantifyRefusal;
  readonly malformed: QuantifyRefusal;
}

export function attributeReader(attribute: string): AttributeReader {
  const missing = attributeRefusal("attribute.missing", attribute);
  const malformed = attributeRefusal("attribute.malformed", attribute);
  const text = ({ attributes }: ActivityRecord): string | QuantifyRefusal =>
    // Names such as "constructor" are an attribute's as any other, and no object's own.
    attributes !== undefined && Object.hasOwn(attributes, attribute)
      ? (attributes[attribute] as string)
      : missing;
  return {
    text,
    number: (record) => {
      const read = text(record);
      if (typeof read !== "string") return read;
      return PLAIN_DECIMAL.test(read) ? scaleDecimal(read, ATTRIBUTE_PLACES) : malformed;
    },
    malformed,
  };
}
