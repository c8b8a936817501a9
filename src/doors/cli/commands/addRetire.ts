import type { Command } from "commander";
import { proveRetirement } from "../../../app/proofs/proveRetirement.ts";
import {
  planRetirement,
  retireCredits,
  type RetirementPlan,
  type RetireRequest,
} from "../../../app/retirements/retireCredits.ts";
import { UsageError } from "../../../base/errors/errors.ts";
import { regionCode } from "../../../base/lib/ids.ts";
import { parseTonnes } from "../../../base/lib/mass.ts";
import type { RegionCode } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import { CHOSEN_PURPOSES, type ChosenPurpose } from "../../../base/types/retirement.ts";
import { Option } from "commander";
import { decodeProofFile } from "../../../format/proofs/proofFile.ts";
import { blockOfProof } from "../../../verify/chain/blockOfProof.ts";
import { addArchiveOption, archivesAt, type ArchiveOptions } from "../archivesAt.ts";
import { act, optionOf, STORED } from "../command.ts";
import { shortId } from "../shortId.ts";
import { yearOf } from "../yearOf.ts";

interface Options extends ArchiveOptions {
  amount: Milligrams;
  purpose: ChosenPurpose;
  beneficiary: string;
  lei?: string;
  use?: string;
  year?: number;
  country?: string;
  recognisedBy?: RegionCode;
  claim?: Milligrams;
  batch?: string;
  reference?: string;
  dryRun?: boolean;
}

/** `microtonne retire`: credits are used up for a purpose, for good. */
export function addRetire(program: Command): void {
  const command = program
    .command("retire")
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
    .option(
      "--year <year>",
      "reporting year (default: the vintage of what is taken)",
      optionOf(yearOf("A reporting year", 1990, 9999)),
    )
    .option(
      "--country <code>",
      "ISO 3166-1 alpha-2 country of the claim (default: the host country of what is taken)",
    )
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
    .option("--dry-run", "only say what would be retired");
  addArchiveOption(command);
  command.addHelpText(
    "after",
    `
A retirement can't be undone: look at it with --dry-run first. Where the amount takes from several vintages, \
--year must say which year it is reported for; where it takes from batches of several host countries, \
--country which one it is claimed in.

Retires what the operator of the data folder holds, or the holder, where the folder has a holder's key \
(network init --signer holder=…): credits of batches that others made, as the chain has them. The proof of \
these needs the batch's archive; give it here with --archive, or to prove later.

Example:
  microtonne retire --amount 2.62 --purpose corporate-neutrality \\
    --beneficiary "ICBC Lijiang Sifang St" --reference 2025-07`,
  );
  act<Options>(command, async (run, options) => {
    const request: RetireRequest = {
      amount: options.amount,
      purpose: options.purpose,
      beneficiary: { name: options.beneficiary, lei: options.lei ?? null },
      use: options.use ?? null,
      reportingYear: options.year ?? null,
      country: options.country ?? null,
      ...recognitionOf(options),
      batch: options.batch ?? null,
      reference: options.reference ?? null,
    };
    const archives = await archivesAt(options);
    if (options.dryRun === true) {
      const plan = await run.withContext((context) => planRetirement(context, request, archives), STORED);
      run.io.result(
        plan,
        [
          `would retire ${plan.tonnes} t for ${plan.purpose}`,
          ...termLines(plan),
          ...plan.takes.map(
            ({ batchId, vintage, milligrams }) =>
              `takes       ${milligrams} mg of batch ${shortId(batchId)}, vintage ${String(vintage)}`,
          ),
          ...plan.warnings.map((warning) => `${run.io.paint("yellow", "warning")}     ${warning}`),
          "nothing was retired",
        ].join("\n"),
      );
      return undefined;
    }
    const { retired, block } = await run.withContext(async (context) => {
      const description = await retireCredits(context, request, archives);
      if (!description.proven) return { retired: description, block: null };
      const proof = decodeProofFile(await proveRetirement(context, description.retirementId));
      return { retired: description, block: blockOfProof(proof) };
    }, STORED);
    run.io.result(
      { ...retired, block },
      [
        `retired ${retired.tonnes} t for ${retired.purpose}`,
        ...termLines(retired),
        `certificate ${retired.retirementId}`,
        ...retired.serials.map((serial) => `serial      ${serial}`),
        ...(block === null ? [] : [`block       ${block.number}, ${block.hash}`]),
      ].join("\n"),
    );
    if (!retired.proven)
      run.io.say(
        "Its proof needs the archives of the batches that it takes from: get them from their operator, and " +
          "put the folder or the address in the place of ARCHIVE.",
      );
    const archive = retired.proven ? [] : ["--archive", "ARCHIVE"];
    const id = shortId(retired.retirementId);
    run.next("prove", "--retirement", id, ...archive, "--out", "retirement.proof.json");
    return undefined;
  });
}

/** What is said of a retirement before and after it. */
function termLines({
  reportingYear: year,
  country,
  beneficiary,
}: Pick<RetirementPlan, "reportingYear" | "country" | "beneficiary">): string[] {
  const lei = beneficiary.lei === null ? "" : ` (${beneficiary.lei})`;
  return [`for         ${beneficiary.name}${lei}`, `year        ${String(year)}, ${country}`];
}

function recognitionOf({ recognisedBy, claim, amount }: Options): Pick<RetireRequest, "recognition"> {
  if (recognisedBy !== undefined) return { recognition: { authority: recognisedBy, claim: claim ?? amount } };
  if (claim === undefined) return {};
  throw new UsageError("retire.terms", "--claim says what --recognised-by is to recognise: give both.");
}
