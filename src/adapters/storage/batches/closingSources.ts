import { toHex } from "../../../base/lib/bytes.ts";
import type { EvidenceGrade, Unit } from "../../../base/types/activityRecord.ts";
import type { MethodologyId, ProviderId, RegionCode, TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";

/** What all facts of one source have in common. */
export interface FactSource {
  readonly provider: ProviderId;
  readonly methodologyId: MethodologyId;
  readonly scenario: string;
  readonly unit: Unit;
  readonly grade: EvidenceGrade;
  /** Empty for none. */
  readonly consentText: string;
}

/** What numbers in a closing's facts stand for. */
export interface ClosingSources {
  /** By `facts.source`. */
  readonly sources: ReadonlyMap<number, FactSource>;
  /** Public keys by `facts.signing_key`; 0, no signature, is not among them. */
  readonly signingKeys: ReadonlyMap<number, Uint8Array>;
}

/** The sources of a region and the tenant's signing keys. Whatever a closing froze has its numbers here. */
export async function closingSources(
  db: Session,
  tenant: TenantId,
  region: RegionCode,
): Promise<ClosingSources> {
  const sources = await db.query<
    Omit<FactSource, "methodologyId" | "consentText"> & {
      source: number;
      methodology: Uint8Array;
      consent_text: string;
    }
  >(
    `SELECT source, provider, methodology, scenario, unit, grade, consent_text FROM sources
     WHERE tenant = $1 AND region = $2`,
    [tenant, region],
  );
  const keys = await db.query<{ signing_key: number; public_key: Uint8Array }>(
    "SELECT signing_key, public_key FROM signing_keys WHERE tenant = $1",
    [tenant],
  );
  return {
    sources: new Map(
      sources.map(({ source, methodology, consent_text: consentText, ...rest }) => [
        source,
        { ...rest, consentText, methodologyId: toHex(methodology) as MethodologyId },
      ]),
    ),
    signingKeys: new Map(keys.map((row) => [row.signing_key, row.public_key])),
  };
}
