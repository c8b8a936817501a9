import type { Command } from "commander";
import { checkProfile } from "../../../app/checkProfile.ts";
import { act } from "../command.ts";

/** `microtonne profile`: the declarative files that map a provider's columns to activity records. */
export function addProfile(program: Command): void {
  const profile = program
    .command("profile")
    .description("The files that map a provider's columns to activity records.")
    .addHelpText("after", "\nExample:\n  microtonne profile check canonical-csv");
  const command = profile
    .command("check")
    .description("Check a profile, and show how it maps the first rows of a file.")
    .argument("<profile>", "name of a shipped profile, or a YAML file")
    .argument("[file]", "a provider's file")
    .option("--rows <n>", "how many rows to show", "5")
    .option("--lookups <dir>", "folder of the profile's lookup files (default: the folder of the file)")
    .addHelpText("after", "\nExample:\n  microtonne profile check canonical-csv\n  microtonne profile check my-bikes.yaml trips.csv.gz");
  act<{ rows: string; lookups?: string }>(command, async (run, options, name, file) => {
    const checked = await checkProfile({
      profile: name,
      file: file ?? null,
      rows: Number(options.rows),
      lookupFolder: options.lookups ?? null,
      config: run.config,
    });
    const lines = checked.rows.map(
      (row) =>
        `row ${String(row.row)}: ${row.record ? JSON.stringify(row.record) : `${row.code ?? ""} (${row.field ?? "row"}): ${row.sentence ?? ""}`}`,
    );
    run.io.result(
      checked,
      [`${checked.name} is sound: provider ${checked.provider}, region ${checked.region}, ${checked.format}`, ...lines].join("\n"),
    );
    return undefined;
  });
}
