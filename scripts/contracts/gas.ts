import { readFile, writeFile } from "node:fs/promises";
import { measureGas } from "../../test/contracts/support/measureGas.ts";
import { measureBytecode } from "./gas/bytecode.ts";
import { gasPage } from "./gas/gasPage.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Measures the gas of each operation and the size of each contract (run "hardhat build" first).

  node scripts/contracts/gas.ts           print a table
  node scripts/contracts/gas.ts --json    print [{"operation", "gas", "target", "bestPeer"}] and nothing else
  node scripts/contracts/gas.ts --write   write docs/gas.md
  node scripts/contracts/gas.ts --check   exit with 1 if docs/gas.md is not what --write would write
`;
const PAGE = new URL("../../docs/gas.md", import.meta.url);

/** Lines that only one of the two texts has, so that a failed check says which figures moved. */
function differences(stored: string, measured: string): string {
  const [old, now] = [stored.split("\n"), measured.split("\n")];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const come = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].join("\n");
}

const { values } = readOptions(HELP, {
  options: {
    json: { type: "boolean" },
    write: { type: "boolean" },
    check: { type: "boolean" },
  },
});
const figures = await measureGas();
if (values.json === true) {
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
} else if (values.write === true || values.check === true) {
  const page = gasPage(figures, await measureBytecode());
  const stored = values.write === true ? page : await readFile(PAGE, "utf8").catch(() => "");
  if (values.write === true) await writeFile(PAGE, page);
  if (stored !== page) {
    console.error(`docs/gas.md is stale. Run: npm run gas -- --write\n${differences(stored, page)}`);
    process.exitCode = 1;
  }
} else {
  console.table(figures);
}
