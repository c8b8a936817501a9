import { scaleDecimal } from "../../../base/lib/decimal.ts";
import type { ActivityRecord } from "../../../base/types/activityRecord.ts";
import type { MethodologyPredicate } from "../../../base/types/methodology.ts";
import { parseDay } from "../../../base/lib/time/calendar.ts";
import { attributeRefusal, type QuantifyRefusal } from "../reasonCodes.ts";
import { ATTRIBUTE_PLACES, attributeReader } from "./attributeReader.ts";

type Judge = (record: ActivityRecord) => QuantifyRefusal | null;

/** What refuses a record by the first predicate that does not hold, in the order of the methodology. */
export function compilePredicates(predicates: readonly MethodologyPredicate[]): Judge {
  const judges = predicates.map(judgeOf);
  return (record) => {
    for (const judge of judges) {
      const refusal = judge(record);
      if (refusal !== null) return refusal;
    }
    return null;
  };
}

function judgeOf(predicate: MethodologyPredicate): Judge {
  const { attribute } = predicate;
  if ("atMost" in predicate) {
    const most = scaleDecimal(predicate.atMost, ATTRIBUTE_PLACES);
    return onNumber(attribute, (value) => value <= most, attributeRefusal("predicate.at-most", attribute));
  }
  if ("atLeast" in predicate) {
    const least = scaleDecimal(predicate.atLeast, ATTRIBUTE_PLACES);
    return onNumber(attribute, (value) => value >= least, attributeRefusal("predicate.at-least", attribute));
  }
  if ("oneOf" in predicate) {
    const allowed = new Set(predicate.oneOf);
    const { text } = attributeReader(attribute);
    return judged(text, (value) => allowed.has(value), attributeRefusal("predicate.one-of", attribute));
  }
  return "notBefore" in predicate
    ? onDay(
        attribute,
        (day) => day >= predicate.notBefore,
        attributeRefusal("predicate.not-before", attribute),
      )
    : onDay(
        attribute,
        (day) => day <= predicate.notAfter,
        attributeRefusal("predicate.not-after", attribute),
      );
}

function onNumber(attribute: string, holds: (value: bigint) => boolean, refusal: QuantifyRefusal): Judge {
  return judged(attributeReader(attribute).number, holds, refusal);
}

/** Days written as `YYYY-MM-DD` are in the order of their texts. */
function onDay(attribute: string, holds: (day: string) => boolean, refusal: QuantifyRefusal): Judge {
  const { text, malformed } = attributeReader(attribute);
  return judged(
    (record) => {
      const day = text(record);
      return typeof day !== "string" || parseDay(day) !== null ? day : malformed;
    },
    holds,
    refusal,
  );
}

function judged<T extends string | bigint>(
  read: (record: ActivityRecord) => T | QuantifyRefusal,
  holds: (value: T) => boolean,
  refusal: QuantifyRefusal,
): Judge {
  return (record) => {
    const value = read(record);
    if (typeof value === "object") return value;
    return holds(value) ? null : refusal;
  };
}
