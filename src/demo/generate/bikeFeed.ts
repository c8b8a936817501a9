import { providerId } from "../../base/lib/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { recordIdOf, type Act, type City, type Feed, type Flaw } from "./feed.ts";

/** A ride on a shared bicycle; `amount` is its way in metres. */
export interface BikeRide extends Act {
  readonly bike: number;
}

/** Columns of a row, in order: order, phone, bike, start and end in milliseconds, metres. */
type Columns = readonly string[];
const [BIKE, START, END, METRES] = [2, 3, 4, 5] as const;

const line = (columns: Columns): string => columns.join("\t");
const FLAWS: readonly Flaw<Columns>[] = [
  // A bicycle on a lorry.
  { code: "rule.too-fast", perMille: 4, spoil: (columns) => line(columns.with(METRES, "54321")) },
  { code: "quantity.malformed", perMille: 2, spoil: (columns) => line(columns.with(METRES, "1,2e")) },
  {
    code: "rule.too-short",
    perMille: 2,
    spoil: (columns) => line(columns.with(END, String(Number(columns[START]) + 9_000))),
  },
  // What a spreadsheet makes of it.
  { code: "time.malformed", perMille: 1, spoil: (columns) => line(columns.with(START, "1.75E+12")) },
  { code: "row.nul", perMille: 1, spoil: (columns) => line(columns.with(BIKE, "\0\0\0\0")) },
  // Always one only: it has more characters than ingest takes for a row.
  { code: "row.too-long", perMille: 0, spoil: (columns) => line(columns.with(BIKE, "9".repeat(70_000))) },
];

/** Shared bicycles: tab-separated without a header, milliseconds since 1970, metres. */
export function bikeFeed({ clock, people }: City): Feed<BikeRide, Columns> {
  return {
    provider: providerId("demo-bike"),
    file: "bike.tsv",
    format: "tab-separated without header; milliseconds since 1970, metres",
    encoding: "utf-8",
    gzip: false,
    opening: "",
    stream: 3,
    phase: 0.25,
    repeats: { replay: 4, sameContent: 3, aggregated: 0 },
    flaws: FLAWS,
    draw(base, chance) {
      const amount = chance.between(400, 6_000);
      const decimetresASecond = chance.between(20, 50);
      const seconds = Math.ceil((amount * 10) / decimetresASecond);
      return {
        ...base,
        amount,
        bike: chance.between(1, 900_000),
        endedAt: (base.startedAt + seconds) as UnixSeconds,
      };
    },
    parts: ({ row, person, startedAt, endedAt, bike, amount }) => [
      recordIdOf("R", clock.date, row),
      people.identifierOf(person),
      String(bike),
      String(startedAt * 1000 + ((row * 37) % 1000)),
      String(endedAt * 1000 + ((row * 53) % 1000)),
      String(amount),
    ],
    line,
    // 93.3 g a kilometre are 933 mg every ten metres.
    milligramsDown: ({ amount }) => Math.floor((amount * 933) / 10),
  };
}
