// Retires credits from a program of one's own: ethers and the typed bindings, nothing else of this project.
//
//   npm run build
//   RPC_URL=… DEPLOYMENT=deployments/<network>.json PRIVATE_KEY=0x… \
//     node docs/examples/retire-with-ethers.mjs BATCH_ID MILLIGRAMS REPORTING_YEAR
//
// PRIVATE_KEY is a participant's that holds credits of the batch. Prints the retirement id, the certificate's
// number and the serial range. Who it was for, with the salt that shows it, is kept in a file of its own,
// <nonce>.retirement.json.
import { readFile, writeFile } from "node:fs/promises";
import { concat, hexlify, JsonRpcProvider, keccak256, randomBytes, toUtf8Bytes, Wallet } from "ethers";
import { CarbonCredit__factory, RetirementRegistry__factory } from "microtonne/bindings";

const BASE_UNITS_PER_MILLIGRAM = 10n ** 9n;
const { RPC_URL, DEPLOYMENT, PRIVATE_KEY } = process.env;
const [batchId, milligrams, reportingYear] = process.argv.slice(2).map(BigInt);
if (reportingYear === undefined) throw new Error("Give BATCH_ID MILLIGRAMS REPORTING_YEAR.");

const { chainId, contracts } = JSON.parse(await readFile(DEPLOYMENT, "utf8"));
const provider = new JsonRpcProvider(RPC_URL, chainId, { staticNetwork: true });
const holder = new Wallet(PRIVATE_KEY, provider);
const credit = CarbonCredit__factory.connect(contracts.CarbonCredit, holder);
const retirements = RetirementRegistry__factory.connect(contracts.RetirementRegistry, holder);

const balance = await credit.balanceOf(holder.address, batchId);
const encumbered = await credit.encumberedOf(holder.address, batchId);
const needed = milligrams * BASE_UNITS_PER_MILLIGRAM;
if (balance < encumbered + needed) {
  throw new Error(
    `${needed} base units are needed; ${balance} are there, ${encumbered} of them frozen or pledged.`,
  );
}

// Names stay off chain: what goes there is a hash with a salt. Both are kept before anything is sent: without
// them nobody can show any more whom the retirement was for.
const salt = hexlify(randomBytes(32));
// Binds the retirement's id to this request: sent twice, it happens once.
const nonce = hexlify(randomBytes(32));
const beneficiary = { name: "Example Bank Co., Ltd." };
const use = "sustainability report, page 41";
const salted = (value) => keccak256(concat([salt, toUtf8Bytes(JSON.stringify(value))]));
await writeFile(`${nonce}.retirement.json`, JSON.stringify({ beneficiary, salt, use }), {
  flag: "wx",
  mode: 0o600,
});

const transaction = await retirements.retire({
  nonce,
  beneficiaryHash: salted(beneficiary),
  documentHash: salted({ use }),
  purpose: 3, // corporate neutrality
  reportingYear,
  country: "0x434e", // CN
  amounts: [{ batchId, milligrams }],
});
const receipt = await transaction.wait();

// The whole record is in the event; the chain keeps its hash.
for (const log of receipt.logs) {
  const event = retirements.interface.parseLog(log);
  if (event?.name !== "Retired") continue;
  const { retirementId, lines } = event.args.retirement;
  const [{ start, end }] = lines;
  console.log(
    JSON.stringify({
      retirementId,
      certificate: BigInt(retirementId).toString(),
      start: start.toString(),
      end: end.toString(),
    }),
  );
}
provider.destroy();
