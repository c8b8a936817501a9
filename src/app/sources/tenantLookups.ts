import { createHash } from "node:crypto";
import { findLookupFile, lookupDigest } from "../../adapters/storage/providers/lookupFiles.ts";
import { UnknownError } from "../../base/errors/errors.ts";
import { bytesSource } from "./bytesSource.ts";
import type { Context } from "../context.ts";
import { SERVICE_LOOKUP_CAPS, type LookupTables } from "./lookupTables.ts";
import type { Lookups } from "./prepareReading.ts";

/**
 * A profile's lookup files among those that the tenant has put here, and their tables among those that the
 * process keeps. A file that was put anew is another one.
 * @throws from the first read UsageError `lookup.unknown`; UnavailableError `limit.lookups`
 */
export function tenantLookups({ db, tenant }: Pick<Context, "db" | "tenant">, tables: LookupTables): Lookups {
  const opened = new Map<string, string>();
  return {
    async *openLookup(name) {
      const bytes = await findLookupFile(db, tenant, name);
      if (!bytes) {
        throw new UnknownError(
          "lookup.unknown",
          `The profile needs the lookup file ${JSON.stringify(name.slice(0, 200))}, and it is not here.`,
          { remedy: { act: "put-lookup", name: name.slice(0, 200) } },
        );
      }
      opened.set(name, createHash("sha256").update(bytes).digest("hex"));
      yield* bytesSource(bytes).open();
    },
    shelf: {
      caps: SERVICE_LOOKUP_CAPS,
      async take(file, terms, load) {
        const keyOf = (digest: string | null | undefined): string =>
          JSON.stringify([tenant, digest ?? null, terms]);
        return tables.take(keyOf(await lookupDigest(db, tenant, file)), async () => {
          const table = await load();
          return { key: keyOf(opened.get(file)), table };
        });
      },
    },
  };
}
