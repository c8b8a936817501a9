import type { ClassLists } from "../../format/batch/classes/classLists.ts";
import type { RegionalRules } from "../../stages/plausibility/parseRegionalRules.ts";

type ClassBounds = RegionalRules["classes"] extends ReadonlyMap<string, infer Bounds> ? Bounds : never;

/** Each bound of a region's plausibility rules with its source, in plain words. */
export function plausibilitySentences({ region, classes }: RegionalRules, lists: ClassLists): string[] {
  return [
    ...[...classes].flatMap(([scenario, bounds]) =>
      boundSentences(bounds, lists.newest.find(scenario)?.unit ?? "units").map(
        ({ text, source }) => `${scenario}: ${text}.${source === undefined ? "" : ` Source: ${source}`}`,
      ),
    ),
    `What it does not name stays in ${region} as it ships.`,
  ];
}

/** Numbers stand as they are in the file. */
function boundSentences({ act, day, assets }: ClassBounds, unit: string): Sentence[] {
  const sentences: (Sentence | undefined)[] = [
    act?.quantity && say(`an act comes to at most ${act.quantity.max} ${unit}`, act.quantity),
    act?.seconds && say(`an act lasts at most ${String(act.seconds.max)} seconds`, act.seconds),
    act?.speed && say(`an act's mean speed is at most ${act.speed.maxKmh} km/h`, act.speed),
    act?.power && say(`an act's mean power is at most ${act.power.maxKw} kW`, act.power),
    act?.hours && say(`acts start from ${act.hours.from} to ${act.hours.to} local time`, act.hours),
    day?.acts && say(`a subject has at most ${String(day.acts.max)} acts on one local day`, day.acts),
    day?.quantity && say(`a subject's local day comes to at most ${day.quantity.max} ${unit}`, day.quantity),
    day?.gapSeconds &&
      say(
        `from one act's end to a subject's next one are at least ${String(day.gapSeconds.min)} seconds`,
        day.gapSeconds,
      ),
    assets && { text: `records may name assets of the kinds ${assets.join(", ")}`, source: undefined },
  ];
  return sentences.filter((one) => one !== undefined);
}

interface Sentence {
  readonly text: string;
  readonly source: string | undefined;
}

function say(text: string, { source }: { readonly source: string }): Sentence {
  return { text, source };
}
