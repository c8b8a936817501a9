import { formatDecimal, MICRO_PLACES } from "../../../base/lib/decimal.ts";
import { utcText } from "../../../base/lib/time/calendar.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import { zoneOf } from "../../../base/lib/time/zone.ts";
import {
  type Bind,
  type ColumnIndex,
  fieldReader,
  type FieldReader,
  labelOf,
  listedColumns,
  type RowInHand,
} from "../fields/columns.ts";
import { comparePeriods } from "./comparePeriods.ts";
import type { TapCase } from "../schema/groupSchema.ts";
import type { GroupItem } from "./groupStore.ts";
import type { GivenFields } from "../map/joins.ts";
import { recordIdMapper } from "../map/mapIdentity.ts";
import { compileFilters } from "../map/mapRow.ts";
import { timeReader } from "../map/mapTime.ts";
import { numberBind } from "../fields/plainNumber.ts";
import { pairTaps, TAP, type TapKind } from "./pairTaps.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";
import { quantityReader } from "../fields/units.ts";

/**
 * What rows of one group come to: an act that stands in `carrier` and was made of the others too, or rows
 * that are none.
 */
export type Grouped =
  | {
      readonly act: true;
      readonly carrier: GroupItem;
      readonly parts: readonly GroupItem[];
      readonly given: readonly string[];
      readonly tap: TapCase | undefined;
    }
  | { readonly act: false; readonly rows: readonly GroupItem[]; readonly refusal: Refusal };

/** What a row is to its group. */
export type Member = Omit<GroupItem, "row" | "raw" | "fields">;
/** A row that is refused, and whose group is to know that something lacks. */
export interface RefusedMember {
  readonly refusal: Refusal;
  readonly member: Member;
}

/** How a profile makes acts of several rows. */
export interface Grouping {
  readonly given: GivenFields;
  /** Binds to a file's columns: what a row is to its group, or why it is in none. */
  compile(
    columns: ColumnIndex,
    exchangeDates: boolean,
  ): (fields: readonly string[]) => Member | Refusal | RefusedMember;
  /** All rows of one group, in any order: each is in exactly one of the results. */
  resolve(items: readonly GroupItem[]): Grouped[];
}

/** Fields of `period`. Energies in kWh; times as ISO 8601, UTC. */
export const PERIOD_FIELDS = ["key", "name", "start", "end", "used", "earlier"] as const;

/** The grouping that a profile asks for, or null where each row is an act. */
export function groupingOf(profile: Profile): Grouping | null {
  if (profile.pairing) return tapGrouping(profile, profile.pairing);
  return profile.readings ? meterGrouping(profile, profile.readings) : null;
}

/**
 * What every grouping reads of a row: that the filters let it pass, its key and its time. `placeOf` says
 * where a refused row belongs, as far as its text does, or null.
 */
function rowReader(
  profile: Profile,
  by: Parameters<Bind>[0],
  at: Parameters<typeof timeReader>[1],
  columns: ColumnIndex,
  exchange: boolean,
  later = 0,
) {
  const bind: Bind = (ref) => fieldReader(ref, columns, new Map());
  const passes = compileFilters(profile, bind, (ref) => typeof ref !== "object");
  const keyReader = bind(by);
  const noKey = new Refusal("field.missing", keyReader.label);
  const corrections = { exchange, made: false };
  const time = timeReader(profile.time, at, bind, corrections);
  const [laterTime, anyTime] = [
    timeReader({ ...profile.time, ambiguous: "later" }, at, bind, corrections),
    timeReader({ ...profile.time, ambiguous: "earlier", nonexistent: "unchanged" }, at, bind, corrections),
  ];
  const noTime = new Refusal("field.missing", time.label);
  const inOrder = profile.time.ambiguous === "in-order";
  const read = (row: RowInHand): Place | Refusal => {
    const problem = passes(row);
    if (problem) return problem;
    const key = keyReader.read(row);
    if (typeof key !== "string") return key;
    if (key === "") return noKey;
    const instant = time.read(row, later);
    if (instant === null) return noTime;
    if (instant instanceof Refusal) return instant;
    const otherInstant = inOrder ? laterTime.read(row, later) : instant;
    const laterAt = typeof otherInstant === "number" ? otherInstant : instant;
    return { key: key.normalize("NFC"), at: instant, laterAt };
  };
  const placeOf = (row: RowInHand): Place | null => {
    if (passes(row)) return null;
    const [key, instant] = [keyReader.read(row), anyTime.read(row, later)];
    return typeof key !== "string" || key === "" || typeof instant !== "number"
      ? null
      : { key: key.normalize("NFC"), at: instant, laterAt: instant };
  };
  return { bind, read, placeOf };
}

