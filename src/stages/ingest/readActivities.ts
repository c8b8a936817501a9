import { createHash } from "node:crypto";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { DEFAULT_CAPS, type IngestCaps } from "./caps.ts";
import { csvColumns, jsonColumns, type ColumnIndex } from "./fields/columns.ts";
import { groupingOf, type Grouped, type Grouping } from "./groups/groupings.ts";
import { GroupStore, type GroupItem } from "./groups/groupStore.ts";
import { withHeadings } from "./rows/withHeadings.ts";
import type { LoadedJoin } from "./map/joins.ts";
import { loadJoins, type LookupShelf } from "./map/loadJoins.ts";
import type { OpenLookup } from "./map/loadTable.ts";
import type { NamedAsset } from "./map/mapAdditions.ts";
import type { RowSignature } from "./map/mapSignature.ts";
import { compileProfile, type MappedRecord, type RowMapper } from "./map/mapRow.ts";
import type { NoteCode } from "./notes.ts";
import type { OpenScratch } from "./ports.ts";
import { SHIPPED_CLASS_LISTS, type ClassList } from "../../format/batch/classes/classLists.ts";
import type { Profile } from "./schema/profileSchema.ts";
import type { RawRow } from "./rows/rawRow.ts";
import { readRows } from "./rows/readRows.ts";
import { REASON_SENTENCES, Refusal, type ReasonCode } from "./reasonCodes.ts";

/** A further row that an act was made of. */
export interface PartRow {
  readonly row: number;
  readonly raw: string;
  /** The provider's id of the row, where rows of such files have one: taps do. */
  readonly rowId: string | null;
}

/**
 * What became of one row, or of the rows of one act. `row` counts data rows from 1; header and skipped lines
 * are none. `raw` is the row's text as it was read.
 */
export type RowOutcome =
  | {
      readonly kind: "record";
      readonly row: number;
      readonly record: ActivityRecord;
      /**
       * Who acted; comparable inside `scope`, which is `deployment` or the provider's id. Null where the row
       * names nobody.
       */
      readonly subject: { readonly scope: string; readonly identifier: string } | null;
      readonly notes: readonly NoteCode[];
      readonly raw: string;
      /** The other rows of the act, whose fate is this one's. */
      readonly parts: readonly PartRow[];
      /** What it was done with, before the key service made a key of it (`keyAssets`). */
      readonly asset?: NamedAsset;
      /** What the row has for a signature, where the profile says that rows are signed. */
      readonly signature?: RowSignature;
    }
  | {
      readonly kind: "rejected";
      readonly row: number;
      readonly field: string | null;
      readonly code: ReasonCode;
      readonly sentence: string;
      readonly raw: string;
      /** As in `PartRow`. */
      readonly rowId: string | null;
    };

export type RecordOutcome = Extract<RowOutcome, { kind: "record" }>;

/**
 * Up to `chunkRows` rows, in the order of the file; where rows make groups, group by group behind those that
 * are in none.
 */
export interface RowChunk {
  readonly outcomes: readonly RowOutcome[];
  /** Rows that have their outcome, this chunk included. */
  readonly rowsRead: number;
  /**
   * SHA-256 over the text of header and rows so far (in the order of the outcomes), in UTF-8, each followed
   * by LF. It depends on the rows alone: neither on compression, line ends or encoding nor on the size of
   * chunks. Of a row over the cap only the part up to the cap counts.
   */
  readonly chainDigest: Uint8Array;
}

export interface ReadOptions {
  /** By which the future is judged. */
  readonly now: UnixSeconds;
  readonly openLookup: OpenLookup;
  /** Where lookup tables are kept between readings; without one this reading loads its own. */
  readonly shelf?: LookupShelf | undefined;
  readonly openScratch: OpenScratch;
  /** The file's dates have day and month exchanged (`checkDateOrder`), and the profile corrects that. */
  readonly exchangeDates?: boolean;
  readonly caps?: Partial<IngestCaps>;
  /** 5,000 if not given. */
  readonly chunkRows?: number;
  /** What rows may name as their scenario; the list that ships if not given. */
  readonly classes?: ClassList;
}

export const CHUNK_ROWS = 5_000;

/**
 * Reads a provider's file through its profile. Every row ends in exactly one outcome; a bad row never stops
 * the others. Memory stays flat: rows that are grouped wait on disk.
 * @throws InputError for what concerns the file as a whole: `input.over-cap`, `input.gzip`, `input.header`,
 * `input.json`,
 *   `input.xlsx`, `input.sheet`, `lookup.malformed`, `lookup.ambiguous`. Chunks that came before stand.
 */
