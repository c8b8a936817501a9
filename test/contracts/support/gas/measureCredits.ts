import { appointed, lienAgentOf, placeBy, termsOf } from "../liens.ts";
import { replaceWallet } from "../recovery.ts";
import { baseUnits, deploySystem, issue, KIND, type Ethers } from "../system.ts";
import { gasOf, type GasFigure } from "./gasOf.ts";

const BATCH = 7n;
const AMOUNT = baseUnits(100n);

/** Transfers, freezes, forced transfers, liens and recovery of credits. */
export async function measureCredits(ethers: Ethers): Promise<GasFigure[]> {
  const system = await deploySystem(ethers);
  await issue(system);
  const { credit, operator, corporate, otherCorporate, regulator, bank, outsider } = system;
  const agent = await lienAgentOf(system);
  const liquidator = await appointed(system, "liquidator", KIND.liquidator);
  const orders = credit.connect(regulator);
  const send = () =>
    gasOf(
      credit.connect(operator).safeTransferFrom(operator.address, corporate.address, BATCH, AMOUNT, "0x"),
    );
  const freeze = (amount: bigint) => gasOf(orders.setFrozenTokens(corporate.address, BATCH, amount));
  const first = termsOf(system, { agent: agent.address });
  const second = { ...first, agreementHash: ethers.id("second") };

  const figures: GasFigure[] = [
    { operation: "transfer, new holder", gas: await send(), target: null, bestPeer: null },
    {
      operation: "transfer, existing holder",
      gas: await send(),
      target: 57_000,
      bestPeer: "uRWA (ERC-20): 43190",
    },
    { operation: "freeze part of a balance, first", gas: await freeze(AMOUNT), target: null, bestPeer: null },
    {
      operation: "freeze part of a balance, later",
      gas: await freeze(2n * AMOUNT - 5n),
      target: 48_000,
      bestPeer: "uRWA (ERC-20): 31137",
    },
  ];
  // Held already, so that the receiver's slot is not fresh.
  await credit
    .connect(operator)
    .safeTransferFrom(operator.address, otherCorporate.address, BATCH, AMOUNT, "0x");
  figures.push(
    {
      operation: "forced transfer that must unfreeze",
      gas: await gasOf(orders.forcedTransfer(corporate.address, otherCorporate.address, BATCH, AMOUNT)),
      target: 76_000,
      bestPeer: "uRWA (ERC-20): 50090",
    },
    {
      operation: "lien placed by the bank with the holder's signature, first",
      gas: await gasOf(placeBy(system, bank, first, AMOUNT)),
      target: 120_000,
      bestPeer: null,
    },
    {
      operation: "lien placed by the bank with the holder's signature, later",
      gas: await gasOf(placeBy(system, bank, second, AMOUNT)),
      target: 120_000,
      bestPeer: null,
    },
    { operation: "transfer, holder with a lien", gas: await send(), target: null, bestPeer: null },
    {
      operation: "lien released in part",
      gas: await gasOf(credit.connect(bank).releaseLien(first, 1n)),
      target: 45_000,
      bestPeer: null,
    },
    {
      operation: "lien enforced",
      gas: await gasOf(credit.connect(agent).enforceLien(first, liquidator, 1n)),
      target: null,
      bestPeer: null,
    },
    {
      operation: "lien released wholly",
      gas: await gasOf(credit.connect(bank).releaseLien(first, AMOUNT - 2n)),
      target: 45_000,
      bestPeer: null,
    },
  );
  await replaceWallet(system, operator.address, outsider.address);
  const recover = credit.connect(corporate).recover(operator.address, BATCH);
  figures.push({
    operation: "recover one id with a lien",
    gas: await gasOf(recover),
    target: null,
    bestPeer: null,
  });
  return figures;
}
