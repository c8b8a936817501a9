import { basename, join } from "node:path";
import { admitReductions } from "../adapters/storage/admitReductions.ts";
import { findUnfinishedIngests, finishIngest, startIngest, type UnfinishedIngest } from "../adapters/storage/ingests.ts";
import { saveMethodology } from "../adapters/storage/methodologies.ts";
import { saveProvider } from "../adapters/storage/providers.ts";
import { equalBytes } from "../base/lib/bytes.ts";
import { readAhead } from "../base/lib/readAhead.ts";
import { canonicalJson } from "../format/canonicalJson.ts";
import { DUPLICATE_SENTENCES } from "../stages/dedupe/duplicateSentences.ts";
import type { ChunkResult, DuplicateCode } from "../stages/dedupe/ports.ts";
import { datesOf, decideDates, judgeDates } from "../stages/ingest/judgeDates.ts";
import { profileHash } from "../stages/ingest/profile.ts";
import type { Profile } from "../stages/ingest/profileSchema.ts";
import { readActivities, type RowChunk } from "../stages/ingest/readActivities.ts";
import type { RejectedRow } from "../stages/ingest/rejectsCsv.ts";
import type { Context } from "./context.ts";
import { openLookup } from "./openLookup.ts";
import { scratchIn } from "./openScratch.ts";
import { openSource } from "./openSource.ts";
import { quantifyRows, type KeyedRow, type RefusedRow } from "./quantifyRows.ts";
import { IngestTotals, KNOWN_ROW, type AdmittedRows, type IngestReport } from "./ingestTotals.ts";
import { recogniseRows, rememberRows } from "./recogniseRows.ts";
import { RowReport } from "./rowReport.ts";
import { openSigning, withEvidence, type Signing } from "./signatures/signing.ts";

export type { IngestReport } from "./ingestTotals.ts";

export interface IngestRequest {
  /** Path, or `-` for standard input. */
  readonly file: string;
  readonly profile: Profile;
  /** Where rejected rows, and duplicates, are written as CSV. */
  readonly rejectsFile: string | null;
  readonly duplicatesFile: string | null;
  /** Where the profile's lookup files lie; by default beside the file, or in the working folder for standard input. */
  readonly lookupFolder: string | null;
  /** Bytes of the `.sig.json` with which the provider signed the file (`readSidecar`). */
  readonly signature?: Uint8Array | null;
  /** Bytes read so far, and how many there are where that is known. */
  readonly onProgress?: (done: number, total: number | null) => void;
}

/**
 * Reads a provider's file into the store: map, quantify, key, admit, chunk by chunk, each chunk in one transaction with its progress. A run
 * that was cut off goes on behind its last chunk when the same rows come again; the same file twice adds nothing.
 * @throws UsageError `file.unreadable`, `file.unwritable`; InputError as `readActivities`; CheckFailedError as `openSigning`
 */
export async function ingestFile(context: Context, request: IngestRequest): Promise<IngestReport> {
  const { profile } = request;
  const { inputBytes, rowBytes, inflationRatio } = context.config.caps;
  const caps = { inputBytes, rowCharacters: rowBytes, inflationRatio };
  const openScratch = scratchIn(join(context.config.folder, "scratch"));
  const sidecar = request.signature ?? null;
  const source = await openSource(request.file, { twice: datesOf(profile) !== null || sidecar !== null, openScratch, inputBytes });
  let rejects: RowReport | null = null;
  let duplicates: RowReport | null = null;
  let signing: Signing | null = null;
  try {
    const exchangeDates = decideDates(profile, await judgeDates(profile, source, { openScratch, caps }));
    const reading = {
      openLookup: (name: string) => openLookup(name, { file: request.file, folder: request.lookupFolder }),
      openScratch,
      exchangeDates,
      caps,
    };
    signing = await openSigning(context, { profile, source, sidecar, reading });
    await rememberRules(context, profile);
    rejects = await RowReport.open(request.rejectsFile);
    duplicates = await RowReport.open(request.duplicatesFile);
    const run = await IngestRun.begin(context, profile, request.file === "-" ? "stdin" : basename(request.file));
    const total = new IngestTotals();
    const chunks = readActivities(profile, counted(source.open(), source.size, request.onProgress), {
      ...reading,
      now: signing.now,
    });
    // The next chunk is read and keyed while the database admits this one.
    for await (const { chunk, keyed, refused } of readAhead(quantifyChunks(context, profile, signing, chunks))) {
      const admitted = await run.admit(chunk, keyed, refused);
      await rejects.write(admitted.refused);
      await duplicates.write(duplicateRows(admitted));
      total.add(admitted);
    }
    signing.finish();
    await run.finish();
    await rejects.publish();
    await duplicates.publish();
    return total.report();
  } finally {
    await rejects?.close();
    await duplicates?.close();
    await signing?.close();
    await source.close();
  }
}

