import { InputError } from "../errors/errors.ts";
import type { BatchId, MethodologyId, ProviderId, RegionCode, RetirementId, TenantId } from "../types/ids.ts";
import { PROVIDER_ID, REGION_CODE, TENANT_ID, WORD32 } from "./textPatterns.ts";

function checked(kind: string, pattern: RegExp, text: string): string {
  if (!pattern.test(text)) {
    throw new InputError(
      "id.malformed",
      `${JSON.stringify(text.slice(0, 80))} is no ${kind}; it must match ${pattern.source}.`,
    );
  }
  return text;
}

/** A tenant's id: `[a-z0-9-]{2,32}`. @throws InputError `id.malformed`, as each of these constructors */
export const tenantId = (text: string): TenantId => checked("tenant id", TENANT_ID, text) as TenantId;
/** A provider's id: `[a-z0-9-]{2,64}`. */
export const providerId = (text: string): ProviderId =>
  checked("provider id", PROVIDER_ID, text) as ProviderId;
/** A region's code: `[A-Z0-9]{2,8}`, e.g. `WUHAN`. */
export const regionCode = (text: string): RegionCode =>
  checked("region code", REGION_CODE, text) as RegionCode;
/** A batch's id: 0x and 64 lower-case hex digits, the keccak-256 of its manifest. */
export const batchId = (text: string): BatchId => checked("batch id", WORD32, text) as BatchId;
/** A methodology version's id, in the form of a batch's: the keccak-256 of its canonical JSON. */
export const methodologyId = (text: string): MethodologyId =>
  checked("methodology id", WORD32, text) as MethodologyId;
/** A retirement's id, in the form of a batch's. */
export const retirementId = (text: string): RetirementId =>
  checked("retirement id", WORD32, text) as RetirementId;
