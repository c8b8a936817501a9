/**
 * Sentences below the doors name no command, option or route: what to do in a door's words is an error's
 * remedy. They are read as text, so a copy that is instrumented
 * (for mutants, for coverage) is no place for this test.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCES = new URL("../../src/", import.meta.url).pathname;
/** The houses whose errors reach every door. */
const HOUSES = ["adapters", "app", "base", "format", "stages"];
/** What only the command line shows: which command does what a network lacks; a profile that it writes. */
const OF_COMMANDS: ReadonlySet<string> = new Set([
  "stages/network/networkNeeds.ts",
  "stages/ingest/propose/proposeProfile.ts",
]);

/** Every text in the sources that is a sentence, or a part of one that is put together. */
function sentences(): string[] {
  const files = HOUSES.flatMap((house) =>
    readdirSync(join(SOURCES, house), { recursive: true, encoding: "utf8" })
      .map((name) => join(house, name))
      .filter((path) => path.endsWith(".ts") && !OF_COMMANDS.has(path))
      .map((path) => readFileSync(join(SOURCES, path), "utf8")),
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

const OF_A_DOOR =
  /\bmicrotonne (?!hmac-dev|knows|\$)[a-z]|(?:^|[\s(`])--[a-z]|\b(?:GET|POST|PUT|DELETE) \/v1\//;

describe("sentences below the doors", () => {
  it("name no command, option or route", () => {
    const all = sentences();
    expect(all.length).toBeGreaterThan(1000);
    expect(all.filter((text) => OF_A_DOOR.test(text))).toEqual([]);
  });
});
