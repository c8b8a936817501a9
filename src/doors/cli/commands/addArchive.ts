import { Option, type Command } from "commander";
import { cleanArchive, type HalfArchive } from "../../../app/batches/cleanArchive.ts";
import { systemClock } from "../../../app/process/system.ts";
import { utcText } from "../../../base/lib/time/calendar.ts";
import { parseDuration } from "../../../base/lib/time/parseDuration.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import { act, optionOf } from "../command.ts";

/** `microtonne batch archive`: the archives of this data folder as files. */
export function addArchive(batch: Command): void {
  const archive = batch
    .command("archive")
    .description("The archives of this data folder as files.")
    .addHelpText("after", "\nExample:\n  microtonne batch archive clean --dry-run");
  addClean(archive);
}

function addClean(archive: Command): void {
  const command = archive
    .command("clean")
    .description("Remove half-written archives that nobody has written to for a while.")
    .addOption(
      new Option(
        "--older-than <time>",
        "leave what was written to within this time, such as 90s, 30m, 24h, 7d",
      )
        .argParser(optionOf(parseDuration))
        .default(SECONDS_PER_DAY, "24h"),
    )
    .option("--dry-run", "only say what would be removed")
    .addHelpText(
      "after",
      `
Half-written is what a close or a verifier left when it was killed: a draft, or a batch's folder
without its manifest. What somebody is writing is left alone whatever its age, and a close that was
killed needs no cleaning to go on.

Example:
  microtonne batch archive clean --older-than 7d`,
    );
  act<{ olderThan: number; dryRun?: boolean }>(command, async (run, { olderThan, dryRun = false }) => {
    const found = await cleanArchive(
      { config: run.config, clock: systemClock },
      { olderThanSeconds: olderThan, dryRun },
    );
    const result = { dryRun, olderThanSeconds: olderThan, halfWritten: found };
    const lines = found.map((half) => lineOf(half, dryRun));
    run.io.result(result, lines.length === 0 ? "nothing half-written" : lines.join("\n"));
    return undefined;
  });
}

function lineOf({ path, bytes, changedAt, state, lockedBy }: HalfArchive, dryRun: boolean): string {
  const facts = `${path} (${String(bytes)} bytes, last written ${utcText(changedAt)})`;
  if (state === "stale") return `${dryRun ? "would remove" : "removed"} ${facts}`;
  return state === "young" ? `left, too young: ${facts}` : `left: ${facts}. ${lockedBy ?? ""}`;
}
