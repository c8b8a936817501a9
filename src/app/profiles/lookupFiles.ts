import {
  deleteLookupFile,
  listLookupFiles,
  saveLookupFile,
  type LookupFileSummary,
} from "../../adapters/storage/providers/lookupFiles.ts";
import { InputError, UsageError } from "../../base/errors/errors.ts";
import type { Context } from "../context.ts";

type Tenant = Pick<Context, "db" | "tenant" | "clock">;

/** The tenant's lookup files, by name. */
export function lookupFiles({ db, tenant }: Tenant): Promise<LookupFileSummary[]> {
  return listLookupFiles(db, tenant);
}

/** Puts a lookup file under a name. @throws InputError `lookup.name` */
export async function putLookupFile(
  { db, tenant, clock }: Tenant,
  name: string,
  bytes: Uint8Array,
): Promise<LookupFileSummary> {
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,199}$/u.test(name)) {
    throw new InputError(
      "lookup.name",
      "A lookup file's name is a plain file name: letters, digits, dots, hyphens, underscores and spaces.",
    );
  }
  await saveLookupFile(db, tenant, name, bytes, clock.now());
  return { name, bytes: bytes.length };
}

/** @throws UsageError `lookup.unknown` */
export async function removeLookupFile({ db, tenant }: Tenant, name: string): Promise<void> {
  if (!(await deleteLookupFile(db, tenant, name)))
    throw new UsageError(
      "lookup.unknown",
      `There is no lookup file ${JSON.stringify(name.slice(0, 80))} here.`,
    );
}
