import { InputError } from "../../../base/errors/errors.ts";
import { utcDay, utcText } from "../../../base/lib/time/calendar.ts";
import { DEFAULT_CAPS, type IngestCaps } from "../caps.ts";
import { csvColumns, fieldReader, jsonColumns, type ColumnIndex, type RowInHand } from "../fields/columns.ts";
import type { ColumnRef, FieldRef } from "../schema/fieldSchema.ts";
import { withHeadings } from "../rows/withHeadings.ts";
import type { OpenScratch } from "../ports.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { readRows } from "../rows/readRows.ts";
import { exchangeDayAndMonth, exchangedFormat, timeParser, type TimeParser } from "../fields/timeFormat.ts";

/** A date that speaks against the file: its row and the time as it is written, nothing else of the row. */
export interface DateExample {
  readonly row: number;
  readonly written: string;
}

/**
 * What the dates of a file's starts look like. Dates with a day up to 12 could have day and month exchanged;
 * the others could not.
 */
export interface DateEvidence {
  readonly readable: number;
  /** Dates with a day above 12. */
  readonly certain: number;
  /** Dates with a day up to 12 that is not the month. */
  readonly exchangeable: number;
  /**
   * The months that the certain dates span, such as 2016-09 to 2017-08; null where there are too few to say.
   */
  readonly months: { readonly first: string; readonly last: string } | null;
  /** Exchangeable dates outside of these months that would lie inside if exchanged. */
  readonly outside: number;
  /** Days that the file's rows jump to and fro, as written and exchanged. */
  readonly jumps: { readonly written: number; readonly exchanged: number };
  /** Dates that can't be read in the profile's format, but with day and month exchanged. */
  readonly unreadable: number;
  /** Up to five of those that speak against the file. */
  readonly examples: readonly DateExample[];
  /**
   * `exchanged`: correct where the profile allows. `other-format`: day and month stand in the other order
   * throughout; the profile is wrong.
   */
  readonly verdict: "sound" | "exchanged" | "other-format";
}

/** Fewer certain dates than this, or than a tenth of the readable ones, say nothing. */
const MIN_CERTAIN = 20;
/** From how many dates on, and from which share (one in ten), a sign counts. */
const MIN_SIGNS = 5;
const SHARE = 10;
/**
 * Order speaks against the file where exchanging leaves a quarter of the jumps, and they are more than two
 * months.
 */
const ORDER_FACTOR = 4;
const ORDER_DAYS = 60;
/** At each end of the months, dates up to one in 200 are taken for strays. */
const STRAY_SHARE = 200;
const MAX_EXAMPLES = 5;

/**
 * Reads a whole file for its starts' dates and says whether day and month look exchanged, as happens where
 * dd/mm dates go through a spreadsheet that expects mm/dd: those with a day up to 12 come out exchanged, the
 * others right. Null where dates can't be exchanged: counts of seconds, times with an offset, months by name.
 * Memory is that of a histogram of months.
 * @throws InputError as `readRows`
 */
export async function checkDateOrder(
  profile: Profile,
  source: { open(): AsyncIterable<Uint8Array> },
  options: { readonly openScratch: OpenScratch; readonly caps?: Partial<IngestCaps> },
): Promise<DateEvidence | null> {
  const time = datesOf(profile);
  if (!time) return null;
  const caps: IngestCaps = { ...DEFAULT_CAPS, ...options.caps };
  const json =
    profile.format.kind === "ndjson" || profile.format.kind === "json" ? jsonColumns(profile) : null;
  const parsers = [timeParser(time.format), timeParser(time.exchanged)] as const;
  const count = new DateCount();
  let read = json ? writtenTime(time.columns, json) : null;
  let row = 0;
  const blocks = readRows(source.open(), profile.format, caps, json?.members ?? [], options.openScratch);
  for await (const block of withHeadings(blocks, profile.headings)) {
    read ??= writtenTime(time.columns, csvColumns(block.columns ?? [], "the file", profile));
    for (const { fields } of block.rows) {
      row++;
      const written = fields && read(fields);
      if (written) count.add(row, written, parsers);
    }
  }
  return count.evidence();
}

