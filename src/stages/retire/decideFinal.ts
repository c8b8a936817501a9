import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Retirement } from "../../base/types/retirement.ts";
import { retirementRecordHash } from "../../format/onchain/retirementRecord.ts";
import { isAsPlanned } from "./isAsPlanned.ts";
import type { StoredRetirement } from "./ports.ts";

/**
 * The chain's newest word counts, also over an older one of its own and over a refusal before it.
 * @throws CheckFailedError `retirement.differs` where the record is not what was asked for
 */
export function decideFinal(stored: StoredRetirement, record: Retirement): "known" | "final" | "revised" {
  if (!isAsPlanned(stored, record)) {
    throw new CheckFailedError(
      "retirement.differs",
      `The chain's record of retirement ${record.retirementId} is not what was asked for.`,
    );
  }
  if (stored.record === null) return "final";
  return retirementRecordHash(stored.record) === retirementRecordHash(record) ? "known" : "revised";
}
