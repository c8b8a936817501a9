import type { Unit } from "../../../base/types/activityRecord.ts";
import {
  type Bind,
  type ColumnIndex,
  type FieldReader,
  listedColumns,
  type RowInHand,
} from "../fields/columns.ts";
import { greatCircleMetresDown } from "../fields/greatCircle.ts";
import { placeReader } from "./placeReader.ts";
import { numberBind, plainNumber } from "../fields/plainNumber.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { type Quantity, RECORD_UNITS } from "../schema/quantitySchema.ts";
import { Refusal } from "../reasonCodes.ts";
import { quantityReader, quantityReaderUp, type QuantityReader } from "../fields/units.ts";

/** How much, in millionths of `unit`: an integer from 1 to 2^53 - 1. */
export interface MappedQuantity {
  readonly micro: number;
  readonly unit: Unit;
}
type QuantityMapper = (row: RowInHand) => MappedQuantity | Refusal;

const MICRO_KM_PER_METRE = 1000;

interface QuantityOf {
  readonly label: string;
  readonly map: QuantityMapper;
}

/** Quantity of a row, rounded down to a millionth of its unit: never more than the provider says. */
export function quantityMapper(profile: Profile, bind: Bind, columns: ColumnIndex): QuantityOf {
  const { quantity } = profile;
  const once = mapperOf(profile, bind, columns);
  if (!("times" in quantity) || quantity.times === null) return once;
  return { label: once.label, map: timesMapper(once.map, bind(quantity.times)) };
}

function mapperOf({ quantity, numbers }: Profile, bind: Bind, columns: ColumnIndex): QuantityOf {
  const number = numberBind({ numbers }, bind);
  if ("greatCircle" in quantity) return distanceMapper(quantity.greatCircle, quantity.as, bind, number);
  if ("constant" in quantity) return constantMapper(quantity);
  if ("below" in quantity) return savingMapper(quantity, number);
  if ("sum" in quantity) return sumMapper(quantity, number, columns);
  if ("units" in quantity) return unitsMapper(quantity, numbers, bind);
  const reader = number(quantity.column);
  const convert = converter(reader.label);
  if ("unit" in quantity) {
    const { as } = quantity;
    const parse = quantityReader(quantity.unit, as);
    return { label: reader.label, map: (row) => convert(reader.read(row), parse, as) };
  }
  const unitReader = bind(quantity.unitColumn);
  const unknown = new Refusal("unit.unknown", unitReader.label);
  const units = new Map<string, { unit: Unit; parse: QuantityReader }>(
    RECORD_UNITS.map((unit) => [unit, { unit, parse: quantityReader(unit, unit) }]),
  );
  const map: QuantityMapper = (row) => {
    const name = unitReader.read(row);
    if (typeof name !== "string") return name;
    const known = units.get(name);
    return known ? convert(reader.read(row), known.parse, known.unit) : unknown;
  };
  return { label: reader.label, map };
}

function constantMapper({ constant, as }: Extract<Quantity, { constant: unknown }>): QuantityOf {
  const micro = quantityReader(as, as)(constant);
  const mapped =
    typeof micro === "number" && micro > 0 ? { micro, unit: as } : new Refusal("quantity.zero", "quantity");
  return { label: "quantity", map: () => mapped };
}

/** A quantity that counts as often as a column of whole numbers says. */
function timesMapper(map: QuantityMapper, reader: FieldReader): QuantityMapper {
  const missing = new Refusal("field.missing", reader.label);
  const malformed = new Refusal("quantity.malformed", reader.label);
  const zero = new Refusal("quantity.zero", reader.label);
  const tooLarge = new Refusal("quantity.too-large", reader.label);
  return (row) => {
    const text = reader.read(row);
    if (typeof text !== "string") return text;
    if (text === "") return missing;
    if (!/^[0-9]{1,6}(?:\.0{1,6})?$/.test(text)) return malformed;
    const mapped = map(row);
    if (mapped instanceof Refusal) return mapped;
    const micro = mapped.micro * Number(text);
    if (micro === 0) return zero;
    return micro > Number.MAX_SAFE_INTEGER ? tooLarge : { micro, unit: mapped.unit };
  };
}

