// Retires credits from a program of one's own: ethers and the typed bindings, nothing else of this project.
//
//   npm run build
//   RPC_URL=… DEPLOYMENT=deployments/<network>.json PRIVATE_KEY=0x… \
//     node docs/examples/retire-with-ethers.mjs BATCH_ID MILLIGRAMS
//
// PRIVATE_KEY is a participant's that holds credits of the batch. Prints the retirement id, the certificate's
// number and the serial range.
import { readFile } from "node:fs/promises";
import { id, JsonRpcProvider, randomBytes, hexlify, Wallet } from "ethers";
import { CarbonCredit__factory, RetirementRegistry__factory } from "microtonne/bindings";

const BASE_UNITS_PER_MILLIGRAM = 10n ** 9n;
const { RPC_URL, DEPLOYMENT, PRIVATE_KEY } = process.env;
const [batchId, milligrams] = process.argv.slice(2).map(BigInt);

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

// Names stay off chain: what goes there is a hash with a salt that you keep with the name.
const salt = hexlify(randomBytes(32));
const transaction = await retirements.retire({
  nonce: hexlify(randomBytes(32)), // binds the retirement's id to this request: sent twice, it happens once
  beneficiaryHash: id(`${salt} Example Bank Co., Ltd.`),
  documentHash: id(`${salt} sustainability report 2026, page 41`),
  purpose: 3, // corporate neutrality
  reportingYear: 2026,
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