/**
 * Refuses a file whose dates speak against it, unless the profile says otherwise.
 * @returns whether the file's dates are to be exchanged back
 * @throws InputError `input.dates-exchanged`, `input.dates-format`
 */
export function decideDates({ time: { swapped, format } }: Profile, evidence: DateEvidence | null): boolean {
  if (!evidence || evidence.verdict === "sound" || swapped === "accept") return false;
  const examples = evidence.examples.map(({ row, written }) => `row ${String(row)}: ${written}`).join("; ");
  if (evidence.verdict === "other-format") {
    throw new InputError(
      "input.dates-format",
      `Nothing of the file was taken: ${String(evidence.unreadable)} dates can't be read as ${format}, ` +
        `but could be with day and month exchanged (${examples}), so the others would be read wrong. ` +
        "Exchange them in the profile's time.format, or set time.swapped to accept.",
    );
  }
  if (swapped === "correct") return true;
  const { months, outside, exchangeable, jumps } = evidence;
  const span = months
    ? `${months.first} to ${months.last}, the months of the dates with a day above 12`
    : "the other dates' months";
  throw new InputError(
    "input.dates-exchanged",
    "Nothing of the file was taken: day and month look exchanged where the day is at most 12. Of " +
      `${String(exchangeable)} such dates ${String(outside)} lie outside of ${span}, and would lie ` +
      `inside if exchanged (${examples}). From row to row the dates jump by ${String(jumps.written)} ` +
      `days in all, exchanged by ${String(jumps.exchanged)}. Get the file with right dates; or set the ` +
      "profile's time.swapped to correct, which exchanges them back, or to accept, which takes them as " +
      "they are.",
  );
}

/**
 * The columns and format of the times that are judged; null where day and month can't be exchanged in them.
 */
export function datesOf({
  time,
  start,
  pairing,
  readings,
}: Profile): { columns: ColumnRef[]; format: string; exchanged: string } | null {
  const { columns, format: own } = pairing?.at
    ? { ...pairing.at, format: null }
    : readings
      ? { ...readings.at, format: null }
      : start;
  const format = own ?? time.format;
  const plain = (columns as readonly FieldRef[]).filter((column) => typeof column !== "object");
  if ((time.zone === null && time.zoneColumn === null) || plain.length < columns.length) return null;
  const exchanged = exchangedFormat(format);
  return exchanged === null ? null : { columns: plain, format, exchanged };
}

function writtenTime(
  refs: readonly ColumnRef[],
  columns: ColumnIndex,
): (fields: readonly string[]) => string | null {
  const readers = refs.map((ref) => fieldReader(ref, columns, new Map()));
  const row: RowInHand = { fields: [], joined: [] };
  return (fields) => {
    row.fields = fields;
    const parts = readers
      .map((reader) => reader.read(row))
      .filter((part) => typeof part === "string" && part !== "");
    return parts.length === readers.length ? (parts as string[]).join(" ") : null;
  };
}

class DateCount {
  #readable = 0;
  #certain = 0;
  #exchangeable = 0;
  #unreadable = 0;
  #jumps = { written: 0, exchanged: 0 };
  #last: { written: number; exchanged: number } | null = null;
  /** Certain dates by month, counted from year 0. */
  readonly #months = new Map<number, number>();
  /** Exchangeable dates by day, with the first row of each. */
  readonly #pairs = new Map<
    number,
    { written: number; exchanged: number; count: number; example: DateExample }
  >();
  readonly #unread: DateExample[] = [];

