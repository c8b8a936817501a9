import { setImmediate as letOthersIn } from "node:timers/promises";
import type { Context } from "../context.ts";
import { ingestSource } from "../ingestSource.ts";
import type { IngestReport } from "../ingestTotals.ts";
import { openTenantLookup } from "./openTenantLookup.ts";
import { rowResults, type RowResult } from "./rowResults.ts";
import type { Service } from "./service.ts";
import { tenantProfile, type ProfileChoice } from "./tenantProfile.ts";

/**
 * Small chunks, so that other tenants' requests come in between. The embedded database answers without ever giving the event loop its turn, so
 * whoever admits chunk after chunk has to.
 */
export const SERVICE_CHUNK_ROWS = 1_000;

/**
 * Ingests what came in one request, and says of each row what became of it.
 * @throws UsageError `profile.unknown`, `lookup.unknown`; InputError as `ingestSource`; UnavailableError `limit.waiting`
 */
export async function ingestBytes(
  { ingests }: Service,
  context: Context,
  request: ProfileChoice & { readonly bytes: Uint8Array; readonly name: string },
): Promise<IngestReport & { readonly rows: readonly RowResult[] }> {
  const { bytes, name } = request;
  // The gate comes before anything that waits for the database: what waits there is counted by nobody.
  return ingests.run(context.tenant, async () => {
    const profile = await tenantProfile(context, request);
    const rows: RowResult[] = [];
    const report = await ingestSource(context, {
      source: { size: bytes.length, open: () => once(bytes), close: () => Promise.resolve() },
      name,
      profile,
      openLookup: openTenantLookup(context),
      chunkRows: SERVICE_CHUNK_ROWS,
      async onAdmitted(admitted) {
        rows.push(...rowResults(admitted));
        await letOthersIn();
      },
    });
    return { ...report, rows: rows.toSorted((a, b) => a.row - b.row) };
  });
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
