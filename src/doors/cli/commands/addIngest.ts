import type { Command } from "commander";
import { checkFirstRows } from "../../../app/profiles/checkFirstRows.ts";
import { ingestFile } from "../../../app/ingest/ingestFile.ts";
import { systemClock } from "../../../app/process/system.ts";
import { sizeOfSource } from "../../../app/sources/openSource.ts";
import { resolveProfile } from "../../../app/profiles/resolveProfile.ts";
import { readSidecar } from "../../../app/providers/readSidecar.ts";
import { withOwnClasses } from "../withOwnClasses.ts";
import { counted } from "../../../base/lib/counted.ts";
import { act } from "../command.ts";
import { EXIT } from "../exitCode.ts";

interface Options {
  profile: string;
  provider?: string;
  region?: string;
  rejects?: string;
  duplicates?: string;
  lookups?: string;
  signature?: string;
  strict?: boolean;
}

/** `microtonne ingest`: a provider's file becomes reductions; every row is accounted for. */
export function addIngest(program: Command): void {
  const command = program
    .command("ingest")
    .argument("<file>", "CSV, NDJSON, JSON or XLSX, plain or gzip; - for standard input")
    .requiredOption("--profile <profile>", "name of a shipped profile, or a YAML file")
    .option(
      "--provider <id>",
      "provider id, for profiles that leave it open (canonical-csv, canonical-ndjson)",
    )
    .option("--region <code>", "region whose methodologies count, for profiles that leave it open")
    .option("--rejects <file>", "write every refused row with its reason to this CSV file")
    .option("--duplicates <file>", "write every duplicate row with its reason to this CSV file")
    .option("--lookups <dir>", "folder of the profile's lookup files (default: the folder of the file)")
    .option(
      "--signature <file>",
      "the provider's signature over the file (default: <file>.sig.json, if it is there)",
    )
    .option("--strict", "exit 1 where any row was rejected")
    .addHelpText(
      "after",
      `
Rows end as accepted, rejected or duplicate, and the counts add up to the rows read. A file whose
dates look as if day and month were exchanged is refused as a whole, with the evidence. A run that
was killed goes on where it was when the same command is given again; the same file twice adds
nothing. A signed file that was changed, or is stale, is refused as a whole; so is an unsigned one
of a provider that has a key here (microtonne provider key list).

Example:
  microtonne ingest rides.csv.gz --profile canonical-csv --provider city-metro --rejects refused.csv`,
    );
  act<Options>(command, async (run, options, file) => {
    // What can be wrong with the call is said before anything is opened.
    const replace = { provider: options.provider, region: options.region };
    const profile = await withOwnClasses(run, (classes) => resolveProfile(options.profile, replace, classes));
    await sizeOfSource(file);
    const signature = await readSidecar(file, options.signature ?? null);
    await checkFirstRows(run.config, systemClock, {
      file,
      profile,
      lookupFolder: options.lookups ?? null,
    });
    const closable = new Map<string, readonly [string, string]>();
    const sentences = new Map<string, string>();
    const bar = run.io.progress("reading");
    const report = await run
      .withContext((context) =>
        ingestFile(context, {
          file,
          profile,
          rejectsFile: options.rejects ?? null,
          duplicatesFile: options.duplicates ?? null,
          lookupFolder: options.lookups ?? null,
          signature,
          onProgress: (done, total) => bar.update(done, total),
          onAccepted: (region, year) => closable.set(`${region} ${String(year)}`, [region, String(year)]),
          onReason: (code, sentence) => sentences.set(code, sentence),
        }),
      )
      .finally(() => bar.stop());
    const { acts } = report;
    const made = acts === report.accepted ? "" : ` (${counted(acts, "act")})`;
    const reasons = Object.entries({ ...report.reasons, ...report.notes }).map(([code, count]) =>
      `  ${String(count).padStart(9)}  ${code}: ${sentences.get(code) ?? ""}`.trimEnd(),
    );
    run.io.result(
      report,
      [
        `read ${counted(report.read, "row")}: ${String(report.accepted)} accepted${made}, ` +
          `${String(report.rejected)} rejected, ${counted(report.duplicates, "duplicate")}; ` +
          `${report.milligrams} mg CO2e`,
        ...reasons,
      ].join("\n"),
    );
    for (const [region, year] of closable.values())
      run.next("batch", "close", "--region", region, "--vintage", year);
    if (report.accepted === 0 && report.read > 0 && report.duplicates === 0) return EXIT.checkFailed;
    return options.strict && report.rejected > 0 ? EXIT.checkFailed : EXIT.fine;
  });
}