const LEADING_NUMBER =
  /^([+-]?[0-9\uff10-\uff19.,'\u2019\uff0c\uff0e\s]*(?:[eE][+-]?[0-9]{1,2}(?![0-9A-Za-z]))?)(.*)$/su;

/** A number whose unit stands behind it or in a column of its own, in the provider's words. */
function unitsMapper(
  quantity: Extract<Quantity, { units: unknown }>,
  numbers: Profile["numbers"],
  bind: Bind,
): QuantityOf {
  const reader = bind(quantity.column);
  const unitReader = quantity.unitColumn === null ? null : bind(quantity.unitColumn);
  const units = new Map(
    Object.entries(quantity.units).map(([word, unit]) => [
      word.normalize("NFC"),
      quantityReader(unit, quantity.as),
    ]),
  );
  const convert = converter(reader.label);
  const plain = numbers ? plainNumber(numbers) : (text: string) => text;
  const unknown = new Refusal("unit.unknown", unitReader?.label ?? reader.label);
  const missing = new Refusal("field.missing", reader.label);
  const map: QuantityMapper = (row) => {
    const text = reader.read(row);
    if (typeof text !== "string") return text;
    if (text === "") return missing;
    const [, digits = "", behind = ""] = unitReader ? ["", text, ""] : (LEADING_NUMBER.exec(text) ?? []);
    const word = unitReader ? unitReader.read(row) : behind.trim();
    if (typeof word !== "string") return word;
    const parse = units.get(word.normalize("NFC"));
    return parse ? convert(plain(digits.trim()) || "?", parse, quantity.as) : unknown;
  };
  return { label: reader.label, map };
}

/**
 * Sum of some columns less the sum of others: of each, what is below a millionth is dropped, of those taken
 * off it is rounded up.
 */
function sumMapper(
  { sum, unit: from, as }: Extract<Quantity, { sum: unknown }>,
  bind: Bind,
  columns: ColumnIndex,
): QuantityOf {
  const [parse, parseUp] = [quantityReader(from, as), quantityReaderUp(from, as)];
  const readers = (list: typeof sum.plus): FieldReader[] => listedColumns(list, columns).map(bind);
  const [plus, minus] = [readers(sum.plus), readers(sum.minus)];
  const label = labelOfSum(plus, minus);
  const problems = {
    malformed: new Refusal("quantity.malformed", label),
    negative: new Refusal("quantity.negative", label),
    "too-large": new Refusal("quantity.too-large", label),
  };
  const missing = new Refusal("field.missing", label);
  const zero = new Refusal("quantity.zero", label);
  const map: QuantityMapper = (row) => {
    let [total, filled] = [0, 0];
    for (let i = 0; i < plus.length + minus.length; i++) {
      const text = ((i < plus.length ? plus[i] : minus[i - plus.length]) as FieldReader).read(row);
      if (typeof text !== "string") return text;
      if (text === "") {
        if (sum.empty === "reject") return missing;
        continue;
      }
      filled++;
      const micro = (i < plus.length ? parse : parseUp)(text);
      if (typeof micro !== "number") return problems[micro];
      total += i < plus.length ? micro : -micro;
      if (total > Number.MAX_SAFE_INTEGER) return problems["too-large"];
    }
    if (filled === 0) return missing;
    if (total < 0) return problems.negative;
    return total === 0 ? zero : { micro: total, unit: as };
  };
  return { label, map };
}

function labelOfSum(plus: readonly FieldReader[], minus: readonly FieldReader[]): string {
  const of = (readers: readonly FieldReader[]): string =>
    (readers.length > 4 ? [readers[0], { label: "…" }, readers.at(-1)] : readers)
      .map((reader) => reader?.label ?? "")
      .join(" + ");
  return minus.length === 0 ? of(plus) : `${of(plus)} - ${of(minus)}`;
}

function converter(
  label: string,
): (text: string | Refusal, parse: QuantityReader, unit: Unit) => MappedQuantity | Refusal {
  const missing = new Refusal("field.missing", label);
  const zero = new Refusal("quantity.zero", label);
  const problems = {
    malformed: new Refusal("quantity.malformed", label),
    negative: new Refusal("quantity.negative", label),
    "too-large": new Refusal("quantity.too-large", label),
  };
  return (text, parse, unit) => {
    if (typeof text !== "string") return text;
    if (text === "") return missing;
    const micro = parse(text);
    if (typeof micro !== "number") return problems[micro];
    return micro === 0 ? zero : { micro, unit };
  };
}

/** What use is below its baseline. Equal or above is no saving, and no baseline is none of zero. */
function savingMapper(
  { below, unit: from, as }: Extract<Quantity, { below: unknown }>,
  bind: Bind,
): QuantityOf {
  const baseline = bind(below.baseline);
  const used = bind(below.used);
  const amount = (
    reader: FieldReader,
    parse: QuantityReader,
  ): ((text: string | Refusal) => number | Refusal) => {
    const malformed = new Refusal("quantity.malformed", reader.label);
    const negative = new Refusal("quantity.negative", reader.label);
    return (text) => {
      if (typeof text !== "string") return text;
      const micro = parse(text);
      if (typeof micro === "number") return micro;
      return micro === "negative" ? negative : malformed;
    };
  };
  const [baselineAmount, usedAmount] = [
    amount(baseline, quantityReader(from, as)),
    amount(used, quantityReaderUp(from, as)),
  ];
  const missing = new Refusal("baseline.missing", baseline.label);
  const unread = new Refusal("field.missing", used.label);
  const notBelow = new Refusal("baseline.not-below", used.label);
  const map: QuantityMapper = (row) => {
    const text = baseline.read(row);
    if (text === "") return missing;
    const usedText = used.read(row);
    if (usedText === "") return unread;
    const allowed = baselineAmount(text);
    if (typeof allowed !== "number") return allowed;
    const taken = usedAmount(usedText);
    if (typeof taken !== "number") return taken;
    return taken >= allowed ? notBelow : { micro: allowed - taken, unit: as };
  };
  return { label: `${baseline.label} - ${used.label}`, map };
}

function distanceMapper(
  { from, to }: Extract<Quantity, { greatCircle: unknown }>["greatCircle"],
  unit: Unit,
  bind: Bind,
  number: Bind,
): QuantityOf {
  const places = [placeReader(from, bind, number), placeReader(to, bind, number)] as const;
  const label = places.map((place) => place.label).join(" + ");
  const zero = new Refusal("quantity.zero", label);
  const map: QuantityMapper = (row) => {
    const there = places[0].read(row);
    if (there instanceof Refusal) return there;
    const here = places[1].read(row);
    if (here instanceof Refusal) return here;
    const metres = greatCircleMetresDown(there[0], there[1], here[0], here[1]);
    return metres === 0 ? zero : { micro: metres * MICRO_KM_PER_METRE, unit };
  };
  return { label, map };
}
