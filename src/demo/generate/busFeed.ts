import { providerId } from "../../base/lib/ids.ts";
import { MILLISECONDS_PER_DAY } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { recordIdOf, type Act, type City, type Feed, type Flaw } from "./feed.ts";

/** A bus trip; `amount` is 1. */
export interface BusTrip extends Act {
  readonly busLine: number;
}

/** Members of a row. */
interface Members {
  readonly trip: string;
  readonly rider: string;
  readonly line: string;
  readonly boardedAt: string;
  readonly alightedAt: string;
}

const line = (members: object): string => JSON.stringify(members);
const FLAWS: readonly Flaw<Members>[] = [
  { code: "field.missing", perMille: 2, spoil: (members) => line({ ...members, boardedAt: null }) },
  { code: "subject.missing", perMille: 2, spoil: (members) => line({ ...members, rider: "" }) },
  // Cut off, as by a connection that broke.
  { code: "row.malformed", perMille: 1, spoil: (members) => line(members).slice(0, -9) },
  {
    code: "row.repeated-member",
    perMille: 1,
    spoil: (members) => line(members).replace(/\}$/, `,"rider":"00000000000"}`),
  },
  { code: "field.type", perMille: 1, spoil: (members) => line({ ...members, rider: [members.rider] }) },
  // Alighted a day late: the tap-out was forgotten.
  {
    code: "rule.too-long",
    perMille: 1,
    spoil: (members) => line({ ...members, boardedAt: dayEarlier(members.boardedAt) }),
  },
];

/** Buses: newline-delimited JSON, gzip, times with their offset; each record is one trip. */
export function busFeed({ clock, people }: City): Feed<BusTrip, Members> {
  const timeOf = (instant: UnixSeconds): string => `${clock.dateOf(instant)}T${clock.timeOf(instant)}+08:00`;
  return {
    provider: providerId("demo-bus"),
    file: "bus.ndjson.gz",
    format: "newline-delimited JSON, gzip; ISO 8601 times with offset, one trip each",
    encoding: "utf-8",
    gzip: true,
    opening: "",
    stream: 2,
    phase: 0.5,
    repeats: { replay: 4, sameContent: 3, aggregated: 0 },
    flaws: FLAWS,
    draw: (base, chance) => ({
      ...base,
      amount: 1,
      busLine: chance.between(1, 120),
      endedAt: (base.startedAt + chance.between(180, 2_700)) as UnixSeconds,
    }),
    parts: ({ row, person, startedAt, endedAt, busLine }) => ({
      trip: recordIdOf("B", clock.date, row),
      rider: people.identifierOf(person),
      line: String(busLine),
      boardedAt: timeOf(startedAt),
      alightedAt: timeOf(endedAt),
    }),
    line,
    // 212.5 g a trip.
    milligramsDown: () => 212_500,
  };
}

function dayEarlier(iso: string): string {
  const date = new Date(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) - MILLISECONDS_PER_DAY)
    .toISOString()
    .slice(0, 10);
  return date + iso.slice(10);
}