type Place = Pick<Member, "key" | "at" | "laterAt">;

function tapGrouping(profile: Profile, pairing: NonNullable<Profile["pairing"]>): Grouping {
  const { kind, entry, maxSeconds } = pairing;
  const words = new Map<string, TapKind>([
    ...kind.entry.map((word) => [word, TAP.entry] as const),
    ...kind.exit.map((word) => [word, TAP.exit] as const),
    ...kind.single.map((word) => [word, TAP.single] as const),
  ]);
  const fields = Object.keys(entry);
  const none = fields.map(() => "");
  let entryAt: number[] = [];
  const refusalOf = (code: ConstructorParameters<typeof Refusal>[0]): Refusal =>
    new Refusal(code, String(kind.column));
  return {
    given: { name: "entry", fields },
    compile(columns, exchangeDates) {
      const { bind, read } = rowReader(profile, pairing.by, pairing.at, columns, exchangeDates);
      entryAt = Object.values(entry).map((column) => columns.indexOf(column));
      const { fromRow: mapId } = recordIdMapper(profile, bind);
      const kindReader = bind(kind.column);
      const unknown = new Refusal("scenario.unknown", kindReader.label);
      const row: RowInHand = { fields: [], joined: [] };
      return (values) => {
        row.fields = values;
        const common = read(row);
        if (common instanceof Refusal) return common;
        const word = kindReader.read(row);
        if (typeof word !== "string") return word;
        const tapKind = words.get(word.normalize("NFC"));
        if (tapKind === undefined) return unknown;
        const id = mapId(row);
        return id instanceof Refusal ? id : { ...common, id, kind: tapKind };
      };
    },
    resolve(items) {
      return pairTaps(
        items.map((item) => ({ ...item, kind: item.kind as TapKind })),
        maxSeconds,
      ).map((group): Grouped => {
        if ("refused" in group) return { act: false, rows: [group.refused], refusal: refusalOf(group.code) };
        if ("single" in group)
          return { act: true, carrier: group.single, parts: [], given: none, tap: "single" };
        if ("exitOnly" in group) {
          if (pairing.exitWithoutEntry === "fare")
            return { act: true, carrier: group.exitOnly, parts: [], given: none, tap: "exit-only" };
          return { act: false, rows: [group.exitOnly], refusal: refusalOf("pair.exit-without-entry") };
        }
        const { entry: first, exit } = group.ride;
        return {
          act: true,
          carrier: exit,
          parts: [first],
          given: entryAt.map((at) => first.fields[at]?.trim() ?? ""),
          tap: "ride",
        };
      });
    },
  };
}

