import type { AdmissionDecisions } from "../../adapters/storage/reductions/admitReductions.ts";
import { decideAdmission } from "../../stages/dedupe/decideAdmission.ts";
import { decideChunk } from "../../stages/dedupe/decideChunk.ts";
import { isHereAfter } from "../../stages/dedupe/isHereAfter.ts";
import { openAssetMonths } from "../../stages/dedupe/openAssetMonths.ts";
import { openCapUse } from "../../stages/dedupe/openCapUse.ts";
import { openSubjectDays } from "../../stages/plausibility/openSubjectDays.ts";

/** The stages' decisions that storage asks inside the transaction that admits a chunk. */
export const admissionDecisions: AdmissionDecisions = {
  decideChunk,
  decideAdmission,
  isHereAfter,
  openSubjectDays,
  openAssetMonths,
  openCapUse,
};
