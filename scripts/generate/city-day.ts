import { UsageError } from "../../src/base/errors/errors.ts";
import { MILLISECONDS_PER_DAY } from "../../src/base/lib/time/units.ts";
import type { Day } from "../../src/base/types/quantities.ts";
import { generateCityDay } from "../../src/demo/generateCityDay.ts";
import { readOptions } from "../setup/readOptions.ts";
import { CALENDAR_DATE } from "../../src/base/lib/textPatterns.ts";

const HELP = `Writes the files of five providers of an invented day in Wuhan (metro, bus, bicycles, charging,
a payment app), with repeated and spoiled rows among them, and prints as JSON what was planted. The same seed
gives the same bytes.

  node scripts/generate/city-day.ts --records 100000 --seed 1 --out /tmp/city-day

  --records N       rows of all files together, 100 to 100000000
  --seed S          32-bit integer (default 1)
  --out DIR         folder for the files
  --day YYYY-MM-DD  day in Asia/Shanghai (default 2025-06-18)
`;

const { values } = readOptions(HELP, {
  options: {
    records: { type: "string" },
    seed: { type: "string", default: "1" },
    out: { type: "string" },
    day: { type: "string", default: "2025-06-18" },
  },
});

function wholeNumber(option: string, text: string): number {
  if (!/^-?[0-9]{1,10}$/.test(text))
    throw new UsageError("usage.option", `--${option} needs a whole number, not ${JSON.stringify(text)}.`);
  return Number(text);
}

function dayOf(text: string): Day {
  const milliseconds = CALENDAR_DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw new UsageError(
      "usage.option",
      `--day needs a date such as 2025-06-18, not ${JSON.stringify(text)}.`,
    );
  return (milliseconds / MILLISECONDS_PER_DAY) as Day;
}

if (values.records === undefined || values.out === undefined) {
  process.stdout.write(HELP);
} else {
  try {
    const plan = await generateCityDay({
      records: wholeNumber("records", values.records),
      seed: wholeNumber("seed", values.seed),
      folder: values.out,
      vintageDay: dayOf(values.day),
    });
    const json = JSON.stringify(
      plan,
      (_key, value: unknown) => (typeof value === "bigint" ? value.toString() : value),
      2,
    );
    process.stdout.write(`${json}\n`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
