import { CheckFailedError } from "../../../base/errors/errors.ts";
import type { MethodologyId, RegionCode, TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";

/** A methodology version as it is stored: the id is the hash of exactly these JSON bytes. */
export interface StoredMethodology {
  readonly id: MethodologyId;
  readonly region: RegionCode;
  /** Canonical JSON. */
  readonly json: string;
}

/**
 * Inserts methodology versions, which are never deleted. Idempotent. One statement, since every request
 * that brings rows does it.
 * @throws CheckFailedError `methodology.differs` where other content is stored under the id
 */
export async function saveMethodologies(
  db: Session,
  tenant: TenantId,
  methodologies: readonly StoredMethodology[],
): Promise<void> {
  // Rows that are entered here are not seen by the SELECT beside it: what it finds under an id was stored
  // before.
  const [differing] = await db.query<{ id: string }>(
    `WITH given AS (
       SELECT decode(id, 'hex') AS methodology, region, json
       FROM unnest($2::text[], $3::text[], $4::text[]) AS g (id, region, json)),
     entered AS (
       INSERT INTO methodologies (tenant, methodology, region, json) SELECT $1, methodology, region, json
       FROM given ON CONFLICT DO NOTHING)
     SELECT encode(methodology, 'hex') AS id FROM given JOIN methodologies stored USING (methodology)
     WHERE stored.tenant = $1 AND stored.json <> given.json LIMIT 1`,
    [
      tenant,
      methodologies.map(({ id }) => id.slice(2)),
      methodologies.map(({ region }) => region),
      methodologies.map(({ json }) => json),
    ],
  );
  if (differing !== undefined) {
    throw new CheckFailedError(
      "methodology.differs",
      `Methodology 0x${differing.id} is stored with other content than was given now.`,
    );
  }
}
