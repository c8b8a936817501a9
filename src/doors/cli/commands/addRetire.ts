import type { Command } from "commander";
import { retireCredits, type RetireRequest } from "../../../app/retirements/retireCredits.ts";
import { InputError, UsageError } from "../../../base/errors/errors.ts";
import { regionCode } from "../../../base/lib/ids.ts";
import { parseTonnes } from "../../../base/lib/mass.ts";
import type { RegionCode } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import { CHOSEN_PURPOSES, type ChosenPurpose } from "../../../base/types/retirement.ts";
import { Option } from "commander";
import { act, optionOf } from "../command.ts";

interface Options {
  amount: Milligrams;
  purpose: ChosenPurpose;
  beneficiary: string;
  lei?: string;
  use?: string;
  year?: number;
  country: string;
  recognisedBy?: RegionCode;
  claim?: Milligrams;
  batch?: string;
  reference?: string;
}

/** `microtonne retire`: credits are used up for a purpose, for good. */
export function addRetire(program: Command): void {
  const command = program.command("retire")
    .requiredOption(
      "--amount <tonnes>",
      "tonnes CO2e as a decimal, down to 0.000000001 (one milligram)",
      optionOf(parseTonnes),
    )
    .addOption(
      new Option("--purpose <purpose>", "what the retirement is for")
        .choices(CHOSEN_PURPOSES)
        .makeOptionMandatory(),
    )
    .requiredOption("--beneficiary <name>", "who it is for; stays off chain, only a salted hash goes on it")
    .option("--lei <code>", "the beneficiary's LEI or USCC; stays off chain")
    .option("--use <text>", "what it was used for; stays off chain")
    .option("--year <year>", "reporting year (default: this year, UTC)", optionOf(reportingYear))
    .option("--country <code>", "ISO 3166-1 alpha-2 country of the claim", "CN")
    .option(
      "--recognised-by <region>",
      "who is to recognise it; of what it does not recognise nothing is taken",
      optionOf(regionCode),
    )
    .option(
      "--claim <tonnes>",
      "what is to be recognised at least (default: the whole amount)",
      optionOf(parseTonnes),
    )
    .option("--batch <batch>", "take it from this batch only (default: oldest vintage first)")
    .option("--reference <text>", "your own reference: the same reference never retires twice")
    .addHelpText(
      "after",
      `
Example:
  microtonne retire --amount 2.62 --purpose corporate-neutrality \\
    --beneficiary "ICBC Lijiang Sifang St" --reference 2025-07`,
    );
  act<Options>(command, async (run, options) => {
    const retired = await run.withContext((context) =>
      retireCredits(context, {
        amount: options.amount,
        purpose: options.purpose,
        beneficiary: { name: options.beneficiary, lei: options.lei ?? null },
        use: options.use ?? null,
        reportingYear: options.year ?? null,
        country: options.country,
        ...recognitionOf(options),
        batch: options.batch ?? null,
        reference: options.reference ?? null,
      }),
    );
    run.io.result(
      retired,
      [
        `retired ${retired.tonnes} t for ${retired.purpose}`,
        `certificate ${retired.retirementId}`,
        ...retired.serials.map((serial) => `serial      ${serial}`),
      ].join("\n"),
    );
  });
}

function recognitionOf({ recognisedBy, claim, amount }: Options): Pick<RetireRequest, "recognition"> {
  if (recognisedBy !== undefined) return { recognition: { authority: recognisedBy, claim: claim ?? amount } };
  if (claim === undefined) return {};
  throw new UsageError("retire.terms", "--claim says what --recognised-by is to recognise: give both.");
}

function reportingYear(text: string): number {
  const year = Number(text);
  if (!/^[0-9]{4}$/.test(text) || year < 1990)
    throw new InputError("year.malformed", "A reporting year is a year such as 2025.");
  return year;
}
