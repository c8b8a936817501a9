import type { Command } from "commander";
import {
  describeMethodologies,
  describeMethodology,
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
            `${one.code.padEnd(24)} ${one.version.padEnd(6)} ${one.gramsPerUnit.padStart(7)} ` +
            `g/${one.unit.padEnd(13)} ${one.methodologyId}`,
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
