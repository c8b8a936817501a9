import { admissionOf, KIND, type Account, type System } from "./system.ts";

/** `LienTerms` with every field a plain value. */
export interface Terms {
  holder: string;
  batchId: bigint;
  beneficiary: string;
  agent: string;
  rank: number;
  agreementHash: string;
}

/** Terms of a lien on the operator's credits of batch 7 for the bank, without an agent. */
export function termsOf(system: System, changes: Partial<Terms> = {}): Terms {
  return {
    holder: system.operator.address,
    batchId: 7n,
    beneficiary: system.bank.address,
    agent: system.ethers.ZeroAddress,
    rank: 1,
    agreementHash: system.ethers.id("agreement"),
    ...changes,
  };
}

/** Pledges credits of the terms' holder, by the holder; answers the terms. */
export async function pledge(system: System, amount: bigint, changes: Partial<Terms> = {}): Promise<Terms> {
  const terms = termsOf(system, changes);
  await system.credit.connect(await system.ethers.getSigner(terms.holder)).placeLien(terms, amount);
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
