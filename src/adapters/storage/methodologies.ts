import { CheckFailedError } from "../../base/errors/errors.ts";
import { fromHex, toHex } from "../../base/lib/bytes.ts";
import type { MethodologyId, RegionCode, TenantId } from "../../base/types/ids.ts";
import type { Session } from "./database.ts";

/** A methodology version as it is stored: the id is the hash of exactly these JSON bytes. */
export interface StoredMethodology {
  readonly id: MethodologyId;
  readonly region: RegionCode;
  /** Canonical JSON. */
  readonly json: string;
}

/**
 * Keeps a methodology version for good; saving it again changes nothing.
 * @throws CheckFailedError `methodology.differs` where other content is stored under the id
 */
export async function saveMethodology(db: Session, tenant: TenantId, methodology: StoredMethodology): Promise<void> {
  const id = fromHex(methodology.id, 32);
  await db.query("INSERT INTO methodologies (tenant, methodology, region, json) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", [
    tenant,
    id,
    methodology.region,
    methodology.json,
  ]);
  const [stored] = await db.query<{ json: string }>("SELECT json FROM methodologies WHERE tenant = $1 AND methodology = $2", [tenant, id]);
  if (stored?.json !== methodology.json) {
    throw new CheckFailedError("methodology.differs", `Methodology ${methodology.id} is stored with other content than was given now.`);
  }
}

/** All methodology versions that a tenant has used, ascending by id. */
export async function listMethodologies(db: Session, tenant: TenantId): Promise<StoredMethodology[]> {
  const rows = await db.query<{ methodology: Uint8Array; region: RegionCode; json: string }>(
    "SELECT methodology, region, json FROM methodologies WHERE tenant = $1 ORDER BY methodology",
    [tenant],
  );
  return rows.map((row) => ({ id: toHex(row.methodology) as MethodologyId, region: row.region, json: row.json }));
}
