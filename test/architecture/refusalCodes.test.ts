/** Each code that the sources refuse with stands in a test or a vector. */
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { refusalCodes, unnamedCodes } from "../support/architecture/codeRules.ts";
import type { Source } from "../support/architecture/importRules.ts";

/** Codes that no test produces, and why. One that is gone, or that a test names, must go from here. */
const UNTESTED: Readonly<Record<string, string>> = {
  "chain.empty": "An embedded chain has a block from its start.",
  "demo.counts": "A fault of ours: the demo finds other counts than it planted.",
  "demo.tampered": "A fault of ours: the verifier takes a changed proof.",
  "signed-file.too-large": "It takes 2^32 records.",
  "upload.write": "The library of uploads reports what went wrong on disk as an error of its own.",
  "webhook.deliver": "No refusal: a kind of job.",
};

const find = (...patterns: string[]): Source[] =>
  globSync(patterns)
    .toSorted()
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
const codes = refusalCodes(find("src/**/*.ts"));
const tests = find("test/**/*.test.ts", "test/**/support/*.ts", "test/vectors/**/*.json").filter(
  ({ path }) => !/^test\/(?:architecture|support\/architecture)\//.test(path),
);

it("every refusal code is named by a test or a vector, but for those that no test can produce", () => {
  expect(codes.length).toBeGreaterThan(500);
  expect(unnamedCodes(codes, tests)).toEqual(Object.keys(UNTESTED).toSorted());
});

const ERRORS = { path: "src/errors.ts", text: "class InputError extends MicrotonneError {}" };
const codesIn = (...texts: string[]) =>
  refusalCodes([ERRORS, ...texts.map((text, index) => ({ path: `src/${String(index)}.ts`, text }))]);

it.each([
  ['throw new InputError("a.plain", "No.");', ["a.plain"]],
  ['throw new InputError(late ? "a.late" : "a.json", "No.");', ["a.json", "a.late"]],
  ['class Odd extends InputError {}\nthrow new Odd(400, "a.odd", `No, ${why("(")}.`);', ["a.odd"]],
  [
    'function no(why: string, what: string) {\n  new InputError(`b.${what}`, why);\n}\nno("x, y", "by-it");',
    ["b.by-it"],
  ],
  [
    'throw new InputError("a.b", "No.");\nconst TABLE = { "a.table": "No.", "c.other": 1 };',
    ["a.b", "a.table"],
  ],
  ['throw new InputError("a.b", "No.");\nimport { c } from "./a.ts"; // "a.comment"', ["a.b"]],
])("codes are found where they are made: %s", (text, expected) => {
  expect(codesIn(text)).toEqual(expected);
});

it("a helper makes codes where it is imported, and nowhere else", () => {
  const helper = "export function no(code: string) {\n  return new InputError(`b.${code}`, `No.`);\n}";
  const user = 'import { no } from "./0.ts";\nthrow no("used");';
  const namesake = 'const no = (text: string) => text;\nno("namesake");';
  expect(codesIn(helper, user, namesake)).toEqual(["b.used"]);
});

it("a code is named whole, or as what a test puts behind its beginning", () => {
  const text =
    'toThrow(code("late")); const code = (what: string) => ({ code: `a.${what}` }); // b.whole-one';
  expect(
    unnamedCodes(["a.late", "a.early", "b.whole-one", "b.whole"], [{ path: "a.test.ts", text }]),
  ).toEqual(["a.early", "b.whole"]);
});
