import { drawSample } from "./mutants/drawSample.ts";
import { findMutants, type FoundMutant, isEquivalent } from "./mutants/findMutants.ts";
import { FOLDERS } from "./mutants/folders.ts";
import { placesOf } from "./mutants/placesOf.ts";
import { type Fate, readResults } from "./mutants/readResults.ts";
import { runStryker } from "./mutants/runStryker.ts";
import { MIN_SCORE, type Score, scoreOf } from "./mutants/scoreOf.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Breaks the sources of a folder in many small ways, in a copy of the project, and reports which
breaks the tests notice (Stryker, vitest).

  node scripts/test/mutants.ts --folder src/format                          every mutant: hours
  node scripts/test/mutants.ts --folder src/format --sample 150 --seed 1    150 drawn at random: minutes
  node scripts/test/mutants.ts --folder src/format --sample 40 batch/leaf   drawn from paths that hold this

  --folder   one of ${Object.keys(FOLDERS).join(", ")}
  --sample   how many mutants are drawn; the score is then an estimate, with its 95 % interval
  --seed     a number; the same one draws the same mutants (1)
  --jobs     how many mutants are tried at once (2)
  --fresh    forgets earlier results: what depends on other files than the mutant's own and its tests'
  --json     one object on standard output
  --help     this text

Ctrl-C keeps what is done; the same command goes on from there, and a larger sample of the same seed holds
the smaller one. Mutants that change nothing are listed, each with its reason, under
scripts/test/mutants/equivalents, and are not drawn.
Fails where the score is below ${String(MIN_SCORE)} %, and where the tests fail unbroken.
`;

interface Outcome {
  readonly folder: string;
  /** Of the folder, equivalent ones left out. */
  readonly mutants: number;
  readonly equivalent: number;
  readonly drawn: number;
  readonly seed: number | null;
  /** Whether all that were drawn were tried. */
  readonly whole: boolean;
  readonly score: Score;
  readonly alive: readonly (FoundMutant & { readonly fate: Fate })[];
}

function print({ folder, mutants, equivalent, drawn, seed, whole, score, alive }: Outcome): void {
  const short = (text: string) => text.trim().replaceAll(/\s+/g, " ").slice(0, 90);
  for (const { fate, fileName, location, code, replacement, mutatorName } of alive) {
    const where = `${fileName}:${String(location.start.line + 1)}:${String(location.start.column + 1)}`;
    console.log(`${fate.padEnd(10)} ${where} ${mutatorName}: ${short(code)} → ${short(replacement)}`);
  }
  const { killed, survived, noCoverage, timeout, broken, interval } = score;
  const sample = seed === null ? "all" : `${String(drawn)} drawn with seed ${String(seed)}`;
  console.log(`${folder}: ${String(mutants)} mutants and ${String(equivalent)} equivalent ones; ${sample}.`);
  console.log(
    `${String(killed)} killed, ${String(survived)} survived, ${String(noCoverage)} without coverage, ` +
      `${String(timeout)} timeout, ${String(broken)} kept the tests from being loaded`,
  );
  const reach = `${interval.low.toFixed(1)} to ${interval.high.toFixed(1)} %`;
  const confidence = seed === null && whole ? "" : ` (95 % interval: ${reach})`;
  console.log(`score ${score.score.toFixed(1)} %${confidence}${whole ? "" : "; not all were tried"}`);
}

/** A whole number above 0; ends the process where it is none. */
function readNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} must be a whole number above 0, not "${text}".\n`);
  process.exit(2);
}

const { values, positionals } = readOptions(HELP, {
  allowPositionals: true,
  options: {
    folder: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string" },
    jobs: { type: "string" },
    fresh: { type: "boolean" },
    json: { type: "boolean" },
  },
});
const folder = values.folder?.replace(/\/+$/, "");
const known = folder === undefined ? undefined : FOLDERS[folder];
if (folder === undefined) {
  console.log(HELP);
} else if (known === undefined) {
  process.stderr.write(
    `--folder must be one of ${Object.keys(FOLDERS).join(", ")}; there is no "${folder}".\n`,
  );
  process.exitCode = 2;
} else {
  const seed = readNumber("seed", values.seed ?? "1");
  const found = (await findMutants(folder)).filter(
    ({ fileName }) => positionals.length === 0 || positionals.some((part) => fileName.includes(part)),
  );
  const mutants = found.filter((mutant) => !isEquivalent(mutant, known.equivalents));
  const drawn =
    values.sample === undefined ? mutants : drawSample(mutants, readNumber("sample", values.sample), seed);
  const places = placesOf(folder);
  const concurrency = readNumber("jobs", values.jobs ?? "2");
  const code = await runStryker(folder, known, drawn, { places, concurrency, fresh: values.fresh === true });
  const fates = readResults(places.results);
  const judged = drawn.flatMap((mutant) => {
    const fate = fates.get(mutant.key);
    return fate === undefined ? [] : [{ ...mutant, fate }];
  });
  const outcome: Outcome = {
    folder,
    mutants: mutants.length,
    equivalent: found.length - mutants.length,
    drawn: drawn.length,
    seed: values.sample === undefined ? null : seed,
    whole: judged.length === drawn.length,
    score: scoreOf(judged.map(({ fate }) => fate)),
    alive: judged.filter(({ fate }) => fate === "Survived" || fate === "NoCoverage"),
  };
  if (code !== 0 && code !== null) {
    process.stderr.write(
      `${folder}: the tests fail on the sources as they are, or Stryker does; see ${places.log}.\n`,
    );
  } else if (values.json === true) console.log(JSON.stringify(outcome));
  else print(outcome);
  if (code !== 0 || outcome.score.score < MIN_SCORE) process.exitCode = code === null ? 130 : 1;
}
