import { SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../../base/lib/time/units.ts";
import type { DurationUnit } from "../schema/quantitySchema.ts";

const SECONDS = {
  milliseconds: 0.001,
  seconds: 1,
  minutes: SECONDS_PER_MINUTE,
  hours: SECONDS_PER_HOUR,
} as const;
/**
 * Whole days before a clock as .NET (1.02:03:04), Python (1 day, 2:03:04) and Postgres (1 day 02:03:04) write
 * them.
 */
const CLOCK =
  /^(?:([0-9]{1,4})(?:\.| days?,? | ))?([0-9]{1,5}):([0-5][0-9])(?::([0-5][0-9]))?(?:[.,][0-9]{1,9})?$/;
const field = (digits: number, unit: string): string =>
  `(?:([0-9]{1,${String(digits)}}(?:[.,][0-9]{1,9})?)${unit})?`;
const ISO = new RegExp(
  `^P${field(6, "W")}${field(6, "D")}(?:T${field(7, "H")}${field(8, "M")}${field(9, "S")})?$`,
);
const WORDS: readonly (readonly [RegExp, number])[] = [
  [/^(?:w|weeks?|周)$/, 7 * SECONDS_PER_DAY],
  [/^(?:d|days?|tage?|jours?|天|日)$/, SECONDS_PER_DAY],
  [/^(?:h|hrs?|hours?|std\.?|stunden?|heures?|小时|时|時間)$/, SECONDS_PER_HOUR],
  [/^(?:m|mins?\.?|minutes?|minuten?|分钟|分|分鐘)$/, SECONDS_PER_MINUTE],
  [/^(?:s|secs?\.?|seconds?|sekunden?|secondes?|秒钟|秒)$/, 1],
];

/** Reads a duration as whole seconds, fractions dropped, or null where the text is none. */
export function durationReader(unit: DurationUnit): (text: string) => number | null {
  if (unit === "iso") return isoSeconds;
  if (unit === "words") return wordSeconds;
  if (unit === "h:mm:ss" || unit === "h:mm" || unit === "m:ss") return (text) => clockSeconds(text, unit);
  const seconds = SECONDS[unit];
  return (text) => (/^[0-9]{1,12}(?:\.[0-9]{1,18})?$/.test(text) ? Math.floor(Number(text) * seconds) : null);
}

function clockSeconds(text: string, unit: "h:mm:ss" | "h:mm" | "m:ss"): number | null {
  const match = CLOCK.exec(text);
  if (!match) return null;
  const [, days = "0", first = "", second = "", third] = match;
  if ((unit === "h:mm:ss") !== (third !== undefined)) return null;
  const small =
    unit === "m:ss"
      ? Number(first) * SECONDS_PER_MINUTE + Number(second)
      : Number(first) * SECONDS_PER_HOUR + Number(second) * SECONDS_PER_MINUTE + Number(third ?? "0");
  return Number(days) * SECONDS_PER_DAY + small;
}

function isoSeconds(text: string): number | null {
  const match = ISO.exec(text);
  const parts = match?.slice(1);
  if (!parts?.some((part) => part !== undefined) || text.endsWith("T")) return null;
  const sizes = [7 * SECONDS_PER_DAY, SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE, 1];
  return Math.floor(
    parts.reduce((sum, part, i) => sum + Number((part ?? "0").replace(",", ".")) * (sizes[i] ?? 0), 0),
  );
}

function wordSeconds(text: string): number | null {
  let sum = 0;
  let last = Infinity;
  const rest = text
    .toLowerCase()
    .replaceAll(/([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([^\s0-9,]+),?\s*/g, (_all, count: string, word: string) => {
      const size = WORDS.find(([words]) => words.test(word))?.[1] ?? Number.NaN;
      // Each unit once, the larger first: "5 min 1 h" is a slip.
      sum = size < last ? sum + Number(count) * size : Number.NaN;
      last = size;
      return "";
    });
  return rest === "" && last !== Infinity && !Number.isNaN(sum) ? Math.floor(sum) : null;
}