  add(row: number, written: string, [parse, parseExchanged]: readonly [TimeParser, TimeParser]): void {
    const time = parse(written);
    if (!time) {
      if (!parseExchanged(written)) return;
      this.#unreadable++;
      if (this.#unread.length < MAX_EXAMPLES) this.#unread.push({ row, written });
      return;
    }
    if (time.absolute) return;
    const exchanged = exchangeDayAndMonth(time.seconds);
    this.#readable++;
    this.#jump(utcDay(time.seconds), utcDay(exchanged));
    const [year, month, day] = partsOf(time.seconds);
    if (day > 12) {
      this.#certain++;
      this.#months.set(year * 12 + month - 1, (this.#months.get(year * 12 + month - 1) ?? 0) + 1);
    } else if (day !== month) {
      this.#exchangeable++;
      const date = utcDay(time.seconds);
      const [inMonth, inExchanged] = [year * 12 + month - 1, year * 12 + day - 1];
      const pair = this.#pairs.get(date) ?? {
        written: inMonth,
        exchanged: inExchanged,
        count: 0,
        example: { row, written },
      };
      this.#pairs.set(date, pair);
      pair.count++;
    }
  }

  evidence(): DateEvidence {
    const span = this.#span();
    const against = [...this.#pairs.values()].filter(
      ({ written, exchanged }) =>
        span &&
        (written < span.first || written > span.last) &&
        exchanged >= span.first &&
        exchanged <= span.last,
    );
    const outside = against.reduce((sum, { count }) => sum + count, 0);
    const rows = this.#readable + this.#unreadable;
    const otherFormat = this.#unreadable >= MIN_SIGNS && this.#unreadable * SHARE >= rows;
    // A file whose order gets worse by exchanging is in order as it is.
    const inOrder = this.#jumps.exchanged > this.#jumps.written;
    const manyOutside = !inOrder && outside >= MIN_SIGNS && outside * SHARE >= this.#exchangeable;
    const outOfOrder =
      this.#jumps.written > ORDER_DAYS && this.#jumps.exchanged * ORDER_FACTOR < this.#jumps.written;
    const examples = otherFormat
      ? this.#unread
      : against.map(({ example }) => example).toSorted((a, b) => a.row - b.row);
    const exchanged = span !== null && (manyOutside || outOfOrder) ? "exchanged" : "sound";
    return {
      readable: this.#readable,
      certain: this.#certain,
      exchangeable: this.#exchangeable,
      months: span && { first: monthText(span.first), last: monthText(span.last) },
      outside,
      jumps: this.#jumps,
      unreadable: this.#unreadable,
      examples: examples.slice(0, MAX_EXAMPLES),
      verdict: otherFormat ? "other-format" : exchanged,
    };
  }

  #jump(written: number, exchanged: number): void {
    if (this.#last) {
      this.#jumps.written += Math.abs(written - this.#last.written);
      this.#jumps.exchanged += Math.abs(exchanged - this.#last.exchanged);
    }
    this.#last = { written, exchanged };
  }

  #span(): { first: number; last: number } | null {
    if (this.#certain < MIN_CERTAIN || this.#certain * SHARE < this.#readable) return null;
    const months = [...this.#months].toSorted(([a], [b]) => a - b);
    const strays = Math.floor(this.#certain / STRAY_SHARE);
    const first = pastStrays(months, strays);
    const last = pastStrays(months.toReversed(), strays);
    return first === null || last === null ? null : { first, last };
  }
}

/** The first month behind those that hold no more dates than `strays` together. */
function pastStrays(months: readonly (readonly [number, number])[], strays: number): number | null {
  let sum = 0;
  for (const [month, count] of months) {
    sum += count;
    if (sum > strays) return month;
  }
  return null;
}

function partsOf(seconds: number): [year: number, month: number, day: number] {
  const date = new Date(seconds * 1000);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
}

function monthText(month: number): string {
  return utcText(Date.UTC(Math.floor(month / 12), month % 12) / 1000).slice(0, 7);
}