export async function* readActivities(
  profile: Profile,
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<RowChunk> {
  const caps: IngestCaps = { ...DEFAULT_CAPS, ...options.caps };
  const { joins, leave } = await loadJoins(profile.joins, options);
  try {
    yield* readJoined(profile, source, options, caps, joins);
  } finally {
    leave();
  }
}

async function* readJoined(
  profile: Profile,
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  caps: IngestCaps,
  joins: readonly LoadedJoin[],
): AsyncGenerator<RowChunk> {
  const grouping = groupingOf(profile);
  const store = grouping ? new GroupStore(options.openScratch, caps) : null;
  const chunks = new Chunks(options.chunkRows ?? CHUNK_ROWS);
  const exchangeDates = options.exchangeDates ?? false;
  const compile = (columns: ColumnIndex): Reader => {
    const map = compileProfile(profile, columns, joins, {
      now: options.now,
      exchangeDates,
      given: grouping?.given ?? null,
      classes: options.classes ?? SHIPPED_CLASS_LISTS.newest,
    });
    return { map, member: grouping?.compile(columns, exchangeDates) ?? null, scope: scopeOf(profile) };
  };
  const json =
    profile.format.kind === "ndjson" || profile.format.kind === "json" ? jsonColumns(profile) : null;
  // JSON members are known before the first row, columns of a table once its header is read.
  let reader: Reader | null = json ? compile(json) : null;
  try {
    let row = 0;
    const blocks = readRows(source, profile.format, caps, json?.members ?? [], options.openScratch);
    for await (const block of withHeadings(blocks, profile.headings)) {
      if (block.preamble !== null) chunks.begin(block.preamble);
      reader ??= compile(csvColumns(block.columns ?? [], "the file", profile));
      for (const raw of block.rows) {
        const outcome = outcomeOf(raw, ++row, reader);
        if ("kind" in outcome) yield* chunks.add([outcome]);
        else {
          if (outcome.refused) yield* chunks.add([outcome.refused]);
          await store?.add(outcome.item);
        }
      }
    }
    if (store && grouping && reader) {
      for await (const group of store.groups()) yield* chunks.add(groupOutcomes(grouping, group, reader));
    }
    yield* chunks.end();
  } finally {
    await store?.close();
  }
}

/** A profile compiled against a file's columns. */
interface Reader {
  readonly map: RowMapper;
  /** What a row is to its group; null where each row is an act. */
  readonly member: ReturnType<Grouping["compile"]> | null;
  /** Where the subject's identifiers are comparable. */
  readonly scope: string;
}

function scopeOf(profile: Profile): string {
  return profile.subject?.scope === "deployment" ? "deployment" : profile.provider.id;
}

/** Collects outcomes into chunks and digests their rows. */
class Chunks {
  readonly #size: number;
  readonly #digest = createHash("sha256");
  #rowsDone = 0;
  #rows = 0;
  #outcomes: RowOutcome[] = [];
  #texts: string[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  begin(preamble: string): void {
    this.#digest.update(preamble);
  }

  *add(outcomes: readonly RowOutcome[]): Generator<RowChunk> {
    for (const outcome of outcomes) {
      this.#outcomes.push(outcome);
      if (outcome.kind === "record") for (const { raw } of outcome.parts) this.#texts.push(raw);
      this.#texts.push(outcome.raw);
      this.#rows += 1 + (outcome.kind === "record" ? outcome.parts.length : 0);
      if (this.#rows >= this.#size) yield this.#chunk();
    }
  }

  *end(): Generator<RowChunk> {
    if (this.#outcomes.length > 0) yield this.#chunk();
  }

  #chunk(): RowChunk {
    this.#digest.update(`${this.#texts.join("\n")}\n`);
    this.#rowsDone += this.#rows;
    const done = {
      outcomes: this.#outcomes,
      rowsRead: this.#rowsDone,
      chainDigest: new Uint8Array(this.#digest.copy().digest()),
    };
    this.#outcomes = [];
    this.#texts = [];
    this.#rows = 0;
    return done;
  }
}

interface Item {
  readonly item: GroupItem;
  /** The row's outcome, where it is refused and its group is to know. */
  readonly refused: RowOutcome | null;
}

function outcomeOf({ raw, fields, code }: RawRow, row: number, reader: Reader): RowOutcome | Item {
  if (fields === null) {
    const reason = code ?? "row.malformed";
    return {
      kind: "rejected",
      row,
      field: null,
      code: reason,
      sentence: REASON_SENTENCES[reason],
      raw,
      rowId: null,
    };
  }
  if (!reader.member) {
    const mapped = reader.map(fields);
    return mapped instanceof Refusal
      ? rejected({ row, raw, rowId: null }, mapped)
      : recorded({ row, raw, rowId: null }, mapped, [], reader);
  }
  const member = reader.member(fields);
  if (member instanceof Refusal) return rejected({ row, raw, rowId: null }, member);
  if (!("refusal" in member)) return { item: { ...member, row, raw, fields }, refused: null };
  const refused = rejected({ row, raw, rowId: null }, member.refusal);
  return { item: { ...member.member, row, raw: "", fields: [] }, refused };
}

function groupOutcomes(grouping: Grouping, items: readonly GroupItem[], reader: Reader): RowOutcome[] {
  return grouping.resolve(items).flatMap((group: Grouped): RowOutcome[] => {
    if (!group.act) return group.rows.map((item) => rejected(partOf(item), group.refusal));
    const { carrier, parts, given, tap } = group;
    const mapped = reader.map(carrier.fields, given, tap);
    if (mapped instanceof Refusal) return [...parts, carrier].map((item) => rejected(partOf(item), mapped));
    return [recorded(partOf(carrier), mapped, parts.map(partOf), reader)];
  });
}

function partOf({ row, raw, id }: GroupItem): PartRow {
  return { row, raw, rowId: id === "" ? null : id };
}

function rejected({ row, raw, rowId }: PartRow, { field, code, sentence }: Refusal): RowOutcome {
  return { kind: "rejected", row, field, code, sentence, raw, rowId };
}

function recorded(
  { row, raw }: PartRow,
  mapped: MappedRecord,
  parts: readonly PartRow[],
  { scope }: Reader,
): RowOutcome {
  const { record, identifier, notes, asset, signature } = mapped;
  const subject = identifier === null ? null : { scope, identifier };
  if (!signature && !asset) return { kind: "record", row, record, subject, notes, raw, parts };
  return {
    kind: "record",
    row,
    record,
    subject,
    notes,
    raw,
    parts,
    ...(asset && { asset }),
    ...(signature && { signature }),
  };
}
