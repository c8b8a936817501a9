import { InputError } from "../errors/errors.ts";
import type { BatchId, MethodologyId, ProviderId, RegionCode, RetirementId, TenantId } from "../types/ids.ts";

function checked(kind: string, pattern: RegExp, text: string): string {
  if (!pattern.test(text)) {
    throw new InputError(
      "id.malformed",
      `${JSON.stringify(text.slice(0, 80))} is no ${kind}; it must match ${pattern.source}.`,
    );
  }
  return text;
}

const WORD32 = /^0x[0-9a-f]{64}$/;

/** Each constructor throws InputError `id.malformed`. */
export const tenantId = (text: string): TenantId =>
  checked("tenant id", /^[a-z0-9-]{2,32}$/, text) as TenantId;
export const providerId = (text: string): ProviderId =>
  checked("provider id", /^[a-z0-9-]{2,64}$/, text) as ProviderId;
export const regionCode = (text: string): RegionCode =>
  checked("region code", /^[A-Z0-9]{2,8}$/, text) as RegionCode;
export const batchId = (text: string): BatchId => checked("batch id", WORD32, text) as BatchId;
export const methodologyId = (text: string): MethodologyId =>
  checked("methodology id", WORD32, text) as MethodologyId;
export const retirementId = (text: string): RetirementId =>
  checked("retirement id", WORD32, text) as RetirementId;
