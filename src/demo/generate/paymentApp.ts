import { providerId } from "../../base/lib/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { chanceOf, type Chance } from "./chanceOf.ts";
import { recordIdOf, type Act, type City, type Feed, type Flaw } from "./feed.ts";
import { planRows, Urn, type PlannedRows } from "./plannedRows.ts";

/**
 * A ride that was paid by phone; it starts on a whole minute. `amount` is tenths of a kilometre in the metro,
 * 1 on the bus.
 */
export interface PaidRide extends Act {
  readonly mode: "metro" | "bus";
}
/** A ride as its carrier reports it, with its distance in metres where it is one in the metro. */
export type CarriedRide = Act & Pick<PaidRide, "mode">;

/**
 * `told-again`: a ride that its carrier reports too. `own`: one that nobody else reports. Number: a spoiled
 * one, by its flaw.
 */
export type PaymentKind = "told-again" | "own" | number;

interface Members {
  readonly trade: { readonly id: string; readonly time: number };
  readonly payer: { readonly phone: string };
  readonly ride: { readonly mode: string; readonly amount: number; readonly unit: string };
}

const line = (members: object): string => JSON.stringify(members);
const withRide = ({ ride, ...others }: Members, changed: Partial<Members["ride"]>): string =>
  line({ ...others, ride: { ...ride, ...changed } });
/** Deeper than ingest goes into one row. */
const ABYSS = JSON.parse(`${"[".repeat(20)}${"]".repeat(20)}`) as unknown;
const FLAWS: readonly Flaw<Members>[] = [
  { code: "scenario.unknown", perMille: 4, spoil: (members) => withRide(members, { mode: "打车" }) },
  { code: "unit.mismatch", perMille: 3, spoil: (members) => withRide(members, { mode: "公交", unit: "km" }) },
  { code: "unit.unknown", perMille: 3, spoil: (members) => withRide(members, { unit: "里" }) },
  // A zero-width space: looks like the same phone, and is another text.
  {
    code: "subject.malformed",
    perMille: 3,
    spoil: (members) => line({ ...members, payer: { phone: `${members.payer.phone}\u{200B}1` } }),
  },
  { code: "row.too-deep", perMille: 2, spoil: (members) => line({ ...members, extra: ABYSS }) },
];
/** Of a thousand rows, so many are rides that the app alone knows. */
const OWN_PER_MILLE = 50;
const NO_REPEATS = { replay: 0, sameContent: 0, aggregated: 0 };

/**
 * A payment app that reports rides which metro and buses report as well, under ids of its own: nested JSON,
 * seconds, start minute only.
 */
export function paymentAppFeed({ clock, people }: City): Omit<Feed<PaidRide, Members>, "draw"> {
  return {
    provider: providerId("demo-payment-app"),
    file: "payment-app.ndjson",
    format: "newline-delimited nested JSON; seconds since 1970, unit and kind of ride in each record",
    encoding: "utf-8",
    gzip: false,
    opening: "",
    stream: 5,
    phase: 0,
    repeats: NO_REPEATS,
    flaws: FLAWS,
    parts: ({ row, person, startedAt, mode, amount }) => ({
      trade: { id: recordIdOf("P", clock.date, row), time: startedAt },
      payer: { phone: people.identifierOf(person) },
      // A tenth has one decimal in JSON whatever its binary form.
      ride:
        mode === "metro"
          ? { mode: "地铁", amount: amount / 10, unit: "passenger-km" }
          : { mode: "公交", amount, unit: "trip" },
    }),
    line,
    // 78.4 g a kilometre, 212.5 g a trip.
    milligramsDown: ({ mode, amount }) => (mode === "metro" ? amount * 7_840 : 212_500),
  };
}

/**
 * How many rows of each kind; `acts` are the app's own rides and `toldAgain` the rest, together at least
 * half.
 */
export function planPayments(rows: number): PlannedRows & { readonly toldAgain: number } {
  const plan = planRows({ repeats: NO_REPEATS, flaws: FLAWS }, rows);
  const own = Math.floor((rows * OWN_PER_MILLE) / 1000);
  return { ...plan, acts: own, toldAgain: plan.acts - own };
}

/**
 * The rows of the app, by time. Of `carried` (all rides of the carriers, by time, `count` of them) it tells
 * as many again as planned; the payers of all other rows are people whom no carrier knows, each in one row
 * only.
 */
export function* paymentRows(
  city: City,
  plan: ReturnType<typeof planPayments>,
  carried: Iterable<CarriedRide>,
  count: number,
): Generator<{ kind: PaymentKind; act: PaidRide }> {
  const chance = chanceOf(city.seed, paymentAppFeed(city).stream);
  const urn = new Urn([plan.toldAgain, plan.acts, ...plan.flaws]);
  const chosen = choose(carried, count, plan.toldAgain, chance);
  let startedAt = city.clock.startAt(0);
  for (let row = 0; row < plan.rows; row++) {
    const drawn = urn.draw(chance);
    if (drawn === 0) {
      const next = chosen.next();
      if (next.done === true)
        throw new RangeError("The carriers have fewer rides than the payment app is to tell again.");
      const { mode, amount, person } = next.value;
      startedAt = wholeMinute(next.value.startedAt);
      yield {
        kind: "told-again",
        act: rideOf({ row, person, startedAt }, mode, Math.max(1, Math.round(amount / 100))),
      };
    } else {
      const mode = chance.between(0, 1) === 0 ? "metro" : "bus";
      const act = rideOf({ row, person: city.people.count + row, startedAt }, mode, chance.between(10, 300));
      yield { kind: drawn === 1 ? "own" : drawn - 2, act };
    }
  }
}

function rideOf(
  base: Pick<PaidRide, "row" | "person" | "startedAt">,
  mode: PaidRide["mode"],
  tenths: number,
): PaidRide {
  return { ...base, endedAt: base.startedAt, mode, amount: mode === "metro" ? tenths : 1 };
}

function wholeMinute(instant: UnixSeconds): UnixSeconds {
  return (instant - (instant % 60)) as UnixSeconds;
}

/**
 * `wanted` of `count` rides, each choice equally likely, in their order (Knuth, The Art of Computer
 * Programming 2, 3.4.2, algorithm S).
 */
function* choose(
  rides: Iterable<CarriedRide>,
  count: number,
  wanted: number,
  chance: Chance,
): Generator<CarriedRide> {
  let left = count;
  let missing = wanted;
  for (const ride of rides) {
    if (chance.between(0, left-- - 1) >= missing) continue;
    missing--;
    yield ride;
    if (missing === 0) return;
  }
}
