import { readFileSync } from "node:fs";
import { keyOf, type Mutant } from "./keyOf.ts";

/** Answers of a checker, in Stryker's words, which knows two: a mutant is run, or does not compile. */
type Answer = { status: "passed" } | { status: "compileError"; reason: string };

/** What lines begin with that are for whoever waits. */
export const BEAT = "mutants: ";

/** What mutants that were not drawn are marked with, until `readResults` takes them out. */
export const NOT_DRAWN = "not drawn";

/** Lets run what was drawn, and nothing else. Ranges of lines could not: mutants lie inside each other. */
class DrawnChecker {
  static readonly inject = ["options"] as const;
  readonly #drawn: ReadonlySet<string>;

  constructor({ drawnFile }: { readonly drawnFile: string }) {
    this.#drawn = new Set(JSON.parse(readFileSync(drawnFile, "utf8")) as string[]);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  group(mutants: readonly (Mutant & { readonly id: string })[]): Promise<string[][]> {
    return Promise.resolve([mutants.map(({ id }) => id)]);
  }

  check(mutants: readonly (Mutant & { readonly id: string })[]): Promise<Record<string, Answer>> {
    const answers = mutants.map((mutant): [string, Answer] => [
      mutant.id,
      this.#drawn.has(keyOf(mutant)) ? { status: "passed" } : { status: "compileError", reason: NOT_DRAWN },
    ]);
    return Promise.resolve(Object.fromEntries(answers));
  }
}

/** Says on standard error how far it is: one line for every so many mutants. */
class BeatReporter {
  static readonly inject = ["options"] as const;
  readonly #drawn: ReadonlySet<string>;
  #done = 0;

  constructor({ drawnFile }: { readonly drawnFile: string }) {
    this.#drawn = new Set(JSON.parse(readFileSync(drawnFile, "utf8")) as string[]);
  }

  onDryRunCompleted({ result }: { readonly result: { readonly tests: readonly unknown[] } }): void {
    process.stderr.write(`${BEAT}${String(result.tests.length)} tests pass unbroken\n`);
  }

  onMutantTested(mutant: Mutant): void {
    const { line, column } = mutant.location.start;
    const { line: endLine, column: endColumn } = mutant.location.end;
    const location = {
      start: { line: line - 1, column: column - 1 },
      end: { line: endLine - 1, column: endColumn - 1 },
    };
    if (!this.#drawn.has(keyOf({ ...mutant, location }))) return;
    this.#done += 1;
    if (this.#done % 20 === 0) {
      process.stderr.write(`${BEAT}${String(this.#done)} of ${String(this.#drawn.size)} done\n`);
    }
  }
}

export const strykerPlugins = [
  { kind: "Checker", name: "drawn", injectableClass: DrawnChecker },
  { kind: "Reporter", name: "beat", injectableClass: BeatReporter },
];
