import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { admitReductions } from "../adapters/storage/admitReductions.ts";
import { findUnfinishedIngests, finishIngest, startIngest, type UnfinishedIngest } from "../adapters/storage/ingests.ts";
import { saveMethodology } from "../adapters/storage/methodologies.ts";
import { saveProvider } from "../adapters/storage/providers.ts";
import { UsageError } from "../base/errors/errors.ts";
import { equalBytes } from "../base/lib/bytes.ts";
import { readAhead } from "../base/lib/readAhead.ts";
import { canonicalJson } from "../format/canonicalJson.ts";
import { DUPLICATE_SENTENCES } from "../stages/dedupe/duplicateSentences.ts";
import type { ChunkResult } from "../stages/dedupe/ports.ts";
import { profileHash } from "../stages/ingest/profile.ts";
import type { Profile } from "../stages/ingest/profileSchema.ts";
import { readActivities, type RowChunk } from "../stages/ingest/readActivities.ts";
import type { Context } from "./context.ts";
import { openLookup } from "./openLookup.ts";
import { quantifyRows, type KeyedRow, type RefusedRow } from "./quantifyRows.ts";
import { RowReport } from "./rowReport.ts";

export interface IngestRequest {
  /** Path, or `-` for standard input. */
  readonly file: string;
  readonly profile: Profile;
  /** Where rejected rows, and duplicates, are written as CSV. */
  readonly rejectsFile: string | null;
  readonly duplicatesFile: string | null;
  /** Where the profile's lookup files lie; by default beside the file, or in the working folder for standard input. */
  readonly lookupFolder: string | null;
  /** Bytes read so far, and how many there are where that is known. */
  readonly onProgress?: (done: number, total: number | null) => void;
}

/** What an ingest came to: `read = accepted + rejected + duplicates`. */
export interface IngestReport {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** Of what was accepted; decimal string of whole milligrams. */
  readonly milligrams: string;
  /** Rejections and duplicates by reason code. */
  readonly reasons: Readonly<Record<string, number>>;
}

/**
 * Reads a provider's file into the store: map, quantify, key, admit, chunk by chunk, each chunk in one transaction with its progress. A run
 * that was cut off goes on behind its last chunk when the same rows come again; the same file twice adds nothing.
 * @throws UsageError `file.unreadable`, `file.unwritable`; InputError as `readActivities`
 */
export async function ingestFile(context: Context, request: IngestRequest): Promise<IngestReport> {
  const { profile } = request;
  const source = await openSource(request);
  await rememberRules(context, profile);
  const rejects = await RowReport.open(request.rejectsFile);
  const duplicates = await RowReport.open(request.duplicatesFile);
  try {
    const run = await IngestRun.begin(context, profile, request.file === "-" ? "stdin" : basename(request.file));
    const total = new Totals();
    const chunks = readActivities(profile, source, {
      now: context.clock.now(),
      openLookup: (name) => openLookup(name, { file: request.file, folder: request.lookupFolder }),
      caps: {
        inputBytes: context.config.caps.inputBytes,
        rowCharacters: context.config.caps.rowBytes,
        inflationRatio: context.config.caps.inflationRatio,
      },
    });
    // The next chunk is read and keyed while the database admits this one.
    for await (const { chunk, keyed, refused } of readAhead(quantifyChunks(context, profile, chunks))) {
      const { outcomes, result } = await run.admit(chunk, keyed, refused);
      await rejects.write(refused);
      await duplicates.write(
        keyed.flatMap(({ row, raw }, index) => {
          const code = outcomes[index] ?? "accepted";
          return code === "accepted" ? [] : [{ row, field: null, code, sentence: DUPLICATE_SENTENCES[code], raw }];
        }),
      );
      total.add(result, refused);
    }
    await run.finish();
    await rejects.publish();
    await duplicates.publish();
    return total.report();
  } finally {
    await rejects.close();
    await duplicates.close();
  }
}

async function* quantifyChunks(context: Context, { region }: Profile, chunks: AsyncIterable<RowChunk>) {
  for await (const chunk of chunks) yield { chunk, ...(await quantifyRows(context, region, chunk.outcomes)) };
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

  async admit(chunk: RowChunk, keyed: readonly KeyedRow[], refused: readonly RefusedRow[]) {
    const ingest = await this.#ingestFor(chunk.chainDigest);
    // A chunk that is stored already is answered from what is stored: that is how a restarted run comes by its first counts.
    const admission = await admitReductions(
      this.#context.db,
      this.#context.tenant,
      keyed.map(({ reduction }) => reduction),
      {
        ingestId: ingest.id,
        chunk: ingest.next,
        chainDigest: chunk.chainDigest,
        rowsRead: chunk.outcomes.length,
        rejected: refused.length,
      },
    );
    ingest.next += 1;
    return admission;
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

class Totals {
  #read = 0;
  #accepted = 0;
  #duplicates = 0;
  #milligrams = 0n;
  readonly #reasons = new Map<string, number>();

  add(result: ChunkResult, refused: readonly RefusedRow[]): void {
    this.#read += result.rowsRead;
    this.#accepted += result.accepted;
    this.#duplicates += result.duplicate;
    this.#milligrams += result.milligrams;
    for (const { code } of refused) this.#count(code, 1);
    for (const [code, count] of Object.entries(result.duplicateReasons)) this.#count(code, count);
  }

  report(): IngestReport {
    return {
      read: this.#read,
      accepted: this.#accepted,
      rejected: this.#read - this.#accepted - this.#duplicates,
      duplicates: this.#duplicates,
      milligrams: this.#milligrams.toString(),
      reasons: Object.fromEntries([...this.#reasons].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  #count(code: string, count: number): void {
    this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + count);
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

/** Bytes of a file; null for standard input, whose length nobody knows. @throws UsageError `file.unreadable` */
export async function sizeOfSource(file: string): Promise<number | null> {
  if (file === "-") return null;
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) throw new UsageError("file.unreadable", `${file} is no file that can be read.`);
  return size;
}

async function openSource({ file, onProgress }: IngestRequest): Promise<AsyncIterable<Uint8Array>> {
  const size = await sizeOfSource(file);
  return counted(file === "-" ? process.stdin : createReadStream(file), size, onProgress);
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
