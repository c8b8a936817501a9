import { durationReader } from "../fields/durationReader.ts";
import type { DurationUnit } from "../schema/quantitySchema.ts";
import type { ColumnFacts } from "./columnFacts.ts";

export const DURATION_WORDS = /duration|minutes|dur[ée]e|duraci[óo]n|dura[çc][ãa]o|dauer|时长|stay|elapsed/;

/** Spellings that show themselves, the surest first. */
const SPELLED: readonly DurationUnit[] = ["h:mm:ss", "iso", "words", "h:mm", "m:ss"];
/** Units that a column's name may say. */
const NAMED: readonly (readonly [RegExp, DurationUnit])[] = [
  [/milli|(?:^|[_\W])ms(?:$|[_\W])/, "milliseconds"],
  [/min|分/, "minutes"],
  [/hour|hora|heure|stunde|hrs?(?:$|[_\W])|小时/, "hours"],
  [/sec|segundo|sekunde|秒/, "seconds"],
];

/** The column of a duration and how it is written. */
export function chooseDuration(
  facts: readonly ColumnFacts[],
  doubts: string[],
): { column: string; unit: DurationUnit } | null {
  for (const { name, filled, numeric } of facts) {
    if (!DURATION_WORDS.test(name.toLowerCase()) || filled.length === 0) continue;
    const quoted = JSON.stringify(name);
    if (numeric) {
      const [, unit = "seconds"] =
        NAMED.find(([words]) => words.test(name.toLowerCase().replace("duration", ""))) ?? [];
      if (!NAMED.some(([words]) => words.test(name.toLowerCase().replace("duration", ""))))
        doubts.push(`The unit of the duration in ${quoted} is a guess: ${unit}.`);
      return { column: name, unit };
    }
    const fits = SPELLED.filter((unit) => filled.every((value) => durationReader(unit)(value) !== null));
    const [unit] = fits;
    if (unit === undefined) continue;
    if (fits.includes("m:ss"))
      doubts.push(
        `The duration in ${quoted} could be hours and minutes or minutes and seconds: ${unit} is a guess.`,
      );
    return { column: name, unit };
  }
  return null;
}
