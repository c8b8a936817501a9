import {
  deleteLookupFile,
  listLookupFiles,
  saveLookupFile,
  type LookupFileSummary,
} from "../../adapters/storage/providers/lookupFiles.ts";
import { InputError, UnknownError } from "../../base/errors/errors.ts";
import { DEFAULT_CAPS, overCap, type IngestCaps } from "../../stages/ingest/caps.ts";
import { inflate } from "../../stages/ingest/rows/inflate.ts";
import type { Context } from "../context.ts";
import { bytesSource } from "../sources/bytesSource.ts";
import { capsOf } from "../sources/capsOf.ts";
import { SERVICE_LOOKUP_CAPS } from "../sources/lookupTables.ts";

const LINE_FEED = 0x0a;

type Tenant = Pick<Context, "db" | "tenant" | "clock">;

/** The tenant's lookup files, by name. */
export function lookupFiles({ db, tenant }: Tenant): Promise<LookupFileSummary[]> {
  return listLookupFiles(db, tenant);
}

/**
 * Puts a lookup file under a name.
 * @throws InputError `lookup.name`; `input.over-cap`, `input.gzip` of a file that no profile could load
 */
export async function putLookupFile(
  { db, tenant, clock, config }: Tenant & Pick<Context, "config">,
  name: string,
  bytes: Uint8Array,
): Promise<LookupFileSummary> {
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,199}$/u.test(name)) {
    throw new InputError(
      "lookup.name",
      "A lookup file's name is a plain file name: letters, digits, dots, hyphens, underscores and spaces.",
    );
  }
  await checkLookupBytes(bytes, { ...DEFAULT_CAPS, ...capsOf(config), ...SERVICE_LOOKUP_CAPS });
  await saveLookupFile(db, tenant, name, bytes, clock.now());
  return { name, bytes: bytes.length };
}

/** Bytes and lines; what the lines hold is looked at when a profile reads them. */
async function checkLookupBytes(bytes: Uint8Array, caps: IngestCaps): Promise<void> {
  const bounded = { ...caps, inflatedBytes: caps.lookupBytes };
  let lines = 0;
  for await (const piece of inflate(bytesSource(bytes).open(), bounded)) {
    for (let at = piece.indexOf(LINE_FEED); at !== -1; at = piece.indexOf(LINE_FEED, at + 1)) lines++;
    // The header is no row.
    if (lines > caps.lookupRows + 1) throw overCap("lookupRows", caps.lookupRows, "The lookup file");
  }
}

/** @throws UsageError `lookup.unknown` */
export async function removeLookupFile({ db, tenant }: Tenant, name: string): Promise<void> {
  if (!(await deleteLookupFile(db, tenant, name)))
    throw new UnknownError(
      "lookup.unknown",
      `There is no lookup file ${JSON.stringify(name.slice(0, 80))} here.`,
    );
}
