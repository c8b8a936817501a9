/**
 * Admits a fixed file chunk by chunk until it is killed: `node admittingChild.ts <engine> <place> <tenant>
 * <chunks> [<most>]`. Prints a line per chunk. `most`: what a methodology counts in the year, in milligrams.
 */
import { admissionDecisions } from "../../../../src/app/ingest/admissionDecisions.ts";
import { providerId, tenantId } from "../../../../src/base/lib/ids.ts";
import { admitReductions } from "../../../../src/adapters/storage/reductions/admitReductions.ts";
import { findUnfinishedIngests, finishIngest } from "../../../../src/adapters/storage/ingests/ingests.ts";
import { ensureTenant } from "../../../../src/adapters/storage/service/ensureTenant.ts";
import { migrate } from "../../../../src/adapters/storage/engine/migrate.ts";
import { openPglite } from "../../../../src/adapters/storage/engine/openPglite.ts";
import { openPostgres } from "../../../../src/adapters/storage/engine/openPostgres.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import type { PeriodCaps } from "../../../../src/base/types/reduction.ts";
import { hash, ingest, MORNING, PROFILE, reduction } from "./samples.ts";

const CHUNK = 200;
const [engine, place, name, chunks, most] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string?,
];
const caps = most === undefined ? {} : { caps: yearCap(BigInt(most) as Milligrams) };
const db = engine === "pglite" ? await openPglite(place) : await openPostgres(place);
await migrate(db);
const tenant = tenantId(name);
await ensureTenant(db, tenant);
const [unfinished] = await findUnfinishedIngests(db, tenant, PROFILE);
const ingestId = unfinished?.ingestId ?? (await ingest(db, tenant));
const done = unfinished?.chunks.length ?? 0;
console.log(`from ${String(done)}`);
for (let chunk = done; chunk < Number(chunks); chunk++) {
  // Every tenth record repeats one of the chunk before, and the days advance, so that partitions are made all
  // along.
  const reductions = Array.from({ length: CHUNK }, (_, i) => {
    const number = chunk * CHUNK + i;
    const id = String(i % 10 === 9 && chunk > 0 ? number - CHUNK - 1 : number);
    const milligrams = BigInt(number + 1);
    return { ...reduction({ id, startedAt: MORNING + chunk * 43_200 + i, milligrams }), ...caps };
  });
  const chainDigest = hash(`file ${String(chunk)}`);
  await admitReductions(
    db,
    tenant,
    reductions,
    { ingestId, chunk, chainDigest, rowsRead: CHUNK, rejected: 0 },
    null,
    admissionDecisions,
  );
  console.log(`chunk ${String(chunk)}`);
}
const totals = await finishIngest(db, tenant, ingestId, providerId("metro"));
console.log(
  JSON.stringify(totals, (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
);
await db.close();

function yearCap(programmeYear: Milligrams): PeriodCaps {
  return { methodology: "WUHAN METRO", subjectDay: null, subjectYear: null, programmeYear };
}
