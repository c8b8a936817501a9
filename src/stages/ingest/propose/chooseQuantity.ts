import type { Profile } from "../schema/profileSchema.ts";
import type { ColumnFacts } from "./columnFacts.ts";
import { DURATION_WORDS } from "./chooseDuration.ts";
import { choosePlaces } from "./choosePlaces.ts";

/** What an act comes to: the section `quantity` without its `as`, which the scenario decides. */
export interface ChosenQuantity {
  /** The columns that are used for it. */
  readonly columns: readonly string[];
  readonly section: Readonly<Record<string, unknown>>;
  readonly as: "km" | "kWh" | "passenger-km";
  readonly numbers: Profile["numbers"];
}

/** Units in column names. The first that fits counts. */
const QUANTITIES: readonly {
  readonly words: RegExp;
  readonly unit: string;
  readonly as: ChosenQuantity["as"];
}[] = [
  { words: /kwh|电量|充电量|度数|energy|[ée]nergie|energ[íi]a|consum|verbrauch|wh$/, unit: "kWh", as: "kWh" },
  { words: /passenger.?km|客公里/, unit: "passenger-km", as: "passenger-km" },
  { words: /(?:^|[_\W])km(?:$|[_\W])|kilomet|[kq]u?il[oóôò]m[eéè]t|公里|里程|km$/, unit: "km", as: "km" },
  { words: /mile/, unit: "mi", as: "km" },
  {
    words: /m[eè]t(?:er|re)s?(?:$|[_\W])|(?:^|[_\W])(?:m|metros)(?:$|[_\W])|dist|米|strecke|entfernung/,
    unit: "m",
    as: "km",
  },
];
const WATT_HOURS = /(?:^|[^k])wh(?:$|[_\W])/;
/** A meter that only counts up: the act is the difference of two of its readings. */
const COUNTER = /meter|odo|counter|z[äa]hler|表|reading|register/;
const FIRST = /start|begin|first|initial|开始|起|before/;
const LAST = /end|stop|final|last|结束|止|after/;

export function chooseQuantity(facts: readonly ColumnFacts[], doubts: string[]): ChosenQuantity | null {
  const numeric = facts.filter((column) => column.spelling !== null && column.times.length === 0);
  const difference = chooseDifference(numeric, doubts);
  if (difference) return difference;
  for (const { words, unit, as } of QUANTITIES) {
    const found = numeric.find(
      ({ name }) => words.test(name.toLowerCase()) && !DURATION_WORDS.test(name.toLowerCase()),
    );
    if (found) return ofColumn(found, unit, as, doubts);
  }
  const worded = numeric.find(({ spelling }) => spelling?.units);
  if (worded)
    return ofColumn(worded, "", ofUnit(Object.values(worded.spelling?.units ?? {})[0] ?? "km"), doubts);
  const places = choosePlaces(facts);
  if (places) {
    doubts.push(
      "No column holds a distance; the great circle between the places of start and end is taken, " +
        "which is less than was travelled.",
    );
    return { columns: places.columns, section: { greatCircle: places.section }, as: "km", numbers: null };
  }
  doubts.push(
    "No column looks like a distance or an energy, so each row counts as one trip. Say under quantity " +
      "where the number stands.",
  );
  return null;
}

function ofColumn(
  found: ColumnFacts,
  unit: string,
  as: ChosenQuantity["as"],
  doubts: string[],
): ChosenQuantity {
  const { name, spelling } = found;
  const numbers = spelling?.numbers ?? null;
  if (spelling?.ambiguous)
    doubts.push(
      `In ${quoted(name)} a comma could stand before a fraction or between thousands: the decimal mark ` +
        `${quoted(numbers?.decimal ?? ".")} is a guess.`,
    );
  else if (numbers)
    doubts.push(
      `The numbers of ${quoted(name)} are read with ${quoted(numbers.decimal)} as decimal mark; ` +
        "numbers says so for all columns.",
    );
  if (spelling?.units) {
    return {
      columns: [name],
      section: { column: name, units: spelling.units },
      as: ofUnit(Object.values(spelling.units)[0] ?? unit),
      numbers,
    };
  }
  const wattHours = as === "kWh" && WATT_HOURS.test(name.toLowerCase());
  const [inFile, named] = [
    wattHours ? "Wh" : unit,
    wattHours || name.toLowerCase().includes(unit.toLowerCase()),
  ];
  if (!named) doubts.push(`The unit of ${quoted(name)} is a guess: ${inFile}.`);
  return { columns: [name], section: { column: name, unit: inFile }, as, numbers };
}

/** Two columns with a counter's readings of which the later is never below the earlier. */
function chooseDifference(numeric: readonly ColumnFacts[], doubts: string[]): ChosenQuantity | null {
  const counters = numeric.filter(
    ({ name, spelling }) => COUNTER.test(name.toLowerCase()) && !spelling?.units,
  );
  const from = counters.find(({ name }) => FIRST.test(name.toLowerCase()));
  const to = counters.find((column) => column !== from && LAST.test(column.name.toLowerCase()));
  if (!from || !to) return null;
  const names = `${from.name} ${to.name}`.toLowerCase();
  const isDistance = /odo|km|mile|里程/.test(names);
  const unit = isDistance ? (/mile/.test(names) ? "mi" : "km") : WATT_HOURS.test(names) ? "Wh" : "kWh";
  if (!names.includes(unit.toLowerCase()))
    doubts.push(`The unit of ${quoted(from.name)} and ${quoted(to.name)} is a guess: ${unit}.`);
  doubts.push(`${quoted(to.name)} less ${quoted(from.name)} is taken for the quantity.`);
  const section = { sum: { plus: [to.name], minus: [from.name] }, unit };
  return {
    columns: [from.name, to.name],
    section,
    as: isDistance ? "km" : "kWh",
    numbers: to.spelling?.numbers ?? null,
  };
}

function ofUnit(unit: string): ChosenQuantity["as"] {
  return unit.toLowerCase().endsWith("wh") ? "kWh" : "km";
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
