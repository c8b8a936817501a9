import {
  findUnfinishedIngests,
  finishIngest,
  startIngest,
  type UnfinishedIngest,
} from "../../adapters/storage/ingests/ingests.ts";
import type { Admission } from "../../adapters/storage/ingests/ingestChunks.ts";
import { admitReductions } from "../../adapters/storage/reductions/admitReductions.ts";
import { equalBytes } from "../../base/lib/bytes.ts";
import type { ChunkResult } from "../../stages/dedupe/ports.ts";
import { profileHash } from "../../stages/ingest/profile/profile.ts";
import type { RowChunk } from "../../stages/ingest/readActivities.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { Context } from "../context.ts";
import { admissionDecisions } from "./admissionDecisions.ts";
import { dayRulesOf } from "./dayRulesOf.ts";
import type { AdmittedRows } from "./ingestTotals.ts";
import type { KeyedRow } from "./quantifyRows.ts";
import { findSeenTaps, saveSeenTaps } from "./seenTaps.ts";

/** The chunks of one ingest: a new one, or one that was cut off and begins with the same rows. */
export class IngestRun {
  readonly #context: Context;
  readonly #profile: Profile;
  readonly #sourceName: string;
  #candidates: readonly UnfinishedIngest[];
  #ingest: { id: string; stored: readonly ChunkResult[]; next: number } | null = null;

  private constructor(
    context: Context,
    profile: Profile,
    sourceName: string,
    candidates: readonly UnfinishedIngest[],
  ) {
    this.#context = context;
    this.#profile = profile;
    this.#sourceName = sourceName;
    this.#candidates = candidates;
  }

  static async begin(context: Context, profile: Profile, sourceName: string): Promise<IngestRun> {
    return new IngestRun(
      context,
      profile,
      sourceName,
      await findUnfinishedIngests(context.db, context.tenant, profileHash(profile)),
    );
  }

  async admit(
    chunk: RowChunk,
    keyed: readonly KeyedRow[],
    refused: readonly RefusedRow[],
  ): Promise<AdmittedRows> {
    const ingest = await this.#ingestFor(chunk.chainDigest);
    const rows = await findSeenTaps(this.#context, this.#profile, ingest.id, keyed, refused);
    const rejected = rows.refused.length + rows.duplicates.length;
    // A chunk that is stored already is answered from what is stored: that is how a restarted run comes by
    // its first counts.
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
      dayRulesOf(this.#context, this.#profile),
      admissionDecisions,
    );
    await saveSeenTaps(this.#context, this.#profile, ingest.id, rows, admission.outcomes);
    ingest.next += 1;
    return {
      ...rows,
      keyed: withCuts(rows.keyed, admission.cuts),
      outcomes: admission.outcomes,
      milligrams: admission.result.milligrams,
      read: chunk.rowsRead,
    };
  }

  async finish(): Promise<void> {
    if (this.#ingest)
      await finishIngest(this.#context.db, this.#context.tenant, this.#ingest.id, this.#profile.provider.id);
  }

  async #ingestFor(digest: Uint8Array) {
    if (!this.#ingest) {
      const resumed = this.#candidates.find(
        ({ chunks: [first] }) => first && equalBytes(first.chainDigest, digest),
      );
      this.#candidates = [];
      return (this.#ingest = resumed
        ? { id: resumed.ingestId, stored: resumed.chunks, next: 0 }
        : await this.#start());
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

/** The rows with what caps left of them, and a note that says so. */
function withCuts(keyed: readonly KeyedRow[], cuts: Admission["cuts"]): readonly KeyedRow[] {
  if (cuts.size === 0) return keyed;
  return keyed.map((row, index) => {
    const milligrams = cuts.get(index);
    if (milligrams === undefined) return row;
    return { ...row, notes: [...row.notes, "note.capped"], reduction: { ...row.reduction, milligrams } };
  });
}
