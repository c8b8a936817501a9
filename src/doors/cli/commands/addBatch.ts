import type { Command } from "commander";
import { counted } from "../../../base/lib/counted.ts";
import { closeBatch, type LeftOutProject } from "../../../app/batches/closeBatch.ts";
import { packageBatch } from "../../../app/batches/packageBatch.ts";
import { reopenBatch } from "../../../app/batches/reopenBatch.ts";
import { describeBatch, describeBatches, type BatchDescription } from "../../../app/batches/describeBatch.ts";
import { regionCode } from "../../../base/lib/ids.ts";
import { METHODOLOGY_CATEGORIES, type MethodologyCategory } from "../../../base/types/methodology.ts";
import { addCloseTerms, closeTermsOf, type CloseTermOptions } from "../closeTerms.ts";
import { act, STORED, optionOf, type Run } from "../command.ts";
import { shortId } from "../shortId.ts";
import { yearOf } from "../yearOf.ts";
import { addArchive } from "./addArchive.ts";

/** `microtonne batch`: close what is open into a batch, look at batches, hand one to a verifier. */
export function addBatch(program: Command): void {
  const batch = program
    .command("batch")
    .addHelpText("after", "\nExample:\n  microtonne batch close --region WUHAN --vintage 2025");
  addClose(batch);
  addList(batch);
  addShow(batch);
  addPackage(batch);
  addReopen(batch);
  addArchive(batch);
}

interface CloseOptions extends CloseTermOptions {
  region: ReturnType<typeof regionCode>;
  vintage: number;
  category: MethodologyCategory;
}

function addClose(batch: Command): void {
  const command = batch
    .command("close")
    .description(
      "Freeze the open reductions of a region and vintage, build their tree, write manifest and archive.",
    )
    .requiredOption("--region <code>", "region of the methodologies, e.g. WUHAN", optionOf(regionCode))
    .requiredOption(
      "--vintage <year>",
      "calendar year of the acts, in the region's time zone",
      optionOf(yearOf("A vintage", 1900, 2099)),
    )
    .option(
      "--category <category>",
      "act, or project: months of registered projects; behaviour is counted and never closed",
      optionOf(categoryNamed),
      "act",
    );
  addCloseTerms(command).addHelpText(
    "after",
    `
A close that was killed goes on when the same command is given again, and ends in the same bytes.
Acts, projects and behaviour never share a batch. What is open of a project that has expired or is \
not registered stays out, by name. What is said of the batch stands in its manifest for good; a close \
that goes on keeps what it began with.

Example:
  microtonne batch close --region WUHAN --vintage 2025
  microtonne batch close --region WUHAN --vintage 2025 --use-by 2027-12-31 --verification statement.json
  microtonne batch close --region WUHAN --vintage 2025 --campaign tree-day --campaign-document tree-day.pdf
  microtonne batch close --region WUHAN --vintage 2025 --category project`,
  );
  act<CloseOptions>(command, async (run, options) => {
    const bar = run.io.progress("sealing");
    const leftOut: LeftOutProject[] = [];
    const terms = await closeTermsOf(options);
    const sealed = await run
      .withContext(
        (context) =>
          closeBatch(context, {
            region: options.region,
            vintage: options.vintage,
            category: options.category,
            terms,
            onLeftOut: (projects) => {
              leftOut.push(...projects);
              for (const { project, code, sentence, months, records } of projects)
                run.io.say(
                  `${project} stays out, ${months.join(", ")} with ` +
                    `${counted(records, "record")} (${code}): ` +
                    sentence,
                );
            },
            onProgress: (done, total) => bar.update(done, total),
          }),
        { filled: true },
      )
      .finally(() => bar.stop());
    run.io.result(
      { ...sealed, ...(leftOut.length > 0 && { leftOut }) },
      [`closed`, textOf(sealed), ...assumedLines(run, sealed)].join("\n"),
    );
    run.next("mint", shortId(sealed.batchId));
  });
}

function addList(batch: Command): void {
  const command = batch
    .command("list")
    .description("All batches of this operator, oldest first.")
    .addHelpText("after", "\nExample:\n  microtonne batch list --json");
  act(command, async (run) => {
    const batches = await run.withContext((context) => describeBatches(context), STORED);
    run.io.result(batches, batches.length === 0 ? "no batches yet" : batches.map(textOf).join("\n\n"));
  });
}

