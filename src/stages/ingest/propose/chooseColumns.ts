import { SCENARIO_CLASSES } from "../../../format/batch/classes/scenarioClasses.ts";
import { chooseDuration } from "./chooseDuration.ts";
import { chooseQuantity, type ChosenQuantity } from "./chooseQuantity.ts";
import { isAmbiguous, readTime, type ColumnFacts } from "./columnFacts.ts";

const oneOf = (...words: readonly string[]): RegExp => new RegExp(words.join("|"));

/**
 * Words by which columns are known, in the languages of the files that came our way. Compared in small
 * letters.
 */
const WORDS = {
  start: oneOf(
    String.raw`start|begin|began|from.?time|connection|arriv|depart.?time|entry|pick.?up|d[ée]but`,
    String.raw`inicio|in[íi]cio|comienz|sub(?:e|ida)(?:$|\W)|mont[ée]e|abfahrt|einstieg|anfang`,
    String.raw`开始|进站|起始|借车|上车|交易时间|deal_date|reading|datetime|timestamp|^time$|^date$|日期|时间`,
    String.raw`(?<!des)embarque|fecha|datum|^data$|^heure|^hora|uhrzeit`,
  ),
  strongStart: oneOf(
    String.raw`start|begin|connection|arriv|d[ée]but|开始|进站|起始|借车|上车`,
    String.raw`inicio|in[íi]cio|comienz|sub(?:e|ida)(?:$|\W)|mont[ée]e|abfahrt|einstieg|anfang`,
    String.raw`(?<!des)embarque`,
  ),
  end: oneOf(
    String.raw`end|stop|finish|disconnect|departure|drop.?off|until|(?:^|\W)fin(?:\W|$)|return`,
    String.raw`(?:^|\W)baja(?:da)?(?:\W|$)|llegada|t[ée]rmino|(?:^|\W)final|(?:^|\W)fim(?:\W|$)`,
    String.raw`descida|chegada|desembarque|descente|ankunft|ausstieg|结束|出站|还车|下车|完成`,
  ),
  id: oneOf(
    String.raw`(?:^|[_\W])(?:id|no|number|nr|key|uuid|trip|session|order|event)(?:$|[_\W])|id$`,
    String.raw`(?:^|[_\W])(?:viaje|viagem|trajet|fahrt|folio|n[úu]mero|num[ée]ro|nummer)(?:$|[_\W])`,
    String.raw`(?:^|[_\W])(?:sesi[óo]n|sess[ãa]o|pedido|commande|bestellung|buchung)(?:$|[_\W])`,
    String.raw`编号|流水|单号|订单`,
  ),
  subject: oneOf(
    String.raw`user|uid|card|customer|badge|member|account|contract|(?:id|rfid).?tag|token|phone`,
    String.raw`usuari|usu[áa]ri|utilisateur|nutzer|tarjeta|cart[ãa]o|(?:^|\W)carte(?:\W|$)`,
    String.raw`karte|client|kunde|pasajer|passag|fahrgast`,
    String.raw`abonn|tel[ée]fon|cuenta|konto|(?:^|\W)(?:compte|conta)(?:\W|$)`,
    String.raw`mobile|rider|holder|subject|手机|卡号|用户|会员|账号`,
  ),
} as const;

/** A day of two-hour readings has so many. */
const MIN_SIDE_BY_SIDE = 12;

/** Which columns a profile may be made of, and what speaks against the choice. */
export interface ChosenColumns {
  readonly id: readonly string[];
  readonly subject: string | null;
  readonly start: readonly string[];
  readonly end: readonly string[] | null;
  readonly duration: { readonly column: string; readonly unit: string } | null;
  readonly timeFormat: string;
  /** The times carry offsets, or are counts of seconds. */
  readonly absolute: boolean;
  readonly quantity: ChosenQuantity | null;
  readonly scenario: string;
  readonly doubts: readonly string[];
}

