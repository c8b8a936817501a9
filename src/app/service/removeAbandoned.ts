import { stat } from "node:fs/promises";
import { deleteUpload, uploadsInState } from "../../adapters/storage/service/uploads.ts";
import { SECONDS_PER_DAY } from "../../base/lib/time/units.ts";
import type { Context } from "../context.ts";
import { fileOf, removeBytes } from "./uploads.ts";

/** So long may a client be away that has not sent all of its file. */
export const KEEP_UPLOADS_SECONDS = SECONDS_PER_DAY;

/** Removes uploads of all tenants whose last byte came a day ago, with their bytes. Returns how many. */
export async function removeAbandoned(context: Pick<Context, "config" | "db" | "clock">): Promise<number> {
  const before = context.clock.now() - KEEP_UPLOADS_SECONDS;
  let removed = 0;
  for (const { tenant, uploadId, createdAt } of await uploadsInState(context.db, "receiving")) {
    const written = await stat(fileOf(context, uploadId)).then(
      ({ mtimeMs }) => Math.floor(mtimeMs / 1000),
      () => createdAt,
    );
    if (Math.max(written, createdAt) >= before) continue;
    await deleteUpload(context.db, tenant, uploadId);
    await removeBytes(context, uploadId);
    removed++;
  }
  return removed;
}
