import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import { attestedBy, isAttested } from "./attestedBy.ts";
import { quantifyDown, type Quantified } from "./quantify.ts";
import type { QuantifyRefusal } from "./reasonCodes.ts";

/**
 * What a record saves with the signatures that it carries: as operators count it and verifiers repeat it.
 * @param changes versions that come into force before the act is over
 */
export function quantifyAttested(
  record: ActivityRecord,
  methodology: Methodology,
  changes: readonly Methodology[],
): Quantified | QuantifyRefusal {
  const signers = attestedBy(record, [methodology, ...changes]);
  return isAttested(signers) ? quantifyDown(record, methodology, { changes, signers }) : signers;
}
