import type { SettlementCash } from "../../../types/ethers-contracts/index.js";
import { admissionOf, blockTime, firmIdOf, KIND, type Account, type System } from "./system.ts";

/** More than any test issues. */
const PLENTY = 10n ** 18n;

/** A bank's wallet issues this token: appointed, with a limit and today's reserve statement. */
export async function openCash(
  system: Pick<System, "ethers" | "participants" | "admin">,
  cash: SettlementCash,
  issuer: Account,
  limit = PLENTY,
): Promise<void> {
  const { ethers, participants, admin } = system;
  await participants.appoint(admissionOf(ethers, issuer.address, KIND.bank | KIND.cashIssuer), 0);
  await cash.connect(admin).setIssuer(firmIdOf(issuer.address));
  await cash.connect(admin).raiseLimit(limit);
  await stateReserve(system, cash, issuer, limit);
}

/** States a reserve as of the latest block. */
export async function stateReserve(
  { ethers }: Pick<System, "ethers">,
  cash: SettlementCash,
  issuer: Account,
  amount: bigint,
): Promise<bigint> {
  const asOf = await blockTime(ethers);
  await cash.connect(issuer).stateReserve({ amount, asOf, documentHash: ethers.id("statement of account") });
  return asOf;
}
