import { InputError } from "../../base/errors/errors.ts";
import { MIB } from "../../base/lib/sizes.ts";
import { DEFAULT_CAPS, type IngestCaps } from "../../stages/ingest/caps.ts";
import { countRows } from "../../stages/ingest/rows/countRows.ts";
import type { FileFormat } from "../../stages/ingest/schema/formatSchema.ts";
import type { Config } from "../process/config.ts";
import { bytesSource } from "./bytesSource.ts";
import { capsOf } from "./capsOf.ts";
import { scratchOf } from "./scratch.ts";

/** What is larger comes as an upload, whose rows are not answered one by one. */
const MAX_BODY_ROWS = 50_000;
const MAX_INFLATED_BYTES = 64 * MIB;

/** The caps on a file that comes in one request. */
export function bodyCapsOf(config: Pick<Config, "caps">): IngestCaps {
  return { ...DEFAULT_CAPS, ...capsOf(config), inflatedBytes: MAX_INFLATED_BYTES };
}

/**
 * Refuses a body with more rows than one request may have, before any of them is read for what it says.
 * @throws InputError `request.rows`, and as `countRows`
 */
export async function checkBodyRows(
  config: Pick<Config, "folder" | "caps">,
  format: FileFormat,
  bytes: Uint8Array,
): Promise<void> {
  const source = bytesSource(bytes).open();
  const rows = await countRows(source, format, bodyCapsOf(config), MAX_BODY_ROWS, scratchOf(config));
  if (rows > MAX_BODY_ROWS)
    throw new InputError(
      "request.rows",
      `One request takes at most ${MAX_BODY_ROWS.toLocaleString("en-US")} rows, and the body has more. ` +
        "Send it " +
        "as an upload, in pieces: POST /v1/activities/uploads",
    );
}
