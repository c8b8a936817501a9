/**
 * Keeps the layout that the documents describe true. The tables in src/README.md and README.md are the rules;
 * each rule is seen to bite.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { forbiddenImports, parseImportRules, type Source } from "./support/architecture/importRules.ts";
import { namedPaths, namedScripts } from "./support/architecture/markdown.ts";
import { idlePackages, parseHomes, strayPackages } from "./support/architecture/packageRules.ts";

const MAX_LINES = 400;
const TOP_FOLDERS = ["src", "contracts", "scripts", "deployments", "test", "docs", ".ci"];
const GENERATED = /\.generated\.ts$|^test\/vectors\//;

const read = (path: string): Source => ({ path, text: readFileSync(path, "utf8") });
const find = (...patterns: string[]): Source[] => globSync(patterns).toSorted().map(read);

const sources = find("src/**/*.ts");
const code = [
  ...sources,
  ...find("scripts/**/*.{ts,mjs}", "test/**/*.{ts,sol}", "contracts/**/*.sol", "*.ts"),
];
const documents = find("*.md", "{src,scripts,contracts,deployments,test,docs}/**/*.md");
const rules = parseImportRules(read("src/README.md").text);
const homes = parseHomes(read("README.md").text);

describe("imports", () => {
  it("go only where the may-import table allows", () => {
    expect(rules.length).toBeGreaterThan(5);
    expect(forbiddenImports(sources, rules)).toEqual([]);
  });

  it.each([
    ["src/base/types/a.ts", "../lib/b.ts"],
    ["src/base/errors/a.ts", "../lib/b.ts"],
    ["src/format/a.ts", "../stages/pool/ports.ts"],
    ["src/stages/ingest/a.ts", "../quantify/b.ts"],
    ["src/stages/attest/a.ts", "../../adapters/chain/readOnly.ts"],
    ["src/adapters/chain/a.ts", "../storage/b.ts"],
    ["src/adapters/chain/a.ts", "../../stages/outbox/quorum.ts"],
    ["src/app/a.ts", "../doors/cli/b.ts"],
    ["src/app/a.ts", "../verify/b.ts"],
    ["src/doors/cli/a.ts", "../../adapters/chain/b.ts"],
    ["src/doors/cli/a.ts", "../../../scripts/b.ts"],
    ["src/verify/a.ts", "../adapters/chain/outbox.ts"],
    ["src/verify/a.ts", "../app/b.ts"],
  ])("from %s of %s are refused", (path, specifier) => {
    const forms = [
      `import { a } from "${specifier}";`,
      `import type {\n  A,\n} from "${specifier}";`,
      `export * from "${specifier}";`,
      `import "${specifier}";`,
      `const a = await import("${specifier}");`,
    ];
    for (const text of forms) expect(forbiddenImports([{ path, text }], rules)).toHaveLength(1);
  });

  it.each([
    ["src/stages/pool/a.ts", "./b.ts"],
    ["src/stages/pool/a.ts", "../../format/leaf.ts"],
    ["src/adapters/chain/intents/a.ts", "../client.ts"],
    ["src/adapters/chain/a.ts", "../../stages/outbox/ports.ts"],
    ["src/verify/a.ts", "../adapters/chain/readOnly.ts"],
  ])("from %s of %s are allowed", (path, specifier) => {
    expect(forbiddenImports([{ path, text: `import { a } from "${specifier}";` }], rules)).toEqual([]);
  });

  it("come only from folders that the table knows", () => {
    expect(forbiddenImports([{ path: "src/helpers/a.ts", text: "" }], rules)).toHaveLength(1);
  });
});

describe("packages", () => {
  it("are imported by sources only in their homes", () => {
    expect(strayPackages(sources, homes)).toEqual([]);
  });

  it.each([
    ["src/app/a.ts", "viem"],
    ["src/verify/a.ts", "viem/utils"],
    ["src/app/a.ts", "pg"],
    ["src/app/a.ts", "@electric-sql/pglite"],
    ["src/doors/cli/a.ts", "csv-parse/sync"],
    ["src/app/a.ts", "yaml"],
    ["src/app/a.ts", "express"],
    ["src/adapters/chain/a.ts", "ethers"],
  ])("are refused elsewhere: %s, %s", (path, specifier) => {
    expect(strayPackages([{ path, text: `import { a } from "${specifier}";` }], homes)).toHaveLength(1);
  });

  it("each have a row in the README, and the README has no others", () => {
    const installed = [...Object.keys(packageJson.dependencies), ...Object.keys(packageJson.devDependencies)];
    expect([...homes.keys()].toSorted()).toEqual(installed.toSorted());
    for (const home of new Set([...homes.values()].flat())) expect(existsSync(home), home).toBe(true);
  });

  it("are each used in their home", () => {
    const names = Object.keys(packageJson.dependencies);
    expect(idlePackages(names, code, homes)).toEqual([]);
    expect(
      idlePackages(["viem"], [{ path: "src/app/a.ts", text: 'import { a } from "viem";' }], homes),
    ).toHaveLength(1);
  });
});

describe("files", () => {
  it("are named after what they do", () => {
    const nameless = code
      .map((file) => file.path)
      .filter((path) => /(^|\/)utils?\.(ts|mjs|sol)$/i.test(path));
    expect(nameless).toEqual([]);
  });

  it(`have at most ${String(MAX_LINES)} lines`, () => {
    const long = code.filter(
      (file) => !GENERATED.test(file.path) && file.text.split("\n").length - 1 > MAX_LINES,
    );
    expect(long.map((file) => file.path)).toEqual([]);
  });

  it("read the process environment only in src/app/process/config.ts", () => {
    const readers = sources.filter((file) =>
      /\bprocess\s*\.\s*env\b|\benv\b[^;]*from "node:process"/.test(file.text),
    );
    expect(readers.map((file) => file.path).filter((path) => path !== "src/app/process/config.ts")).toEqual(
      [],
    );
  });
});

describe("documents", () => {
  it.each(documents.map((document) => document.path))("%s names only paths that exist", (path) => {
    const { links, paths } = namedPaths(read(path).text, TOP_FOLDERS);
    const missing = [...links.map((link) => posix.join(posix.dirname(path), link)), ...paths].filter(
      (target) => !existsSync(target),
    );
    expect(missing).toEqual([]);
  });

  it.each(documents.map((document) => document.path))("%s names only npm scripts that exist", (path) => {
    expect(namedScripts(read(path).text).filter((name) => !(name in packageJson.scripts))).toEqual([]);
  });
});
