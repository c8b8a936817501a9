import type { Command } from "commander";
import { counted } from "../../../base/lib/counted.ts";
import { behaviourReport } from "../../../app/behaviour/behaviourReport.ts";
import { act, STORED } from "../command.ts";

/** `microtonne behaviour`: what is counted and never minted, pooled or sold. */
export function addBehaviour(program: Command): void {
  const behaviour = program
    .command("behaviour")
    .addHelpText("after", "\nExample:\n  microtonne behaviour report --year 2025");
  const command = behaviour
    .command("report")
    .description("What behaviour came to in a year, by region and class.")
    .requiredOption("--year <year>", "calendar year of the acts, in their region's zone")
    .addHelpText(
      "after",
      `
Acts are behaviour where the methodology that counts them has the category "behaviour". No batch takes them.

Example:
  microtonne behaviour report --year 2025 --json`,
    );
  act<{ year: string }>(command, async (run, { year }) => {
    const report = await run.withContext((context) => behaviourReport(context, Number(year)), STORED);
    run.io.result(
      report,
      report.counts.length === 0
        ? `no behaviour was counted in ${year}`
        : report.counts
            .map(
              ({ region, scenario, acts, quantity, unit, milligrams }) =>
                `${region.padEnd(8)} ${scenario.padEnd(24)} ${counted(acts, "act")}, ${quantity} ${unit}, ` +
                `${milligrams} mg`,
            )
            .join("\n"),
    );
    return undefined;
  });
}
