import type { Context } from "../context.ts";
import { ingestSource } from "../ingest/ingestSource.ts";
import type { IngestReport } from "../ingest/ingestTotals.ts";
import { bytesSource } from "../sources/bytesSource.ts";
import { checkBodyRows } from "../sources/checkBodyRows.ts";
import { tenantLookups } from "../sources/tenantLookups.ts";
import { inTenantsTurn } from "./inTenantsTurn.ts";
import { rowResults, type RowResult } from "./rowResults.ts";
import type { Service } from "./serviceOf.ts";
import { resolveTenantProfile, type ProfileChoice } from "../profiles/resolveTenantProfile.ts";

/** Small chunks, so that other tenants' requests come in between. */
export const SERVICE_CHUNK_ROWS = 1_000;

/**
 * Ingests what came in one request, and says of each row what became of it.
 * @throws UsageError `profile.unknown`, `lookup.unknown`; InputError `request.rows`; InputError and
 * CheckFailedError as `ingestSource`;
 * UnavailableError `limit.waiting`; StateError `request.gone` where `signal` ended before its turn came
 */
export async function ingestBytes(
  service: Service,
  context: Context,
  request: ProfileChoice & {
    readonly bytes: Uint8Array;
    readonly name: string;
    readonly signature: Uint8Array | null;
    readonly signal: AbortSignal;
  },
): Promise<IngestReport & { readonly rows: readonly RowResult[] }> {
  const { bytes, name, signature, signal } = request;
  const ingest = async () => {
    const profile = await resolveTenantProfile(context, request);
    await checkBodyRows(context.config, profile.format, bytes);
    const rows: RowResult[] = [];
    const report = await ingestSource(context, {
      source: bytesSource(bytes),
      name,
      profile,
      signature,
      ...tenantLookups(context, service.lookupTables),
      chunkRows: SERVICE_CHUNK_ROWS,
      inTurn: (work) => service.turns.take(work),
      onAdmitted: (admitted) => Promise.resolve(void rows.push(...rowResults(admitted))),
    });
    return { ...report, rows: rows.toSorted((a, b) => a.row - b.row) };
  };
  return inTenantsTurn(service, context.tenant, ingest, signal);
}
