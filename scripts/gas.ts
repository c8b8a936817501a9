import { parseArgs } from "node:util";
import hre from "hardhat";
import { measureGas } from "../test/contracts/support/gas.ts";

const HELP = `Measures the gas of the contracts' operations on Hardhat's EVM, Cancun rules (run "hardhat build" first).

  node scripts/gas.ts --table   print a table
  node scripts/gas.ts --json    print [{operation, gas, target}]
`;

const { values } = parseArgs({ options: { table: { type: "boolean" }, json: { type: "boolean" } } });
if (values.table !== true && values.json !== true) {
  console.log(HELP);
} else {
  const { ethers } = await hre.network.connect();
  const figures = await measureGas(ethers);
  if (values.json === true) console.log(JSON.stringify(figures));
  else console.table(figures);
}
