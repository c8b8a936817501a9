import type { Command } from "commander";
import {
  describeMethodologies,
  describeMethodology,
  ruleText,
} from "../../../app/methodologies/describeMethodology.ts";
import { act } from "../command.ts";

/** `microtonne methodology`: the versioned rules that turn quantities into reductions. */
export function addMethodology(program: Command): void {
  const methodology = program
    .command("methodology")
    .description("The versioned rules that turn a quantity into a reduction.")
    .addHelpText("after", "\nExample:\n  microtonne methodology show WUHAN-METRO");

  const list = methodology
    .command("list")
    .description("All methodology versions on board.")
    .addHelpText("after", "\nExample:\n  microtonne methodology list --json");
  act(list, async (run) => {
    const all = describeMethodologies();
    run.io.result(
      all,
      all
        .map(
          (one) =>
            `${one.code.padEnd(24)} ${one.version.padEnd(6)} ${ruleColumn(ruleText(one))} ` +
            one.methodologyId,
        )
        .join("\n"),
    );
    return Promise.resolve(undefined);
  });

  const show = methodology
    .command("show")
    .description("One methodology version in full, with the id that its content hashes to.")
    .argument("<methodology>", "code, code@version, or the first digits of its id")
    .addHelpText("after", "\nExample:\n  microtonne methodology show WUHAN-METRO");
  act(show, async (run, _options, name) => {
    const found = describeMethodology(name);
    run.io.result(
      found,
      Object.entries(found)
        .map(
          ([field, value]) =>
            `${field.padEnd(14)} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
        )
        .join("\n"),
    );
    return Promise.resolve(undefined);
  });
}

/** `  78.4 g/passenger-km `: factors stand under each other by their ends, other rules at the left. */
function ruleColumn(text: string): string {
  const [factor = "", rest] = text.split(" g/");
  return rest === undefined || !/^[0-9.]+$/.test(factor)
    ? text.padEnd(23)
    : `${factor.padStart(7)} g/${rest.padEnd(13)}`;
}
