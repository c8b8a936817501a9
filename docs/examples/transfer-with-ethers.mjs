// Hands credits of a batch over to another participant: ethers alone, with the key file of `network key`.
//
//   RPC_URL=… DEPLOYMENT=deployments/<network>.json KEY_FILE=operator.key.json PASSWORD_FILE=password \
//     node docs/examples/transfer-with-ethers.mjs TO BATCH_ID MILLIGRAMS
//
// TO is the account of a participant that the network's registry knows. Prints the transaction's hash.
import { readFile } from "node:fs/promises";
import { Contract, JsonRpcProvider, Wallet } from "ethers";

const BASE_UNITS_PER_MILLIGRAM = 10n ** 9n;
const { RPC_URL, DEPLOYMENT, KEY_FILE, PASSWORD_FILE } = process.env;
const [to, batchId, milligrams] = process.argv.slice(2);

const { chainId, contracts } = JSON.parse(await readFile(DEPLOYMENT, "utf8"));
const provider = new JsonRpcProvider(RPC_URL, chainId, { staticNetwork: true });
const [password] = (await readFile(PASSWORD_FILE, "utf8")).split(/\r?\n/);
const holder = (await Wallet.fromEncryptedJson(await readFile(KEY_FILE, "utf8"), password)).connect(provider);
const credit = new Contract(
  contracts.CarbonCredit,
  ["function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes data)"],
  holder,
);

const units = BigInt(milligrams) * BASE_UNITS_PER_MILLIGRAM;
const transaction = await credit.safeTransferFrom(holder.address, to, BigInt(batchId), units, "0x");
await transaction.wait();
console.log(transaction.hash);
provider.destroy();
