import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../base/errors/errors.ts";
import { utcText } from "../base/lib/time/calendar.ts";
import { formatDecimal } from "../base/lib/decimal.ts";
import { regionCode } from "../base/lib/ids.ts";
import type { RegionCode } from "../base/types/ids.ts";
import type { Day } from "../base/types/quantities.ts";
import { CHEATS } from "./cheats/cheatActs.ts";
import { cityDayActs, ODD_BUT_HONEST } from "./cheats/honestActs.ts";
import {
  CHEAT_KINDS,
  STRENGTHS,
  UNITS,
  type Label,
  type LabelledAct,
  type StoryAct,
  type Stuff,
} from "./cheats/storyAct.ts";
import { chanceOf } from "./generate/chanceOf.ts";
import { CityClock } from "./generate/cityClock.ts";
import type { City } from "./generate/feed.ts";
import { peopleOf } from "./generate/people.ts";
import { stationsOf } from "./generate/stationsOf.ts";
import { writeRows } from "./generate/writeRows.ts";

export interface CheatsRequest {
  /** Honest acts of the city day, about; 100 to 1,000,000. They are held in memory. */
  readonly records: number;
  /** 32-bit integer. The same request gives the same bytes. */
  readonly seed: number;
  readonly folder: string;
  /** Day in Asia/Shanghai. */
  readonly day: Day;
}

/** A file in our own CSV (profile `canonical-csv`), with the label of each of its rows, in order. */
export interface LabelledFile {
  readonly path: string;
  /** Whose methodologies count its acts. */
  readonly region: RegionCode;
  readonly labels: readonly (Label & { readonly recordId: string; readonly person: number })[];
}

const HEADER = "recordId,subject,scenario,startedAt,endedAt,quantity,unit\n";
/** Streams of chance that no feed of the city has. */
const CHEATS_STREAM = 11;
/** Rides that others are told beside last so long: minutes of them can overlap. */
const RIDE_SECONDS = 600;

/**
 * Writes a city day in which some cheat, as files in our own format by time (meals in one of their own, as
 * another region counts them), and `labels.csv`, which says of each record id whether its act is honest and,
 * where not, how it cheats.
 * @throws UsageError `cheats.records`
 */
export async function generateCheats({
  records,
  seed,
  folder,
  day,
}: CheatsRequest): Promise<{ files: LabelledFile[]; labels: string }> {
  if (!Number.isInteger(records) || records < 100 || records > 1_000_000)
    throw new UsageError(
      "cheats.records",
      "A day with cheats has 100 to 1000000 honest acts, a whole number.",
    );
  const chance = chanceOf(seed, 0);
  const city: City = {
    seed,
    clock: new CityClock(day),
    people: peopleOf(records, chance.between(0, 99_999_999)),
    stations: stationsOf(chance),
  };
  const acts = actsOf(city, records);
  const [meals, others] = [true, false].map((isMeal) =>
    acts.filter(({ scenario }) => (scenario === "clean-plate") === isMeal),
  ) as [LabelledAct[], LabelledAct[]];
  await mkdir(folder, { recursive: true });
  const files = [
    await writeActs(city, join(folder, "acts.csv"), "A", regionCode("WUHAN"), others),
    await writeActs(city, join(folder, "meals.csv"), "M", regionCode("LUZHOU"), meals),
  ];
  const labels = join(folder, "labels.csv");
  const lines = files.flatMap((file) =>
    file.labels.map((label) =>
      label.isCheat
        ? `${label.recordId},cheat,${label.kind},${label.strength},${String(label.story)}`
        : `${label.recordId},honest,${label.kind},,`,
    ),
  );
  await writeRows(
    { path: labels, encoding: "utf-8", gzip: false, opening: "recordId,label,kind,strength,story\n" },
    lines,
  );
  return { files, labels };
}

function actsOf(city: City, records: number): LabelledAct[] {
  const { clock, people } = city;
  const chance = chanceOf(city.seed, CHEATS_STREAM);
  const acts: LabelledAct[] = [...cityDayActs(city, records)].map((act) => ({
    ...act,
    label: { isCheat: false, kind: "city-day" },
  }));
  const rides = acts.filter(
    ({ scenario, startedAt, endedAt }) =>
      scenario !== "ev-charging" && (endedAt ?? 0) - startedAt >= RIDE_SECONDS,
  );
  let strangers = people.count;
  const stuff = (): Stuff => ({
    chance,
    clock,
    stranger: strangers++,
    ride: rides[chance.between(0, rides.length - 1)] as StoryAct,
  });
  const stories = Math.max(5, Math.floor(records / 2000));
  for (const [kind, tell] of Object.entries(ODD_BUT_HONEST) as [
    keyof typeof ODD_BUT_HONEST,
    (typeof ODD_BUT_HONEST)["taxi"],
  ][])
    for (let story = 0; story < stories; story++)
      acts.push(...tell(stuff()).map((act) => ({ ...act, label: { isCheat: false, kind } as const })));
  let told = 0;
  for (const kind of CHEAT_KINDS)
    for (const strength of STRENGTHS)
      for (let n = 0; n < stories; n++) {
        const story = told++;
        acts.push(
          ...CHEATS[kind](stuff(), strength).map((act) => ({
            ...act,
            label: { isCheat: true, kind, strength, story } as const,
          })),
        );
      }
  return acts.toSorted((a, b) => a.startedAt - b.startedAt);
}

async function writeActs(
  { people }: City,
  path: string,
  letter: string,
  region: RegionCode,
  acts: readonly LabelledAct[],
): Promise<LabelledFile> {
  const labels = acts.map(({ label, person }, i) => ({
    ...label,
    person,
    recordId: `${letter}-${String(i + 1).padStart(7, "0")}`,
  }));
  const lines = acts.map(({ person, scenario, startedAt, endedAt, milli }, i) =>
    [
      labels[i]?.recordId,
      people.identifierOf(person),
      scenario,
      utcText(startedAt),
      endedAt === null ? "" : utcText(endedAt),
      formatDecimal(BigInt(milli), 3),
      UNITS[scenario],
    ].join(","),
  );
  await writeRows({ path, encoding: "utf-8", gzip: false, opening: HEADER }, lines);
  return { path, region, labels };
}
