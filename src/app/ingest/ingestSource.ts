import { saveMethodologies } from "../../adapters/storage/providers/saveMethodologies.ts";
import { listProjects } from "../../adapters/storage/projects/listProjects.ts";
import { saveProvider } from "../../adapters/storage/providers/saveProvider.ts";
import { yieldToEventLoop } from "../../base/lib/yieldToEventLoop.ts";
import { readAhead } from "../../base/lib/readAhead.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import { methodologyCategory } from "../../format/batch/methodology.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import { readActivities, type RowChunk } from "../../stages/ingest/readActivities.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";
import type { Context } from "../context.ts";
import { cachedSubjectKeys } from "./cachedSubjectKeys.ts";
import type { Source } from "../sources/openSource.ts";
import { IngestRun } from "./ingestRun.ts";
import { quantifyRows, type KeyedRow, type Projects } from "./quantifyRows.ts";
import { IngestTotals, type AdmittedRows, type IngestReport } from "./ingestTotals.ts";
import { keyAssets } from "../providers/keyAssets.ts";
import { openSigning, type Signing } from "../providers/openSigning.ts";
import { withEvidence } from "./withEvidence.ts";
import { prepareReading, type Lookups, type Reading } from "../sources/prepareReading.ts";

export interface IngestSourceRequest extends Lookups {
  readonly source: Source;
  /** What the source is called, for the operator's own records. */
  readonly name: string;
  readonly profile: Profile;
  /**
   * Bytes of the `.sig.json` with which the provider signed the source; then it is read once more, before any
   * row is stored.
   */
  readonly signature?: Uint8Array | null;
  /** Rows that are admitted in one transaction; 5,000 if not given. */
  readonly chunkRows?: number;
  /** Takes a turn for each piece of the work, where there are others whose ingests go on at the same time. */
  readonly inTurn?: InTurn;
  /** Told of each chunk once it is stored; the next one waits for it. */
  readonly onAdmitted?: (rows: AdmittedRows) => Promise<void>;
  /** Bytes read so far, and how many there are where that is known. */
  readonly onProgress?: (done: number, total: number | null) => void;
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Rows that are counted and keyed at one go: few, so that the database's answers are not left waiting. */
const SLICE_ROWS = 100;

/**
 * Reads a source into the store: map, quantify, key, admit, chunk by chunk, each chunk in one transaction
 * with its progress. A run that was cut off goes on behind its last chunk when the same rows come again; the
 * same source twice adds nothing.
 * @throws InputError as `readActivities`, `decideDates`; CheckFailedError as `openSigning`
 */
export async function ingestSource(context: Context, request: IngestSourceRequest): Promise<IngestReport> {
  const { profile, source } = request;
  const { reading } = await prepareReading(context.config, profile, source, request);
  const signing = await openSigning(context, {
    profile,
    source,
    sidecar: request.signature ?? null,
    reading,
  });
  try {
    return await ingestSigned(context, request, signing, reading);
  } finally {
    await signing.close();
  }
}

/** The same, once it is known what is signed. */
async function ingestSigned(
  live: Context,
  request: IngestSourceRequest,
  signing: Signing,
  reading: Reading,
): Promise<IngestReport> {
  const { profile, source, inTurn = (work) => work() } = request;
  await live.refreshRules();
  // One file is counted by one set of rules, whatever is published meanwhile.
  const context: Context = { ...live };
  await saveProviderAndMethodologies(context, profile);
  const run = await IngestRun.begin(context, profile, request.name);
  const total = new IngestTotals();
  const chunks = readActivities(profile, counted(source.open(), source.size, request.onProgress), {
    ...reading,
    now: signing.now,
    classes: context.classLists.newest,
    ...(request.chunkRows === undefined ? {} : { chunkRows: request.chunkRows }),
  });
  // The next chunk is read and keyed while the database admits this one.
  const keys = { ...context.keys, subjects: cachedSubjectKeys(context.keys.subjects) };
  const projects = await projectsOf(context, profile.region);
  for await (const { chunk, keyed, refused } of readAhead(
    quantifyChunks({ ...context, keys, projects, now: signing.now }, profile, signing, chunks, inTurn),
  )) {
    const admitted = await inTurn(() => run.admit(chunk, keyed, refused));
    await request.onAdmitted?.(admitted);
    total.add(admitted);
  }
  signing.finish();
  await run.finish();
  return total.report();
}

interface QuantifiedChunk {
  readonly chunk: RowChunk;
  readonly keyed: readonly KeyedRow[];
  readonly refused: readonly RefusedRow[];
}

async function* quantifyChunks(
  context: Pick<Context, "keys" | "methodologies" | "plausibility" | "classLists"> & Projects,
  { region }: Profile,
  signing: Signing,
  chunks: AsyncGenerator<RowChunk>,
  inTurn: InTurn,
): AsyncGenerator<QuantifiedChunk> {
  const quantifyNext = async (): Promise<QuantifiedChunk | null> => {
    const next = await chunks.next();
    if (next.done === true) return null;
    const { outcomes } = next.value;
    const keyed: KeyedRow[] = [];
    const refused: RefusedRow[] = [];
    for (let at = 0; at < outcomes.length; at += SLICE_ROWS) {
      const slice = await keyAssets(context.keys.subjects, outcomes.slice(at, at + SLICE_ROWS));
      const judged = await signing.judge(slice);
      const quantified = withEvidence(judged, await quantifyRows(context, region, judged.outcomes));
      keyed.push(...quantified.keyed);
      refused.push(...quantified.refused);
      await yieldToEventLoop();
    }
    return { chunk: next.value, keyed, refused };
  };
  try {
    for (let chunk = await inTurn(quantifyNext); chunk; chunk = await inTurn(quantifyNext)) yield chunk;
  } finally {
    await chunks.return(undefined);
  }
}

/** The operator's projects, where the region counts any. */
async function projectsOf(
  { db, tenant, methodologies }: Context,
  region: RegionCode,
): Promise<Projects["projects"]> {
  const counts = methodologies
    .ofRegion(region)
    .some(({ methodology }) => methodologyCategory(methodology) === "project");
  if (!counts) return new Map();
  return new Map((await listProjects(db, tenant, parseProject)).map((project) => [project.id, project]));
}

/** Provider and methodologies must be known before a reduction refers to them. */
async function saveProviderAndMethodologies(
  { db, tenant, methodologies }: Context,
  profile: Profile,
): Promise<void> {
  await saveProvider(db, tenant, { id: profile.provider.id, name: profile.provider.name });
  await saveMethodologies(
    db,
    tenant,
    methodologies.ofRegion(profile.region).map(({ id, methodology }) => ({
      id,
      region: methodology.region,
      json: canonicalJson(methodology),
    })),
  );
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  total: number | null,
  onProgress: IngestSourceRequest["onProgress"],
): AsyncIterable<Uint8Array> {
  let done = 0;
  for await (const bytes of source) {
    yield bytes;
    await yieldToEventLoop();
    onProgress?.((done += bytes.length), total);
  }
}
