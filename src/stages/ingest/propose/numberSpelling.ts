import { plainNumber } from "../fields/plainNumber.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { quantityReader } from "../fields/units.ts";

/** How a column writes its numbers. */
export interface NumberSpelling {
  /** Null: plain digits with a point. */
  readonly numbers: Profile["numbers"];
  /** The words behind the numbers, each with its unit; null: there are none. */
  readonly units: Readonly<Record<string, string>> | null;
  /** What is after the comma could be a fraction or thousands. */
  readonly ambiguous: boolean;
}

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?$/;
const WITH_WORD = /^([+-]?[\d.,'’\s]*\d)\s*([^\d\s.,'+-][^\d]{0,14})$/u;
const SPELLINGS: readonly NonNullable<Profile["numbers"]>[] = [
  { decimal: ",", group: null },
  { decimal: ".", group: "," },
  { decimal: ",", group: "." },
  { decimal: ",", group: " " },
  { decimal: ".", group: " " },
  { decimal: ".", group: "'" },
];
/** Words for units, in small letters. */
const UNITS: Readonly<Record<string, string>> = {
  km: "km",
  "km.": "km",
  kms: "km",
  公里: "km",
  千米: "km",
  m: "m",
  米: "m",
  mi: "mi",
  mile: "mi",
  miles: "mi",
  kwh: "kWh",
  "kw·h": "kWh",
  度: "kWh",
  千瓦时: "kWh",
  wh: "Wh",
  mwh: "MWh",
};

/** The spelling that fits all values of a column, or null where they are no numbers. */
export function numberSpelling(values: readonly string[], delimiter: string | null): NumberSpelling | null {
  if (values.length === 0) return null;
  if (values.every((value) => PLAIN.test(value))) return { numbers: null, units: null, ambiguous: false };
  const parts = values.map((value) => WITH_WORD.exec(value));
  const worded = parts.every((part) => part !== null);
  const digits = worded ? parts.map((part) => (part?.[1] ?? "").trim()) : values;
  const units: Record<string, string> = {};
  for (const part of worded ? parts : []) {
    const word = (part?.[2] ?? "").trim();
    const unit = Object.hasOwn(UNITS, word.toLowerCase()) ? UNITS[word.toLowerCase()] : undefined;
    if (unit === undefined) return null;
    units[word] = unit;
  }
  const found = worded ? units : null;
  if (digits.every((text) => PLAIN.test(text))) return { numbers: null, units: found, ambiguous: false };
  const fits = SPELLINGS.filter((spelling) => {
    const plain = plainNumber(spelling);
    const read = quantityReader("km", "km");
    return digits.every((text) => typeof read(plain(text).replace(/^-/, "")) === "number");
  });
  if (fits.length === 0) return null;
  const ambiguous =
    fits.some(({ decimal }) => decimal === ",") && fits.some(({ decimal }) => decimal === ".");
  // A table with semicolons is written where the comma is decimal.
  const wanted = ambiguous && delimiter !== ";" ? "." : (fits[0]?.decimal ?? ",");
  return { numbers: fits.find(({ decimal }) => decimal === wanted) ?? null, units: found, ambiguous };
}
