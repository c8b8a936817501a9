import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { problemOf } from "../../../../src/app/service/problemOf.ts";
import { serviceSentence } from "../../../../src/app/service/serviceSentence.ts";
import { StateError } from "../../../../src/base/errors/errors.ts";
import { addCommands, ALL_COMMANDS } from "../../../../src/doors/cli/addCommands.ts";
import { createProgram } from "../../../../src/doors/cli/program.ts";

const program = createProgram("");
await addCommands(program, ALL_COMMANDS);

/** Of every command that does something, its words without the program's. */
function commands(command: Command, above: readonly string[] = []): string[] {
  if (command.commands.length === 0) return [above.join(" ")];
  return command.commands.flatMap((sub) => commands(sub, [...above, sub.name()]));
}

describe("sentences of the service", () => {
  it("know all commands of the command line, with all their words", () => {
    const all = commands(program);
    expect(all).toContain("network participants appoint");
    for (const words of all)
      expect(serviceSentence(`Then: microtonne ${words}.`)).toMatch(
        new RegExp(`^Then: (?:(?:GET|POST) /v1/[A-Za-z0-9/{}.-]+|the service's operator \\(${words}\\))\\.$`),
      );
  });

  it.each([
    [
      "There is no batch here. `microtonne batch list` shows all.",
      "There is no batch here. GET /v1/batches shows all.",
    ],
    [
      "Finish it first: microtonne batch close --region WUHAN --vintage 2025",
      "Finish it first: POST /v1/batches",
    ],
    ["`microtonne methodology list --all` shows all.", "GET /v1/methodologies shows all."],
    [
      "hands in a report: microtonne project monitor",
      "hands in a report: the service's operator (project monitor)",
    ],
    [
      "Mint it first: microtonne mint 0xab12. Then come again.",
      "Mint it first: POST /v1/batches/{batch}/mint. Then come again.",
    ],
    [
      "(geth and `microtonne network key` write such files).",
      "(geth and the service's operator (network key) write such files).",
    ],
    ["The text of --use is long.", "The text of `use` is long."],
  ])("%s", (said, expected) => {
    expect(serviceSentence(said)).toBe(expected);
  });

  it("tell no path of the machine", () => {
    const error = new StateError(
      "x.y",
      "Look into /srv/microtonne/archive/0xab/manifest.json, then come again.",
    );
    expect(problemOf(error, { folder: "/srv/microtonne" }).detail).toBe(
      "Look into a file of the service, then come again.",
    );
  });
});
