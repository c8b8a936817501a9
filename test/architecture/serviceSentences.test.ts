/**
 * Sentences of the sources as the service says them. They are read as text, so a copy that is instrumented
 * (for mutants, for coverage) is no place for this test.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { serviceSentence } from "../../src/app/service/serviceSentence.ts";
import { ROUTES } from "../../src/doors/http/routes.ts";

const SOURCES = new URL("../../src/", import.meta.url).pathname;
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

const COMMAND_LINE = /\bmicrotonne (?!hmac-dev|knows|\$)[a-z]|(?:^|[\s(`])--[a-z]/;

describe("sentences of the service", () => {
  it("name routes and no command or option, whichever of the program's refusals it is", () => {
    const all = sentences();
    const spoken = all.filter((text) => COMMAND_LINE.test(text));
    expect(spoken.length).toBeGreaterThan(20);
    for (const text of spoken) expect(serviceSentence(text), text).not.toMatch(COMMAND_LINE);
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
});