/** @param hint texts that may name the scenario: the file's name, what the user said */
export function chooseColumns(facts: readonly ColumnFacts[], rows: number, hint: string): ChosenColumns {
  const doubts: string[] = [];
  const time = chooseTimes(facts, doubts);
  const used = new Set([...time.start, ...(time.end ?? [])]);
  const free = facts.filter(({ name }) => !used.has(name));
  const quantity = chooseQuantity(free, doubts);
  const others = free.filter(({ name }) => quantity?.columns.includes(name) !== true);
  const duration = time.end ? null : chooseDuration(others, doubts);
  if (!time.end && duration === null)
    doubts.push("No column looks like an end or a duration, so speed and duration can't be checked.");
  const id = chooseId(others, time.start, rows, doubts);
  const subject =
    others.find((column) => isSubject(column) && !(id.length === 1 && id[0] === column.name))?.name ?? null;
  if (subject === null)
    doubts.push(
      "No column looks like a person's account; acts without a subject can't be compared across platforms.",
    );
  else
    doubts.push(
      `${quoted(subject)} is taken for the person's account in this network alone; say scope: ` +
        "deployment where all platforms use it.",
    );
  hintAtSections(facts, quantity, time.end, doubts);
  return {
    id,
    subject,
    ...time,
    duration,
    quantity,
    scenario: chooseScenario(
      quantity,
      time.end !== null || duration !== null,
      `${hint} ${facts.map(({ name }) => name).join(" ")}`,
      doubts,
    ),
    doubts,
  };
}

