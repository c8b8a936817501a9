import { findLookupFile } from "../../adapters/storage/providers/lookupFiles.ts";
import { UsageError } from "../../base/errors/errors.ts";
import type { OpenLookup } from "../../stages/ingest/map/joins.ts";
import { bytesSource } from "./bytesSource.ts";
import type { Context } from "../context.ts";

/**
 * Opens a profile's lookup files among those that the tenant has put here.
 * @throws UsageError `lookup.unknown` from the first read
 */
export function openTenantLookup({ db, tenant }: Pick<Context, "db" | "tenant">): OpenLookup {
  return async function* open(name) {
    const bytes = await findLookupFile(db, tenant, name);
    if (!bytes) {
      throw new UsageError(
        "lookup.unknown",
        `The profile needs the lookup file ${JSON.stringify(name.slice(0, 200))}, and it is not here. ` +
          `Put it: PUT /v1/lookups/${encodeURIComponent(name.slice(0, 200))}`,
      );
    }
    yield* bytesSource(bytes).open();
  };
}
