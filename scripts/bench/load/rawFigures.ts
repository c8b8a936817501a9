import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { providerId } from "../../../src/base/lib/ids.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { resolveProfile } from "../../../src/app/profiles/resolveProfile.ts";
import { withProvider } from "../../../src/stages/ingest/profile/profile.ts";
import { rowsText } from "./rows.ts";
import { inContext, startService, type Place } from "./service.ts";
import { shoot } from "./shoot.ts";
import { Client, sendRows } from "./works.ts";

/** What the service can do at most, with nobody else there and its limits out of the way. */
export interface RawFigures {
  readonly healthPerSecond: number;
  readonly readsPerSecond: number;
  readonly httpRowsPerSecond: number;
  readonly fileRowsPerSecond: number;
}

/**
 * Ten connections at full speed; then the same number of rows through HTTP, in bodies of 5,000, and from a
 * file as the command line does.
 */
export async function rawFigures(
  place: Place,
  token: string,
  { seconds, rows }: { seconds: number; rows: number },
): Promise<RawFigures> {
  const service = await startService(place, {
    work: false,
    settings: { MICROTONNE_HTTP_REQUESTS_PER_MINUTE: "1000000000" },
  });
  try {
    const { url } = service;
    const rateOf = async (path: string): Promise<number> => {
      const request = { method: "GET", path, headers: { authorization: `Bearer ${token}` } };
      const { requests, duration } = await shoot({
        url,
        connections: 10,
        duration: seconds,
        requests: [request],
      }).result;
      return Math.round(requests.total / duration);
    };
    const healthPerSecond = await rateOf("/healthz");
    const readsPerSecond = await rateOf("/v1/batches");
    const httpRowsPerSecond = await rowRate(rows, () => sendRows(new Client(url, token), "raw-http", rows));
    await service.stop();
    return {
      healthPerSecond,
      readsPerSecond,
      httpRowsPerSecond,
      fileRowsPerSecond: await fileRate(place, rows),
    };
  } finally {
    await service.stop();
  }
}

async function fileRate(place: Place, rows: number): Promise<number> {
  const file = join(place.folder, "raw.ndjson");
  await writeFile(file, rowsText("raw-file", 0, rows));
  const profile = withProvider(await resolveProfile("canonical-ndjson"), providerId("load-test"));
  try {
    return await inContext(place, (context) =>
      rowRate(rows, () =>
        ingestFile(context, { file, profile, rejectsFile: null, duplicatesFile: null, lookupFolder: null }),
      ),
    );
  } finally {
    await rm(file);
  }
}

async function rowRate(rows: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round((1000 * rows) / (performance.now() - start));
}