/** The rows of a chunk that are here already, in the order of the file. */
function duplicateRows({ keyed, duplicates, outcomes }: AdmittedRows): RejectedRow[] {
  const ofRow = (row: number, raw: string, code: DuplicateCode): RejectedRow => ({
    row,
    field: null,
    code,
    sentence: DUPLICATE_SENTENCES[code],
    raw,
  });
  const known = duplicates.map(({ row, raw }) => ofRow(row, raw, KNOWN_ROW));
  const refused = keyed.flatMap(({ row, raw, parts }, index) => {
    const code = outcomes[index] ?? "accepted";
    return code === "accepted" ? [] : [...parts, { row, raw }].map((one) => ofRow(one.row, one.raw, code));
  });
  return [...known, ...refused].toSorted((a, b) => a.row - b.row);
}

async function* quantifyChunks(context: Context, { region }: Profile, signing: Signing, chunks: AsyncIterable<RowChunk>) {
  for await (const chunk of chunks) {
    const judged = await signing.judge(chunk.outcomes);
    yield { chunk, ...withEvidence(judged, await quantifyRows(context, region, judged.outcomes)) };
  }
}

/** The chunks of one ingest: a new one, or one that was cut off and begins with the same rows. */
class IngestRun {
  readonly #context: Context;
  readonly #profile: Profile;
  readonly #sourceName: string;
  #candidates: readonly UnfinishedIngest[];
  #ingest: { id: string; stored: readonly ChunkResult[]; next: number } | null = null;

  private constructor(context: Context, profile: Profile, sourceName: string, candidates: readonly UnfinishedIngest[]) {
    this.#context = context;
    this.#profile = profile;
    this.#sourceName = sourceName;
    this.#candidates = candidates;
  }

  static async begin(context: Context, profile: Profile, sourceName: string): Promise<IngestRun> {
    return new IngestRun(context, profile, sourceName, await findUnfinishedIngests(context.db, context.tenant, profileHash(profile)));
  }

  async admit(chunk: RowChunk, keyed: readonly KeyedRow[], refused: readonly RefusedRow[]): Promise<AdmittedRows> {
    const ingest = await this.#ingestFor(chunk.chainDigest);
    const rows = await recogniseRows(this.#context, this.#profile, ingest.id, keyed, refused);
    const rejected = rows.refused.length + rows.duplicates.length;
    // A chunk that is stored already is answered from what is stored: that is how a restarted run comes by its first counts.
    const admission = await admitReductions(
      this.#context.db,
      this.#context.tenant,
      rows.keyed.map(({ reduction }) => reduction),
      {
        ingestId: ingest.id,
        chunk: ingest.next,
        chainDigest: chunk.chainDigest,
        // The store counts an act of several rows once.
        rowsRead: rows.keyed.length + rejected,
        rejected,
      },
    );
    await rememberRows(this.#context, this.#profile, ingest.id, rows, admission.outcomes);
    ingest.next += 1;
    return { ...rows, outcomes: admission.outcomes, milligrams: admission.result.milligrams, read: chunk.rowsRead };
  }

  async finish(): Promise<void> {
    if (this.#ingest) await finishIngest(this.#context.db, this.#context.tenant, this.#ingest.id);
  }

  async #ingestFor(digest: Uint8Array) {
    if (!this.#ingest) {
      const resumed = this.#candidates.find(({ chunks: [first] }) => first && equalBytes(first.chainDigest, digest));
      this.#candidates = [];
      return (this.#ingest = resumed ? { id: resumed.ingestId, stored: resumed.chunks, next: 0 } : await this.#start());
    }
    const stored = this.#ingest.stored[this.#ingest.next];
    if (stored && !equalBytes(stored.chainDigest, digest)) {
      // The file was changed since it was cut off: what is stored stays, the rest is an ingest of its own.
      await this.finish();
      this.#ingest = await this.#start();
    }
    return this.#ingest;
  }

  async #start() {
    const { db, tenant, clock } = this.#context;
    const id = await startIngest(db, tenant, {
      profileHash: profileHash(this.#profile),
      sourceName: this.#sourceName,
      startedAt: clock.now(),
    });
    return { id, stored: [], next: 0 };
  }
}

/** Provider and methodologies must be known before a reduction refers to them. */
async function rememberRules({ db, tenant, methodologies }: Context, profile: Profile): Promise<void> {
  await saveProvider(db, tenant, { id: profile.provider.id, name: profile.provider.name });
  for (const { id, methodology } of methodologies.list()) {
    if (methodology.region === profile.region)
      await saveMethodology(db, tenant, { id, region: methodology.region, json: canonicalJson(methodology) });
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  total: number | null,
  onProgress: IngestRequest["onProgress"],
): AsyncIterable<Uint8Array> {
  let done = 0;
  for await (const bytes of source) {
    yield bytes;
    onProgress?.((done += bytes.length), total);
  }
}
