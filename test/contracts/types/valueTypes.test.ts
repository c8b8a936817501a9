import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
}
interface Message {
  readonly severity: string;
  readonly message: string;
  readonly sourceLocation?: { readonly file: string };
}

/** What each stands for is in the names; each statement compiles where these are in scope. */
const FITTING: readonly string[] = [
  "Serials.toBaseUnits(mass)",
  "Serials.unitsToBaseUnits(units)",
  "Serials.toMilligramsDown(baseUnits)",
  "credit.mint(account, id, baseUnits)",
  "pool.deposit(batchId, mass)",
  "batches.cureByBurning(batchId, mass)",
  "batches.strike(batchId, index, position, position)",
  "batches.isStruck(batchId, index)",
  "CivilYear.yearOf(day)",
  "methodologies.setValidity(methodologyId, day, day)",
  "day <= day",
];
/** Mixed up, and what the compiler says. */
const MIXED_UP: readonly (readonly [what: string, statement: string, message: RegExp])[] = [
  ["base units as a mass", "Serials.toBaseUnits(baseUnits)", /from uint256 to Milligrams/u],
  ["a mass as base units", "credit.mint(account, id, mass)", /from Milligrams to uint256/u],
  ["units of a registry as a mass", "Serials.toBaseUnits(units)", /from uint64 to Milligrams/u],
  ["a mass as units of a registry", "Serials.unitsToBaseUnits(mass)", /from Milligrams to uint64/u],
  ["a serial position as a mass", "pool.deposit(batchId, position)", /from uint64 to Milligrams/u],
  ["a number of days as a mass", "batches.cureByBurning(batchId, period)", /from uint32 to Milligrams/u],
  ["a mass added to a number", "position + mass", /operator \+ .* uint64 and Milligrams/u],
  ["two masses added unseen", "mass + mass", /operator \+ .* Milligrams and Milligrams/u],
  ["a leaf's index as a day", "CivilYear.yearOf(index)", /from LeafIndex to Day/u],
  ["a day as a leaf's index", "batches.isStruck(batchId, day)", /from Day to LeafIndex/u],
  [
    "a position as a leaf's index",
    "batches.strike(batchId, position, position, position)",
    /from uint64 to LeafIndex/u,
  ],
  ["a batch as a leaf's index", "batches.isStruck(batchId, batchId)", /from BatchId to LeafIndex/u],
  ["a leaf's index as a batch", "batches.isStruck(index, index)", /from LeafIndex to BatchId/u],
  [
    "a number of days as a day",
    "methodologies.setValidity(methodologyId, day, period)",
    /from uint32 to Day/u,
  ],
  ["a day compared with a number of days", "day <= period", /operator <= does not match .* Day/u],
];
const IMPORTS: readonly (readonly [name: string, path: string])[] = [
  ["Serials", "libraries/Serials.sol"],
  ["CivilYear", "libraries/CivilYear.sol"],
  ["BatchId", "types/BatchId.sol"],
  ["Day", "types/Day.sol"],
  ["LeafIndex", "types/LeafIndex.sol"],
  ["Milligrams", "types/Milligrams.sol"],
  ["IBatchRegistry", "interfaces/IBatchRegistry.sol"],
  ["ICarbonCredit", "interfaces/ICarbonCredit.sol"],
  ["ICarbonPool", "interfaces/ICarbonPool.sol"],
  ["IMethodologyRegistry", "interfaces/IMethodologyRegistry.sol"],
];

/** A contract that only consists of one statement and of what the statement may name. */
const contractOf = (statement: string): string => `pragma solidity 0.8.30;
${IMPORTS.map(([name, path]) => `import {${name}} from "contracts/${path}";`).join("\n")}
contract Statement {
    BatchId batchId; LeafIndex index; Day day; Milligrams mass;
    uint64 position; uint64 units; uint32 period; uint256 baseUnits; uint256 id;
    address account; bytes32 methodologyId;
    IBatchRegistry batches; ICarbonCredit credit; ICarbonPool pool; IMethodologyRegistry methodologies;
    function run() external { ${statement}; }
}`;

/** The compiler's errors about each statement, in the same order. */
function errorsOf(statements: readonly string[]): string[][] {
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const names = statements.map((_, i) => `statement${String(i)}.sol`);
  const sources = Object.fromEntries(
    statements.map((statement, i) => [names[i], { content: contractOf(statement) }]),
  );
  const output = compiler.compile(
    JSON.stringify({ language: "Solidity", sources, settings: { outputSelection: {} } }),
    { import: (path) => ({ contents: readFileSync(sourceOf(path), "utf8") }) },
  );
  const { errors = [] } = JSON.parse(output) as { errors?: readonly Message[] };
  const failures = errors.filter(({ severity }) => severity === "error");
  expect(failures.filter(({ sourceLocation }) => !names.includes(sourceLocation?.file ?? ""))).toEqual([]);
  return names.map((name) =>
    failures.filter(({ sourceLocation }) => sourceLocation?.file === name).map(({ message }) => message),
  );
}

const sourceOf = (path: string): URL =>
  new URL(path.startsWith("@") ? `node_modules/${path}` : path, new URL("../../../", import.meta.url));

describe("value types", () => {
  it("let everything through that stands where it belongs", () => {
    expect(errorsOf(FITTING)).toEqual(FITTING.map(() => []));
  });

  it("make the compiler refuse what is mixed up", () => {
    const errors = errorsOf(MIXED_UP.map(([, statement]) => statement));
    const said = MIXED_UP.map(([what, , message], i) => [
      what,
      errors[i]?.length,
      message.test(String(errors[i])),
    ]);
    expect(said).toEqual(MIXED_UP.map(([what]) => [what, 1, true]));
  });
});
