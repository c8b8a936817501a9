import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { problemOf } from "../../../../src/app/service/problemOf.ts";
import { serviceSentence } from "../../../../src/app/service/serviceSentence.ts";
import { StateError } from "../../../../src/base/errors/errors.ts";
import { addCommands, ALL_COMMANDS } from "../../../../src/doors/cli/addCommands.ts";
import { createProgram } from "../../../../src/doors/cli/program.ts";
import { ROUTES } from "../../../../src/doors/http/routes.ts";

const SOURCES = new URL("../../../../src/", import.meta.url).pathname;
/** The houses whose errors reach the service; the command line's own sentences do not. */
const HOUSES = ["adapters", "app", "base", "format", "stages"];

/** Every text in the sources that is a sentence, or a part of one that is put together. */
function sentences(): string[] {
  const files = HOUSES.flatMap((house) =>
    readdirSync(join(SOURCES, house), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(SOURCES, house, name), "utf8")),
  );
  return files.flatMap((source) => {
    const code = source
      .replaceAll(/\/\*[\s\S]*?\*\//g, "")
      .replaceAll(/^\s*\/\/.*$/gm, "")
      .replaceAll(/["`]\s*\+\s*["`]/g, "");
    return code
      .split("\n")
      .flatMap((line) => [...line.matchAll(/"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g)])
      .map(([text]) => text.slice(1, -1).replaceAll("\\`", "`"))
      .filter((text) => text.includes(" "));
  });
}

const program = createProgram("");
await addCommands(program, ALL_COMMANDS);

/** Of every command that does something, its words without the program's. */
function commands(command: Command, above: readonly string[] = []): string[] {
  if (command.commands.length === 0) return [above.join(" ")];
  return command.commands.flatMap((sub) => commands(sub, [...above, sub.name()]));
}

const COMMAND_LINE = /\bmicrotonne (?!hmac-dev|knows|\$)[a-z]|(?:^|[\s(`])--[a-z]/;

describe("sentences of the service", () => {
  it("name routes and no command or option, whichever of the program's refusals it is", () => {
    const all = sentences();
    const spoken = all.filter((text) => COMMAND_LINE.test(text));
    expect(spoken.length).toBeGreaterThan(20);
    for (const text of spoken) expect(serviceSentence(text), text).not.toMatch(COMMAND_LINE);
  });

  it("know all commands of the command line, with all their words", () => {
    const all = commands(program);
    expect(all).toContain("network participants appoint");
    for (const words of all)
      expect(serviceSentence(`Then: microtonne ${words}.`)).toMatch(
        new RegExp(`^Then: (?:(?:GET|POST) /v1/[A-Za-z0-9/{}.-]+|the service's operator \\(${words}\\))\\.$`),
      );
  });

  it("name only routes that there are", () => {
    const known = new Set(
      ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll("*}", "}")}`),
    );
    for (const text of sentences())
      for (const [route] of serviceSentence(text).matchAll(
        /\b(?:GET|POST|PUT|DELETE) \/v1\/[A-Za-z0-9/{}.-]*[A-Za-z0-9/{}-]/g,
      ))
        expect([...known], `${route} in: ${text}`).toContain(
          route
            .replace("/archives/{batchId}/manifest.json", "/archives/{batchId}/{path}")
            .replace(/^POST \/v1\/activities\/uploads$/, "GET /v1/activities/uploads")
            .replace(/^PUT \/v1\/lookups\/$/, "PUT /v1/lookups/{name}"),
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
