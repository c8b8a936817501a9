import { providerId } from "../../base/lib/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { recordIdOf, type Act, type City, type Feed, type Flaw } from "./feed.ts";

/** A ride between two stations; `amount` is the great-circle distance in metres. */
export interface MetroRide extends Act {
  readonly from: number;
  readonly to: number;
}

/**
 * Columns of a row, in order: id, phone, station and time of entry, station and time of exit, kind of ticket.
 */
type Columns = readonly string[];
const [ENTRY_STATION, ENTRY_TIME, EXIT_STATION, EXIT_TIME, TICKET] = [2, 3, 4, 5, 6] as const;

/** Metres a second, stops included. Invented. */
const PACE = 10;

const line = (columns: Columns): string => columns.join(",");
const FLAWS: readonly Flaw<Columns>[] = [
  { code: "lookup.missing", perMille: 2, spoil: (columns) => line(columns.with(EXIT_STATION, "车辆段")) },
  {
    code: "time.end-before-start",
    perMille: 1,
    spoil: (columns) =>
      line(
        columns.with(ENTRY_TIME, columns[EXIT_TIME] as string).with(EXIT_TIME, columns[ENTRY_TIME] as string),
      ),
  },
  {
    code: "quantity.zero",
    perMille: 2,
    spoil: (columns) => line(columns.with(EXIT_STATION, columns[ENTRY_STATION] as string)),
  },
  { code: "filter.excluded", perMille: 2, spoil: (columns) => line(columns.with(TICKET, "员工票")) },
  {
    code: "time.malformed",
    perMille: 1,
    spoil: (columns) => line(columns.with(ENTRY_TIME, "0000-00-00 00:00:00")),
  },
  { code: "row.columns", perMille: 1, spoil: (columns) => line(columns.slice(0, TICKET)) },
  {
    code: "time.future",
    perMille: 1,
    spoil: (columns) => line(columns.with(EXIT_TIME, "2999-12-31 23:59:59")),
  },
];

/**
 * Metro: GBK, Chinese column names, gzip; rides as taps at two stations, whose distance comes from the lookup
 * file.
 */
export function metroFeed({ clock, people, stations }: City): Feed<MetroRide, Columns> {
  const timeOf = (instant: UnixSeconds): string => `${clock.dateOf(instant)} ${clock.timeOf(instant)}`;
  // Some gates write 站 (station) behind the name.
  const gateName = (station: number, row: number): string =>
    `${stations.nameOf(station)}${row % 3 === 0 ? "站" : ""}`;
  return {
    provider: providerId("demo-metro"),
    file: "metro.csv.gz",
    format: "CSV in GBK with Chinese column names, gzip; distance between stations from a lookup file",
    encoding: "gbk",
    gzip: true,
    opening: "流水号,手机号,进站,进站时间,出站,出站时间,票种\n",
    stream: 1,
    phase: 0,
    repeats: { replay: 4, sameContent: 3, aggregated: 0 },
    flaws: FLAWS,
    draw(base, chance) {
      const from = chance.between(0, stations.count - 1);
      let to = chance.between(0, stations.count - 1);
      let amount = stations.metresDown(from, to);
      while (amount === null) {
        to = (to + 1) % stations.count;
        amount = stations.metresDown(from, to);
      }
      const seconds = Math.floor(amount / PACE) + chance.between(120, 420);
      return { ...base, from, to, amount, endedAt: (base.startedAt + seconds) as UnixSeconds };
    },
    parts: ({ row, person, startedAt, endedAt, from, to }) => [
      recordIdOf("M", clock.date, row),
      people.identifierOf(person),
      gateName(from, row),
      timeOf(startedAt),
      gateName(to, row + 1),
      timeOf(endedAt),
      "单程",
    ],
    line,
    // 78.4 g a kilometre are 784 mg every ten metres.
    milligramsDown: ({ amount }) => Math.floor((amount * 784) / 10),
  };
}
