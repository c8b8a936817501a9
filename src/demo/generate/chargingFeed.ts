import { providerId } from "../../base/lib/ids.ts";
import { SECONDS_PER_HOUR } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { recordIdOf, type Act, type City, type Feed, type Flaw } from "./feed.ts";

/** A charging session; `amount` is its energy in watt-hours. */
export interface ChargingSession extends Act {
  readonly pile: number;
}

/** Columns of a row, in order: session, phone, pile, start date and time, end date and time, watt-hours. */
type Columns = readonly string[];
const [PILE, START_DATE, END_TIME, ENERGY] = [2, 3, 6, 7] as const;

/** Watts of a pile. */
const POWER = 7_000;

const line = (columns: Columns): string => columns.join(";");
const FLAWS: readonly Flaw<Columns>[] = [
  {
    code: "quantity.negative",
    perMille: 3,
    spoil: (columns) => line(columns.with(ENERGY, `-${columns[ENERGY] as string}`)),
  },
  { code: "quantity.zero", perMille: 5, spoil: (columns) => line(columns.with(ENERGY, "0")) },
  // 1,430 kWh, as a real file had it.
  { code: "quantity.too-large", perMille: 2, spoil: (columns) => line(columns.with(ENERGY, "1430000")) },
  { code: "time.end-missing", perMille: 3, spoil: (columns) => line(columns.with(END_TIME, "")) },
  // The pile's clock was set back by a power cut.
  {
    code: "time.out-of-range",
    perMille: 2,
    spoil: (columns) => line(columns.with(START_DATE, "01.01.2000")),
  },
  { code: "field.missing", perMille: 2, spoil: (columns) => line(columns.with(ENERGY, "")) },
  // A quote that is never closed: it costs this row and no other.
  {
    code: "row.malformed",
    perMille: 1,
    spoil: (columns) => line(columns.with(PILE, `"${columns[PILE] as string}`)),
  },
];

/** Charging: semicolons, UTF-8 with a byte order mark, date and time in columns of their own, watt-hours. */
export function chargingFeed({ clock, people }: City): Feed<ChargingSession, Columns> {
  const dateOf = (instant: UnixSeconds): string => clock.dateOf(instant).split("-").toReversed().join(".");
  return {
    provider: providerId("demo-charging"),
    file: "charging.csv",
    format: "semicolon-separated CSV with byte order mark; dates and times in separate columns, watt-hours",
    encoding: "utf-8",
    gzip: false,
    opening: "\u{FEFF}Session;Phone;Pile;Start date;Start time;End date;End time;Energy (Wh)\n",
    stream: 4,
    phase: 0.75,
    repeats: { replay: 4, sameContent: 3, aggregated: 5 },
    flaws: FLAWS,
    draw(base, chance) {
      const amount = chance.between(3_000, 55_000);
      const seconds = Math.ceil((amount * SECONDS_PER_HOUR) / POWER);
      return {
        ...base,
        amount,
        pile: chance.between(1, 4_000),
        endedAt: (base.startedAt + seconds) as UnixSeconds,
      };
    },
    parts: ({ row, person, startedAt, endedAt, pile, amount }) => [
      recordIdOf("C", clock.date, row),
      people.identifierOf(person),
      `P-${String(pile).padStart(4, "0")}`,
      dateOf(startedAt),
      clock.timeOf(startedAt),
      dateOf(endedAt),
      clock.timeOf(endedAt),
      String(amount),
    ],
    line,
    // 409.4 g a kilowatt-hour are 4,094 mg every ten watt-hours.
    milligramsDown: ({ amount }) => Math.floor((amount * 4_094) / 10),
  };
}
