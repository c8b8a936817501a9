import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Mutant, MutantList } from "./mutants/list.ts";
import { type Fate, Workplace } from "./mutants/workplace.ts";
import { readOptions } from "../setup/readOptions.ts";
import { MIN_SCORE } from "../test/mutants/scoreOf.ts";

const LISTS = "test/contracts/mutants";
const HELP = `Breaks the contracts in many small ways, in a copy of the project,
and reports which breaks the tests notice.

  node scripts/contracts/mutants.ts --run                       all lists under ${LISTS}
  node scripts/contracts/mutants.ts --run credits accounting    these lists
  node scripts/contracts/mutants.ts --run credits --only 3,17   these mutants, numbered as in the report

Fails where a list scores below ${String(MIN_SCORE)} %, where a mutant does not compile or is out of date,
and where the tests fail unbroken.
`;

/** Exit code 0 only where the list is in order and scores enough. */
function judge(name: string, fates: readonly Fate[]): boolean {
  const count = (fate: Fate) => fates.filter((one) => one === fate).length;
  const score = (100 * count("killed")) / fates.length;
  console.log(`${name}: ${String(count("killed"))} of ${String(fates.length)} killed, ${score.toFixed(1)} %`);
  return score >= MIN_SCORE && count("does not compile") === 0;
}

function runList(workplace: Workplace, name: string, list: MutantList, only: ReadonlySet<number>): boolean {
  if (!workplace.testsPass(list)) {
    console.log(`${name}: the tests fail on the contracts as they are.`);
    return false;
  }
  const chosen = [...list.mutants.entries()].filter(([i]) => only.size === 0 || only.has(i + 1));
  const fates = chosen.map(([i, mutant]) => {
    const fate = workplace.fateOf(mutant, list);
    console.log(`${fate.padEnd(16)} ${name} ${String(i + 1)} ${describe(mutant)}`);
    return fate;
  });
  return judge(name, fates);
}

function describe({ file, search, replacement }: Mutant): string {
  const short = (text: string) => text.trim().replaceAll(/\s+/g, " ").slice(0, 70);
  return `${path.basename(file)}: ${short(search)} → ${short(replacement) || "nothing"}`;
}

async function loadList(name: string): Promise<MutantList> {
  const module = (await import(pathToFileURL(path.resolve(LISTS, `${name}.ts`)).href)) as {
    mutants: MutantList;
  };
  return module.mutants;
}

const { values, positionals } = readOptions(HELP, {
  allowPositionals: true,
  options: { run: { type: "boolean" }, only: { type: "string" } },
});
if (values.run !== true) {
  console.log(HELP);
} else {
  const all = readdirSync(LISTS).map((file) => path.basename(file, ".ts"));
  const only = new Set((values.only ?? "").split(",").filter(Boolean).map(Number));
  const workplace = new Workplace(process.cwd());
  try {
    for (const name of positionals.length > 0 ? positionals : all) {
      if (!runList(workplace, name, await loadList(name), only)) process.exitCode = 1;
    }
  } finally {
    workplace.remove();
  }
}