function addShow(batch: Command): void {
  const command = batch
    .command("show")
    .description("One batch: its state, masses, root and where its archive stands.")
    .argument("<batch>", "batch id, or the first digits of it")
    .addHelpText("after", "\nExample:\n  microtonne batch show 0x3f2a");
  act(command, async (run, _options, id) => {
    const found = await run.withContext((context) => describeBatch(context, id), STORED);
    run.io.result(found, textOf(found));
  });
}

function addPackage(batch: Command): void {
  const command = batch
    .command("package")
    .description(
      "Write the confidential package of a closed batch for an outside verifier. It names subjects' " +
        "keys: hand it over safely.",
    )
    .argument("<batch>", "batch id, or the first digits of it")
    .requiredOption("--out <file>", "file to write")
    .addHelpText("after", "\nExample:\n  microtonne batch package 0x3f2a --out for-verifier.ndjson");
  act<{ out: string }>(command, async (run, options, id) => {
    const written = await run.withContext(
      (context) => packageBatch(context, { batch: id, file: options.out }),
      STORED,
    );
    run.io.result(
      written,
      `wrote ${counted(written.leaves, "leaf", "leaves")} of ${written.batchId} to ${written.file}`,
    );
    run.io.say(`Next: the verifier runs attest on ${written.file}; then mint with --attestation.`);
  });
}

function addReopen(batch: Command): void {
  const command = batch
    .command("reopen")
    .description("Give up a sealed batch that nobody can attest: its reductions are open again.")
    .argument("<batch>", "batch id, or the first digits of it")
    .addHelpText(
      "after",
      `
For a batch whose methodology was withdrawn before its commit, or that verifiers refuse. The newest batch \
first, since each follows the one before it; none that is committed or is being committed. Its archive stays \
where it is. Tell whoever has its package: what is closed next is another batch.

Example:
  microtonne batch reopen 0x3f2a`,
    );
  act(command, async (run, _options, id = "") => {
    const reopened = await run.withContext((context) => reopenBatch(context, id), STORED);
    run.io.result(
      reopened,
      `reopened ${reopened.batchId}: ${counted(reopened.reductions, "reduction")} ` +
        `(${reopened.milligrams} mg) ${reopened.reductions === 1 ? "is" : "are"} open again; the next ` +
        `batch follows ${reopened.head ?? "none"}`,
    );
  });
}

function categoryNamed(text: string): MethodologyCategory {
  const found = METHODOLOGY_CATEGORIES.find((one) => one === text);
  if (found) return found;
  throw new RangeError(`A category is one of ${METHODOLOGY_CATEGORIES.join(", ")}.`);
}

/** Nothing of a batch of the first format, whose manifest says nothing of the kind. */
function termLines({ terms }: BatchDescription): string[] {
  const { category, placeOfActs, hostCountry, correspondingAdjustment, useBy, title } = terms;
  const { verification, campaign, audience } = terms;
  if (placeOfActs === null || title === null) return [];
  return [
    `holds     ${category}s in ${placeOfActs} (${hostCountry ?? ""}), ` +
      `adjustment ${correspondingAdjustment ?? ""}`,
    `use by    ${useBy ?? "any time"}`,
    `title     ${title.kind}, document ${title.documentHash}`,
    `verified  ${
      verification === null
        ? "no statement"
        : `${verification.level}, ${verification.opinion}, statement ${verification.statementHash}`
    }`,
    ...(campaign === null ? [] : [`campaign  ${campaign.id}, document ${campaign.documentHash}`]),
    `audience  leaves ${audience?.leaves ?? ""}, tiles ${audience?.tiles ?? ""}`,
  ];
}

/** On a local network a batch is closed without being told whose inventory it is in. */
function assumedLines({ config }: Run, { terms: { hostCountry } }: BatchDescription): string[] {
  return config.terms.hostCountry !== null || hostCountry === null
    ? []
    : [
        `assumed   host country ${hostCountry}, as on any local network: set MICROTONNE_HOST_COUNTRY to ` +
          "the country in whose inventory the reductions are",
      ];
}

function textOf(batch: BatchDescription): string {
  return [
    `batch     ${batch.batchId}`,
    `state     ${batch.state}`,
    `region    ${batch.region}, ${batch.firstDay} to ${batch.lastDay}`,
    ...termLines(batch),
    `leaves    ${String(batch.leafCount)}`,
    `total     ${batch.totalTonnes} t (${batch.totalMilligrams} mg), buffer ${batch.bufferMilligrams} mg`,
    `minted    ${batch.mintedMilligrams} mg, retired ${batch.retiredMilligrams} mg`,
    `root      ${batch.root}`,
    `archive   ${batch.archive}`,
  ].join("\n");
}