function chooseTimes(
  facts: readonly ColumnFacts[],
  doubts: string[],
): Pick<ChosenColumns, "start" | "end" | "timeFormat" | "absolute"> {
  const points = timePoints(facts);
  const first =
    points.find(({ columns }) => WORDS.strongStart.test(columns.join(" ").toLowerCase())) ??
    points.find(({ columns }) => WORDS.start.test(columns.join(" ").toLowerCase())) ??
    points[0];
  if (!first) {
    const [column] = facts;
    doubts.push("No column looks like a time; name it under start and say its format under time.");
    return { start: [column?.name ?? "start"], end: null, timeFormat: "iso", absolute: false };
  }
  const [format = "iso"] = first.formats;
  const others = points.filter(
    (point) => point !== first && point.formats.includes(format) && follows(first, point, format),
  );
  const named = others.find(({ columns }) => WORDS.end.test(columns.join(" ").toLowerCase()));
  const end = named ?? others[0] ?? null;
  if (!named && end)
    doubts.push(
      `${end.columns.map(quoted).join(" and ")} is taken for the end, as it never lies before the start.`,
    );
  const formats = end ? first.formats.filter((one) => end.formats.includes(one)) : first.formats;
  const [chosen = format] = formats;
  if (isAmbiguous(chosen, formats))
    doubts.push(
      `In the sample day and month could stand in either order: ${quoted(chosen)} is a guess, as the ` +
        "rows are more in order so.",
    );
  if (/[yMd]$|T00:00:00'$/.test(chosen))
    doubts.push("The times are dates alone; every act begins at midnight.");
  return {
    start: first.columns,
    end: end?.columns ?? null,
    timeFormat: chosen,
    absolute: first.absolute && end?.absolute !== false,
  };
}

/** Whether the one time, where both are there, almost never lies before the other. */
function follows(start: TimePoint, end: TimePoint, format: string): boolean {
  let [both, before] = [0, 0];
  for (let row = 0; row < start.rows.length; row++) {
    const from = readTime(format, start.rows[row] ?? "");
    const to = readTime(format, end.rows[row] ?? "");
    if (from === null || to === null) continue;
    both++;
    if (to < from) before++;
  }
  return both > 0 && before * 20 <= both;
}

interface TimePoint {
  /** The texts as a profile would join them. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly formats: readonly string[];
  readonly absolute: boolean;
}

/**
 * Columns that hold whole points in time, and neighbours of which one holds a date and the next ones times of
 * day.
 */
function timePoints(facts: readonly ColumnFacts[]): TimePoint[] {
  return facts.flatMap((column, index): TimePoint[] => {
    if (column.times.length > 0)
      return [
        { columns: [column.name], rows: column.values, formats: column.times, absolute: column.absolute },
      ];
    if (column.dates.length === 0) return [];
    const clocks: ColumnFacts[] = [];
    for (let at = index + 1; facts[at] !== undefined && facts[at]?.clock !== null; at++)
      clocks.push(facts[at] as ColumnFacts);
    if (clocks.length === 0)
      return [{ columns: [column.name], rows: column.values, formats: column.dates, absolute: false }];
    // Boarding and alighting may stand beside one date.
    return clocks.map(({ name, clock, values }) => ({
      columns: [column.name, name],
      rows: column.values.map((value, row) => `${value} ${values[row] ?? ""}`),
      formats: column.dates.map((date) => `${date} ${clock ?? ""}`),
      absolute: false,
    }));
  });
}

function chooseId(
  facts: readonly ColumnFacts[],
  start: readonly string[],
  rows: number,
  doubts: string[],
): string[] {
  const known = (column: ColumnFacts): boolean => WORDS.id.test(column.name.toLowerCase());
  const unique = facts.filter((column) => column.unique && column.times.length === 0);
  const named =
    unique.find((column) => known(column)) ??
    (rows > 20 ? unique.find(({ numeric }) => !numeric) : undefined);
  if (named) {
    if (!known(named))
      doubts.push(`${quoted(named.name)} is taken for the record's id, as its values differ in the sample.`);
    return [named.name];
  }
  const parts = [...facts]
    .filter(known)
    .toSorted((a, b) => Number(isSubject(a)) - Number(isSubject(b)) || b.distinct - a.distinct);
  const columns = [...parts.slice(0, 2).map(({ name }) => name), ...start];
  doubts.push(
    `No column names each record by itself; its id is made of ${columns.map(quoted).join(" and ")}. ` +
      "Rows that agree in all of these are one act, as of two riders who board in one minute.",
  );
  return columns;
}

/** A person's account: named so, and with more than a few values. */
function isSubject({ name, distinct, values }: ColumnFacts): boolean {
  const word = name.toLowerCase();
  return WORDS.subject.test(word) && !/type|nom |name/.test(word) && (distinct > 5 || values.length < 20);
}

/** Points at sections that a file like this may need and that are not proposed. */
function hintAtSections(
  facts: readonly ColumnFacts[],
  quantity: ChosenQuantity | null,
  end: readonly string[] | null,
  doubts: string[],
): void {
  if (!quantity && facts.some(({ name }) => /station|站/.test(name.toLowerCase()))) {
    doubts.push(
      "Stations are named and no distance is: two joins with a list of stations give a great circle " +
        "(docs/profiles.md, joins).",
    );
  }
  if (
    facts.some(
      ({ values, distinct }) =>
        distinct < 20 &&
        values.some((value) => /[进入出]站|^(?:tap|check|gate)?.?(?:in|out|entry|exit)$/i.test(value)),
    )
  ) {
    doubts.push(
      "The rows look like taps at gates: the section pairing makes rides of them (docs/profiles.md, " +
        "pairing).",
    );
  }
  if (sideBySide(facts) >= MIN_SIDE_BY_SIDE) {
    doubts.push(
      `${String(sideBySide(facts))} columns hold numbers under hours or a count: if a row is a day's ` +
        "readings, the section readings takes them as value.columns (docs/profiles.md, readings).",
    );
  } else if (quantity?.as === "kWh" && !end)
    doubts.push(
      "If these are a meter's readings, the section readings compares them with a baseline " +
        "(docs/profiles.md, readings).",
    );
}

/** Columns of numbers whose names are hours (`07:30`) or end in a count (`v48`). */
function sideBySide(facts: readonly ColumnFacts[]): number {
  return facts.filter(
    ({ name, spelling }) => spelling !== null && /(?:^|\D)\d{1,3}(?::\d{2})?$/.test(name.trim()),
  ).length;
}

/**
 * A scenario of the quantity's unit whose words the hint has; else the first of the unit, with a doubt. A
 * session with an end is no meter's reading.
 */
function chooseScenario(
  quantity: ChosenQuantity | null,
  isSession: boolean,
  hint: string,
  doubts: string[],
): string {
  const hints: readonly (readonly [string, RegExp])[] = [
    ["bike", /bike|bicycle|cycle|bicicl|v[ée]lo(?:$|\W)|fahrrad|单车|自行车/],
    ["metro", /metro|subway|rail|m[ée]tro|u-bahn|地铁/],
    ["bus", /bus|公交|巴士/],
    ["ev-charging", /charg|recarga|ladung|(?:^|[_\W])ev[_\W]|充电|connector/],
    [
      "electricity-saving",
      isSession ? /electricity.?sav|用电/ : /electric|el[ée]ctric|z[äa]hler|medidor|meter|supply|power|用电/,
    ],
    ["carpool", /carpool|拼车/],
  ];
  const unit = quantity?.as ?? "trip";
  const classes = SCENARIO_CLASSES.filter(
    (one) => one.unit === unit || (unit === "km" && one.unit === "passenger-km"),
  );
  const fitting = hints.find(
    ([name, words]) => classes.some((one) => one.name === name) && words.test(hint.toLowerCase()),
  );
  if (fitting) return fitting[0];
  const [fallback = "bus"] =
    unit === "km" ? ["bike"] : unit === "kWh" ? ["ev-charging"] : classes.map(({ name }) => name);
  doubts.push(`The scenario is a guess: ${fallback}.`);
  return fallback;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