function meterGrouping(profile: Profile, readings: NonNullable<Profile["readings"]>): Grouping {
  const { meter, at, value, everySeconds, period } = readings;
  const zone = zoneOf(profile.time.zone ?? "UTC");
  const shift = at.marks === "end" ? everySeconds : 0;
  // A day is taken off on the clock, as it may have 23 or 25 hours.
  const [byClock, bySeconds] = everySeconds === SECONDS_PER_DAY ? [-shift, 0] : [0, shift];
  const label = labelOfValue(value);
  const member = ({ key, at: from, laterAt }: Place, kind: number): Member => ({
    key,
    at: from - bySeconds,
    laterAt: laterAt - bySeconds,
    id: "",
    kind,
  });
  const gaps = new Refusal("baseline.gaps", label);
  return {
    given: { name: "period", fields: PERIOD_FIELDS },
    compile(columns, exchangeDates) {
      const { bind, read, placeOf } = rowReader(profile, meter, at, columns, exchangeDates, byClock);
      const number = numberBind(profile, bind);
      const readers = listedColumns("columns" in value ? value.columns : [value.column], columns).map(number);
      const amount = amountReader(readers, value.unit, label);
      const row: RowInHand = { fields: [], joined: [] };
      return (values) => {
        row.fields = values;
        const place = read(row);
        const micro = place instanceof Refusal ? place : amount(row);
        if (!(place instanceof Refusal || micro instanceof Refusal)) return member(place, micro);
        const refusal = place instanceof Refusal ? place : (micro as Refusal);
        const known = placeOf(row);
        return known === null ? refusal : { refusal, member: member(known, VOID) };
      };
    },
    resolve(items) {
      const given = inOrderOfRows(items.filter(({ kind }) => kind !== VOID));
      const voids = items.filter(({ kind }) => kind === VOID);
      const { periods, refused } = comparePeriods(given, { zone, everySeconds, period }, voids);
      const out: Grouped[] = refused.map(({ refused: item, code }) => ({
        act: false,
        rows: [item],
        refusal: new Refusal(code, label),
      }));
      for (const {
        period: { name, start, end },
        readings: rows,
        intervals,
        used,
        earlier,
        void: isVoid,
      } of periods) {
        const carrier = rows.at(-1);
        if (!carrier) continue;
        if (rows.length < intervals || isVoid) {
          out.push({ act: false, rows, refusal: gaps });
          continue;
        }
        const before = earlier === null ? "" : formatDecimal(earlier, MICRO_PLACES);
        const fields = [
          `${carrier.key}|${name}`,
          name,
          utcText(start),
          utcText(end),
          formatDecimal(used, MICRO_PLACES),
          before,
        ];
        out.push({ act: true, carrier, parts: rows.slice(0, -1), given: fields, tap: undefined });
      }
      return out;
    },
  };
}

/** Stands for the amount of a reading that was refused; amounts are above zero. */
const VOID = -1;

/**
 * The readings of one meter, of which those in the hour that the clock showed twice are taken for the earlier
 * one as long as time goes on by that.
 */
function inOrderOfRows(items: readonly GroupItem[]): (GroupItem & { readonly micro: number })[] {
  let last = Number.NEGATIVE_INFINITY;
  return items.map((item) => {
    last = item.at <= last ? item.laterAt : item.at;
    return { ...item, at: last, micro: item.kind };
  });
}

type Value = NonNullable<Profile["readings"]>["value"];

function labelOfValue(value: Value): string {
  if ("column" in value) return labelOf(value.column);
  if (Array.isArray(value.columns)) return value.columns.map(labelOf).join(" + ");
  return `${labelOf(value.columns.first)} to ${labelOf(value.columns.last)}`;
}

/** What the readings of one row come to, in millionths of a kWh: each must be there and above zero. */
function amountReader(
  readers: readonly FieldReader[],
  unit: string,
  label: string,
): (row: RowInHand) => number | Refusal {
  const parse = quantityReader(unit, "kWh");
  const missing = new Refusal("field.missing", label);
  const zero = new Refusal("reading.zero", label);
  const problems = {
    malformed: new Refusal("quantity.malformed", label),
    negative: new Refusal("quantity.negative", label),
    "too-large": new Refusal("quantity.too-large", label),
  };
  return (row) => {
    let sum = 0;
    for (const reader of readers) {
      const text = reader.read(row);
      if (typeof text !== "string") return text;
      if (text === "") return missing;
      const micro = parse(text);
      if (typeof micro !== "number") return problems[micro];
      if (micro === 0) return zero;
      sum += micro;
    }
    return sum > Number.MAX_SAFE_INTEGER ? problems["too-large"] : sum;
  };
}
