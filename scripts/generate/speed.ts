/** Writes the picture and the figures of docs/speed.md out of docs/speed.json, what the benches came to. */
import { readFile, writeFile } from "node:fs/promises";
import type { BenchReport, SizeResult } from "../bench/sizeResults.ts";
import { readOptions } from "../setup/readOptions.ts";
import { speedChart } from "./speedChart.ts";

const HELP = `Writes docs/speed.svg and the figures of docs/speed.md out of docs/speed.json: an array of what
bench:tree, bench:verify, bench:proof, bench:close and bench:ingest print with --json.

  node scripts/generate/speed.ts --write   writes them
  node scripts/generate/speed.ts --check   fails where they are stale
`;
const docs = (name: string): URL => new URL(`../../docs/${name}`, import.meta.url);
const [BEGIN, END] = ["<!-- figures: scripts/generate/speed.ts -->", "<!-- end of figures -->"];

async function generate(): Promise<{ page: string; picture: string }> {
  const reports = JSON.parse(await readFile(docs("speed.json"), "utf8")) as BenchReport[];
  const page = await readFile(docs("speed.md"), "utf8");
  const [before = "", rest = ""] = page.split(BEGIN);
  const [, after = ""] = rest.split(END);
  const figures = reports.map(figuresOf).join("\n");
  return { page: `${before}${BEGIN}\n\n${figures}\n${END}${after}`, picture: speedChart(reports) };
}

function figuresOf({ bench, unit, sizesIn = "leaves", rounds, machine, load, sizes }: BenchReport): string {
  const title = `**${bench}**, ${unit}; ${String(rounds)} rounds on ${String(machine.threads)} threads of an \
${machine.processor}, Node ${machine.node.replace("v", "")}, load ${load.before.toFixed(1)} before and \
${load.after.toFixed(1)} after`;
  const columns = "who | of processor time | by the clock | ours by it, processor time | by the clock";
  const head = `| ${sizesIn} | ${columns} |`;
  return `${title}\n\n${head}\n|---:|---|---:|---:|---:|---:|\n${sizes.map(rowsOf).join("")}`;
}

function rowsOf({ leaves, cpu, spread, also, peerLeaves, figures = {}, ...wall }: SizeResult): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const [lowest, highest] = spread.map(figureText);
  const ours = `${figureText(cpu.ours)} (${String(lowest)} to ${String(highest)})`;
  return [
    row([figureText(leaves), "ours", ours, figureText(wall.ours), "", ""]),
    ...Object.keys(wall.peers).map((peer) =>
      row([
        figureText(peerLeaves[peer] ?? leaves),
        peer,
        figureText(cpu.peers[peer]),
        figureText(wall.peers[peer]),
        `${figureText(cpu.ratios[peer])} ×`,
        `${figureText(wall.ratios[peer])} ×`,
      ]),
    ),
    row([
      "",
      "limit",
      figureText(cpu.limit),
      figureText(wall.limit),
      figureText(cpu.ofLimit),
      figureText(wall.ofLimit),
    ]),
    ...Object.entries({ ...also, ...figures }).map(([name, rate]) =>
      row([figureText(leaves), name, "", figureText(rate), "", ""]),
    ),
  ].join("");
}

function figureText(figure = Number.NaN): string {
  if (figure >= 100) return Math.round(figure).toLocaleString("en-US");
  return figure < 0.01 ? figure.toFixed(4) : figure.toPrecision(2);
}

const { values } = readOptions(HELP, {
  options: { write: { type: "boolean", default: false }, check: { type: "boolean", default: false } },
});
const { page, picture } = await generate();
if (values.write) {
  await writeFile(docs("speed.md"), page);
  await writeFile(docs("speed.svg"), picture);
} else if (values.check) {
  const stale = [
    ["speed.md", page],
    ["speed.svg", picture],
  ] as const;
  for (const [name, text] of stale) {
    if ((await readFile(docs(name), "utf8").catch(() => "")) === text) continue;
    process.stderr.write(`docs/${name} is stale. Run \`npm run bench:page\`.\n`);
    process.exitCode = 1;
  }
} else process.stdout.write(HELP);
