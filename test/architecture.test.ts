/**
 * Keeps the layout that the documents describe true. The tables in src/README.md and README.md are the rules;
 * each rule is seen to bite.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { twiceDefined, twiceWritten, writtenSpans } from "./support/architecture/constantRules.ts";
import { forbiddenImports, parseImportRules, type Source } from "./support/architecture/importRules.ts";
import { namedPaths, namedScripts } from "./support/architecture/markdown.ts";
import { misnamedFiles, oddBounds } from "./support/architecture/nameRules.ts";
import { idlePackages, parseHomes, strayPackages } from "./support/architecture/packageRules.ts";
import { straysAmongTests, unmirroredTests, wideLines } from "./support/architecture/placeRules.ts";
import { circles, forbiddenDoors, parseRooms } from "./support/architecture/roomRules.ts";

const MAX_LINES = 400;
const MAX_WIDTH = 110;
/** Files that bear another name than their one function, and why. */
const OTHER_NAMES = [
  // An entry point: its path is what others import.
  "src/client/index.ts",
  // Types are the matter, the function goes with them.
  "src/demo/cityDay.ts",
  "src/demo/generate/feed.ts",
  "src/kernel/workers/leafChunk.ts",
];
const TOP_FOLDERS = ["src", "contracts", "scripts", "deployments", "test", "docs", ".ci"];
const GENERATED = /\.generated\.ts$|^test\/vectors\//;

const read = (path: string): Source => ({ path, text: readFileSync(path, "utf8") });
const find = (...patterns: string[]): Source[] => globSync(patterns).toSorted().map(read);

const sources = find("src/**/*.ts");
const code = [
  ...sources,
  ...find("scripts/**/*.{ts,mjs}", "test/**/*.{ts,sol}", "contracts/**/*.sol", "*.ts"),
];
/** What is named by its authors: no generated files. */
const named = code
  .filter(({ path }) => /\.(?:ts|mjs)$/.test(path) && !path.endsWith(".test.ts"))
  .filter(({ path }) => !GENERATED.test(path));
const documents = find("*.md", "{src,scripts,contracts,deployments,test,docs}/**/*.md");
const rules = parseImportRules(read("src/README.md").text);
const rooms = parseRooms(read("src/README.md").text);
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

