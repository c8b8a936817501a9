import { createHash } from "node:crypto";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { DEFAULT_CAPS, type IngestCaps } from "./caps.ts";
import { csvColumns, jsonColumns } from "./columns.ts";
import { loadJoin, type LoadedJoin, type OpenLookup } from "./joins.ts";
import { compileProfile, type RowMapper } from "./mapRow.ts";
import type { Profile } from "./profileSchema.ts";
import type { RawRow } from "./rawRow.ts";
import { readRows, type RowBlock } from "./readRows.ts";
import { REASON_SENTENCES, Refusal, type ReasonCode } from "./reasonCodes.ts";

/** What became of one row. `row` counts data rows from 1; header and skipped lines are none. `raw` is the row's text as it was read. */
export type RowOutcome =
  | {
      readonly kind: "record";
      readonly row: number;
      readonly record: ActivityRecord;
      /** Who acted; comparable inside `scope`, which is `deployment` or the provider's id. Null where the row names nobody. */
      readonly subject: { readonly scope: string; readonly identifier: string } | null;
      readonly raw: string;
    }
  | {
      readonly kind: "rejected";
      readonly row: number;
      readonly field: string | null;
      readonly code: ReasonCode;
      readonly sentence: string;
      readonly raw: string;
    };

/** Up to `chunkRows` outcomes, in the order of the rows. */
export interface RowChunk {
  readonly outcomes: readonly RowOutcome[];
  /** Rows read so far, this chunk included. */
  readonly rowsRead: number;
  /**
   * SHA-256 over the text of header and rows so far, in UTF-8, each followed by LF. It depends on the rows alone: neither on compression,
   * line ends or encoding nor on the size of chunks. Of a row over the cap only the part up to the cap counts.
   */
  readonly chainDigest: Uint8Array;
}

export interface ReadOptions {
  /** By which the future is judged. */
  readonly now: UnixSeconds;
  readonly openLookup: OpenLookup;
  readonly caps?: Partial<IngestCaps>;
  /** 5,000 if not given. */
  readonly chunkRows?: number;
}

const CHUNK_ROWS = 5_000;

/**
 * Reads a provider's file through its profile. Every row ends in exactly one outcome; a bad row never stops the others. Memory stays flat.
 * @throws InputError for what concerns the file as a whole: `input.over-cap`, `input.gzip`, `input.encoding`, `input.header`, `lookup.malformed`,
 *   `lookup.ambiguous`. Chunks that came before stand.
 */
export async function* readActivities(profile: Profile, source: AsyncIterable<Uint8Array>, options: ReadOptions): AsyncGenerator<RowChunk> {
  const caps: IngestCaps = { ...DEFAULT_CAPS, ...options.caps };
  const chunkRows = options.chunkRows ?? CHUNK_ROWS;
  const joins: LoadedJoin[] = [];
  for (const join of profile.joins) joins.push(await loadJoin(join, options.openLookup, caps));
  const json = profile.format.kind === "ndjson" ? jsonColumns() : null;
  // JSON members are known before the first row, columns of a delimited file once its header is read.
  let mapper: RowMapper | null = json ? compileProfile(profile, json, joins, options.now) : null;

  const digest = createHash("sha256");
  const scope = profile.subject?.scope === "deployment" ? "deployment" : profile.provider.id;
  let rowsRead = 0;
  let outcomes: RowOutcome[] = [];
  let texts: string[] = [];
  const chunk = (): RowChunk => {
    if (texts.length > 0) digest.update(`${texts.join("\n")}\n`);
    const done = { outcomes, rowsRead, chainDigest: new Uint8Array(digest.copy().digest()) };
    outcomes = [];
    texts = [];
    return done;
  };

  for await (const block of readRows(source, profile.format, caps, json?.members)) {
    if (block.preamble !== null) digest.update(block.preamble);
    mapper ??= compileProfile(profile, csvColumns(columnsOf(block), "the file"), joins, options.now);
    for (const row of block.rows) {
      rowsRead++;
      outcomes.push(outcomeOf(row, rowsRead, mapper, scope));
      texts.push(row.raw);
      if (outcomes.length >= chunkRows) yield chunk();
    }
  }
  if (outcomes.length > 0) yield chunk();
}

function columnsOf(block: RowBlock): readonly string[] {
  return block.columns ?? [];
}

function outcomeOf({ raw, fields, code }: RawRow, row: number, mapper: RowMapper, scope: string): RowOutcome {
  if (fields === null) {
    const reason = code ?? "row.malformed";
    return { kind: "rejected", row, field: null, code: reason, sentence: REASON_SENTENCES[reason], raw };
  }
  const mapped = mapper(fields);
  if (mapped instanceof Refusal) return { kind: "rejected", row, field: mapped.field, code: mapped.code, sentence: mapped.sentence, raw };
  const { record, identifier } = mapped;
  return { kind: "record", row, record, subject: identifier === null ? null : { scope, identifier }, raw };
}
