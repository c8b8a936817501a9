import type { Unit } from "../../base/types/activityRecord.ts";
import type { FieldReader, RowInHand } from "./columns.ts";
import { greatCircleMetresDown, parseDegrees } from "./greatCircle.ts";
import type { Bind } from "./mapIdentity.ts";
import type { Profile } from "./profileSchema.ts";
import { Refusal } from "./reasonCodes.ts";
import { quantityReader, RECORD_UNITS, type QuantityReader } from "./units.ts";

/** How much, in millionths of `unit`: an integer from 1 to 2^53 - 1. */
export interface MappedQuantity {
  readonly micro: number;
  readonly unit: Unit;
}
type QuantityMapper = (row: RowInHand) => MappedQuantity | Refusal;

const MICRO_KM_PER_METRE = 1000;

/** Quantity of a row, rounded down to a millionth of its unit: never more than the provider says. */
export function quantityMapper({ quantity }: Profile, bind: Bind): { label: string; map: QuantityMapper } {
  if ("greatCircle" in quantity) return distanceMapper(quantity.greatCircle, quantity.as, bind);
  if ("constant" in quantity) {
    const micro = quantityReader(quantity.as, quantity.as)(quantity.constant);
    const mapped = typeof micro === "number" && micro > 0 ? { micro, unit: quantity.as } : new Refusal("quantity.zero", "quantity");
    return { label: "quantity", map: () => mapped };
  }
  if ("below" in quantity) return savingMapper(quantity, bind);
  const reader = bind(quantity.column);
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

function converter(label: string): (text: string | Refusal, parse: QuantityReader, unit: Unit) => MappedQuantity | Refusal {
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
  { below, unit: from, as }: Extract<Profile["quantity"], { below: unknown }>,
  bind: Bind,
): { label: string; map: QuantityMapper } {
  const baseline = bind(below.baseline);
  const used = bind(below.used);
  const parse = quantityReader(from, as);
  const amount = (reader: FieldReader): ((text: string | Refusal) => number | Refusal) => {
    const malformed = new Refusal("quantity.malformed", reader.label);
    const negative = new Refusal("quantity.negative", reader.label);
    return (text) => {
      if (typeof text !== "string") return text;
      const micro = parse(text);
      if (typeof micro === "number") return micro;
      return micro === "negative" ? negative : malformed;
    };
  };
  const [baselineAmount, usedAmount] = [amount(baseline), amount(used)];
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

interface Places {
  readonly from: { readonly latitude: Parameters<Bind>[0]; readonly longitude: Parameters<Bind>[0] };
  readonly to: { readonly latitude: Parameters<Bind>[0]; readonly longitude: Parameters<Bind>[0] };
}

function distanceMapper({ from, to }: Places, unit: Unit, bind: Bind): { label: string; map: QuantityMapper } {
  const readers: readonly FieldReader[] = [from.latitude, from.longitude, to.latitude, to.longitude].map(bind);
  const label = readers.map((reader) => reader.label).join(" + ");
  const zero = new Refusal("quantity.zero", label);
  const malformed = readers.map((reader) => new Refusal("coordinate.malformed", reader.label));
  const map: QuantityMapper = (row) => {
    const degrees: number[] = [];
    for (let i = 0; i < readers.length; i++) {
      const text = (readers[i] as FieldReader).read(row);
      if (typeof text !== "string") return text;
      const value = parseDegrees(text, i % 2 === 0 ? 90 : 180);
      if (value === null) return malformed[i] as Refusal;
      degrees.push(value);
    }
    const [latitudeA, longitudeA, latitudeB, longitudeB] = degrees as [number, number, number, number];
    const metres = greatCircleMetresDown(latitudeA, longitudeA, latitudeB, longitudeB);
    return metres === 0 ? zero : { micro: metres * MICRO_KM_PER_METRE, unit };
  };
  return { label, map };
}
