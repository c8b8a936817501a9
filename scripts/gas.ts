import hre from "hardhat";
import { measureGas } from "../test/contracts/support/gas.ts";
const { ethers } = await hre.network.connect();
console.table(await measureGas(ethers));
