import type { CarbonCredit, CarbonPool, SettlementCash } from "../../../types/ethers-contracts/index.js";
import { admissionOf, KIND, type Account, type System } from "./system.ts";

/** `LienTerms` with every field a plain value. */
export interface Terms {
  holder: string;
  tokenId: bigint;
  beneficiary: string;
  agent: string;
  agreementHash: string;
}

/** `LienConsent` with every field a plain value. */
export interface Consent {
  terms: Terms;
  maxAmount: bigint;
  deadline: bigint;
}

export type Holding = CarbonCredit | CarbonPool | SettlementCash;

const LIEN_TYPES = {
  LienConsent: [
    { name: "terms", type: "LienTerms" },
    { name: "maxAmount", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
  LienTerms: [
    { name: "holder", type: "address" },
    { name: "tokenId", type: "uint256" },
    { name: "beneficiary", type: "address" },
    { name: "agent", type: "address" },
    { name: "agreementHash", type: "bytes32" },
  ],
};

/** Terms of a lien on the operator's credits of batch 7 for the bank, without an agent. */
export function termsOf(system: System, changes: Partial<Terms> = {}): Terms {
  return {
    holder: system.operator.address,
    tokenId: 7n,
    beneficiary: system.bank.address,
    agent: system.ethers.ZeroAddress,
    agreementHash: system.ethers.id("agreement"),
    ...changes,
  };
}

/** The most there is, until a day that never comes. */
export const consentTo = (terms: Terms, changes: Partial<Consent> = {}): Consent => ({
  terms,
  maxAmount: 2n ** 256n - 1n,
  deadline: 2n ** 40n,
  ...changes,
});

/** EIP-712 domain of a token's holds. */
export async function holdsDomain(system: System, token: Holding = system.credit) {
  return {
    name: "Microtonne Holds",
    version: "1",
    chainId: (await system.ethers.provider.getNetwork()).chainId,
    verifyingContract: await token.getAddress(),
  };
}

/** A party's signature over a consent. */
export async function signConsent(
  system: System,
  consent: Consent,
  by: Account,
  token: Holding = system.credit,
): Promise<string> {
  return by.signTypedData(await holdsDomain(system, token), LIEN_TYPES, consent);
}

/** Places a lien by one account; bank and holder sign where they don't call. */
export async function placeBy(
  system: System,
  by: Account,
  terms: Terms,
  amount: bigint,
  token: Holding = system.credit,
) {
  const consent = consentTo(terms);
  const sign = async (party: string): Promise<string> => {
    if (party === by.address) return "0x";
    const known = (await system.ethers.getSigners()).find(({ address }) => address === party);
    return known === undefined ? "0x" : signConsent(system, consent, known, token);
  };
  const [ofHolder, ofBeneficiary] = [await sign(terms.holder), await sign(terms.beneficiary)];
  return (token as CarbonCredit).connect(by).placeLien(consent, amount, ofHolder, ofBeneficiary);
}

/**
 * Pledges credits of the terms' holder, by the holder, with the beneficiary's signature; answers the terms.
 */
export async function pledge(system: System, amount: bigint, changes: Partial<Terms> = {}): Promise<Terms> {
  const terms = termsOf(system, changes);
  await placeBy(system, await system.ethers.getSigner(terms.holder), terms, amount);
  return terms;
}

/** Account 18, appointed as agent of liens. */
export async function lienAgentOf(system: System): Promise<Account> {
  const agent = (await system.ethers.getSigners())[18] as Account;
  await system.participants.appoint(admissionOf(system.ethers, agent.address, KIND.lienAgent), 0);
  return agent;
}

/** An address that nobody acts for, appointed with these kinds. */
export async function appointed(system: System, name: string, kinds: number): Promise<string> {
  const address = system.ethers.getAddress(system.ethers.id(name).slice(0, 42));
  await system.participants.appoint(admissionOf(system.ethers, address, kinds), 0);
  return address;
}

/** Names of the events of a transaction's receipt that the credit token declares, in order. */
export async function eventsOf(
  system: System,
  transaction: Promise<{
    wait(): Promise<{ logs: readonly { topics: readonly string[]; data: string }[] } | null>;
  }>,
): Promise<string[]> {
  const receipt = await (await transaction).wait();
  return (receipt?.logs ?? []).map(({ topics, data }) => {
    const event = system.credit.interface.parseLog({ topics, data });
    return event === null ? "another contract's" : `${event.name}(${event.args.map(String).join(",")})`;
  });
}