describe("rooms", () => {
  it("have doors only where the table of rooms allows", () => {
    expect(rooms.length).toBeGreaterThan(40);
    expect(forbiddenDoors(sources, rooms)).toEqual([]);
  });

  it("are all there, and their doors make no circle", () => {
    expect(rooms.filter(({ house, room }) => !existsSync(`src/${house}/${room}`))).toEqual([]);
    expect(circles(rooms)).toEqual([]);
  });

  it.each([
    ["src/app/process/a.ts", "../context.ts"],
    ["src/app/context.ts", "./openContext.ts"],
    ["src/app/attest/a.ts", "../batches/b.ts"],
    ["src/format/batch/a.ts", "../proofs/b.ts"],
    ["src/stages/ingest/rows/xlsx/a.ts", "../../map/b.ts"],
    ["src/adapters/storage/engine/a.ts", "../events/b.ts"],
    ["src/doors/http/pipeline/a.ts", "../routes.ts"],
  ])("of which %s lies in one have no door to %s", (path, specifier) => {
    const text = `import type { A } from "${specifier}";`;
    expect(forbiddenDoors([{ path, text }], rooms)).toHaveLength(1);
  });

  it("are known to the table, and a circle in it is seen", () => {
    expect(forbiddenDoors([{ path: "src/app/newcomers/a.ts", text: "" }], rooms)).toHaveLength(1);
    const row = (room: string, ...may: string[]) => ({ house: "app", room, may });
    expect(circles([row("a", "b"), row("b", "c"), row("c", "a"), row("d", "a")])).toEqual([
      "app/a",
      "app/b",
      "app/c",
    ]);
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
    const { dependencies, optionalDependencies, devDependencies } = packageJson;
    const installed = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
    expect([...homes.keys()].toSorted()).toEqual(installed.toSorted());
    for (const home of new Set([...homes.values()].flat())) expect(existsSync(home), home).toBe(true);
  });

  it("are each used in their home", () => {
    // Those that run: the README's first table, bundled into the package or installed with it.
    const [running = ""] = read("README.md").text.split("| tool |");
    const names = [...parseHomes(running).keys()];
    expect(names.length).toBeGreaterThan(25);
    const { dependencies, optionalDependencies } = packageJson;
    expect(names).toEqual(expect.arrayContaining(Object.keys({ ...dependencies, ...optionalDependencies })));
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

  it(`have lines of at most ${String(MAX_WIDTH)} characters`, () => {
    const own = code.filter((file) => !GENERATED.test(file.path));
    expect(wideLines([...own, ...find("docs/examples/*.mjs")], MAX_WIDTH)).toEqual([]);
    const text = `${"a".repeat(MAX_WIDTH)}\n${"a".repeat(MAX_WIDTH + 1)}\n`;
    expect(wideLines([{ path: "src/a.ts", text }], MAX_WIDTH)).toEqual(["src/a.ts:2"]);
  });

  it("bear the name of the one function or class that they export", () => {
    expect(misnamedFiles(named, OTHER_NAMES)).toEqual([]);
  });

  it.each([
    "export function readB(): void {}",
    "export async function* readB() {}",
    "export default class B {}",
    "export interface A {}\nexport abstract class B {}",
  ])("are not called a.ts with %s in them", (text) => {
    expect(misnamedFiles([{ path: "src/a.ts", text }], [])).toHaveLength(1);
  });

  it.each([
    ["src/readB.ts", "export type A = string;\nexport function readB(): void {}"],
    ["src/bookOfB.ts", "export class BookOfB {}"],
    ["src/a.ts", "export const B = 1;\nexport function readB(): void {}"],
    ["src/a.ts", 'export { c } from "./c.ts";\nexport function readB(): void {}'],
  ])("may be called %s with %s in them", (path, text) => {
    expect(misnamedFiles([{ path, text }], [])).toEqual([]);
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

describe("constants", () => {
  /** The kernel imports nothing; set-up runs before there is anything to import. */
  const sharing = named.filter(({ path }) => !/^(?:src\/kernel|scripts\/setup|test)\//.test(path));

  it("are defined once", () => {
    expect(twiceDefined(sharing)).toEqual([]);
    expect(writtenSpans(sharing)).toEqual([]);
    expect(twiceWritten(sharing)).toEqual([]);
    // What its AssemblyScript defines can't be imported by TypeScript.
    const kernel = named.filter(({ path }) => /^src\/kernel\/(?!assembly\/)/.test(path));
    expect(twiceDefined(kernel)).toEqual([]);
  });

  it.each(["const ID = /^[a-z]{2}$/;", "if (/^[a-z]{2}$/.test(x))", "z.string().regex(/^[a-z]{2}$/, 'no')"])(
    "have names where they are patterns of a whole text: %s",
    (text) => {
      const files = [
        { path: "src/a.ts", text },
        { path: "src/b.ts", text: "z.string().regex(/^[a-z]{2}$/);" },
      ];
      expect(twiceWritten(files)).toHaveLength(1);
      expect(twiceWritten(files.slice(1))).toEqual([]);
    },
  );

  it.each([
    ["const DAY = 86_400;", "const DAY = 86400;"],
    ["export const WORD: number = 32;", "const WORD = 32;"],
  ])("are seen to be the same: %s and %s", (one, other) => {
    const files = [
      { path: "src/a.ts", text: `${one}\n` },
      { path: "src/b.ts", text: `${other}\n` },
    ];
    expect(twiceDefined(files)).toHaveLength(1);
    expect(twiceDefined(files.slice(1))).toEqual([]);
  });

  it.each(["const a = 7 * 86_400;", "wait(3_600_000);", "`day * 86400`", "const a = 3600n;", "max(604_800)"])(
    "have names where time is measured: %s",
    (text) => expect(writtenSpans([{ path: "src/a.ts", text }])).toHaveLength(1),
  );

  it("may be told of in words", () => {
    const text = '/** 86400 s. */\nconst a = "3600 seconds"; // 3600\nconst b = 186_400;';
    expect(writtenSpans([{ path: "src/a.ts", text }])).toEqual([]);
  });

  it("that bound something are called MAX_ or MIN_", () => {
    expect(oddBounds(named)).toEqual([]);
    for (const name of ["MOST_ROWS", "LONGEST_NAME", "LEAST_SCORE", "FEWEST"])
      expect(oddBounds([{ path: "src/a.ts", text: `export const ${name} = 1;` }])).toHaveLength(1);
  });
});

describe("tests", () => {
  const paths = find("test/**/*.ts").map(({ path }) => path);

  it("have their helpers in support/ only", () => {
    expect(straysAmongTests(paths)).toEqual([]);
    const strays = ["test/unit/app/helpers.ts", "test/e2e/support/a.test.ts"];
    expect(straysAmongTests([...strays, "test/e2e/support/a.ts", "test/e2e/a.test.ts"])).toEqual(strays);
  });

  it("of units mirror the folders of src and scripts", () => {
    const folders = new Set(globSync(["src/**/", "scripts/**/"]).map((folder) => folder.replace(/\/$/, "")));
    expect(unmirroredTests(paths, folders)).toEqual([]);
    const strays = ["test/unit/docs/a.test.ts", "test/unit/a.test.ts", "test/unit/scripts/none/a.test.ts"];
    expect(unmirroredTests([...strays, "test/unit/format/batch/a.test.ts"], folders)).toEqual(strays);
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
